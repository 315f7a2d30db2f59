"""The nightly check: every hash is worked out again, and what is not as it was written is named."""

import logging
import time
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from datetime import time as clock
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

from calcinosis_app.accounts.selectors import clinics
from calcinosis_app.audit.chain import look
from calcinosis_app.core.turns import nobody_else
from calcinosis_app.watching.actions.alarms import mend, raise_alarm
from calcinosis_app.watching.models import Check
from calcinosis_app.watching.models.alarm import Kind
from calcinosis_app.watching.selectors import accepted_digests, last_check, noted_ends, open_alarms

NIGHT: Final = clock(2)
MOST: Final = 100
LOG, ASSESSMENTS = "the audit log", "stored assessments"
logger = logging.getLogger(__name__)

# A release is what was published when its text has its hash, and the log tells of that hash under that number.
RELEASES: Final = """
    SELECT r.number, r.published_at, encode(sha256(convert_to(r.content, 'UTF8')), 'hex') <> r.hash AS differs,
        EXISTS (SELECT 1 FROM audit_event AS e WHERE e.action = 'release.published' AND (e.detail ->> 'release')::int = r.number
                AND e.detail ->> 'hash' = r.hash) AS told
    FROM rulebooks_release AS r ORDER BY r.number
"""
PUBLISHED_AND_GONE: Final = """
    SELECT DISTINCT (e.detail ->> 'release')::int, e.at FROM audit_event AS e
    WHERE e.action = 'release.published' AND NOT EXISTS
        (SELECT 1 FROM rulebooks_release AS r WHERE r.number = (e.detail ->> 'release')::int)
    ORDER BY 1
"""
RESULTS: Final = """
    SELECT id, made_at FROM assessments_assessment WHERE encode(sha256(convert_to(result, 'UTF8')), 'hex') <> sha256
    ORDER BY made_at LIMIT %s
"""


@transaction.atomic
def check_hashes(*, now: bool = False) -> Check | None:
    """Works all hashes out again, when it is time or `now`; nothing when it is not, or another process is at it.

    It is time once a night, from two o'clock on in the time zone that most clinics have. Reading is all it does; nobody waits for it.
    """
    if not nobody_else("watching.check"):
        return None
    if not now and not _is_due(timezone.now()):
        return None
    began = time.perf_counter()
    releases, of_releases = _releases()
    chain = look(noted_ends())
    assessments, of_assessments = _assessments()
    of_log = [f"{one.says}{_on(one.at)}" for one in chain.touched]
    check = Check.objects.create(
        releases=releases,
        events=chain.events,
        assessments=assessments,
        position=chain.position,
        hash=chain.hash,
        touched=[*(one for says in of_releases.values() for one in says), *of_log, *of_assessments],
        milliseconds=round((time.perf_counter() - began) * 1000),
    )
    _raise({**of_releases, LOG: of_log, ASSESSMENTS: of_assessments}, check)
    logger.info("Hashes worked out again: the log ends at position %s with %s", chain.position, chain.hash or "nothing")
    return check


def _is_due(now: datetime) -> bool:
    last = last_check()
    return last is None or last.at < night_before(now, _zone())


def night_before(now: datetime, zone: ZoneInfo) -> datetime:
    """When it was two o'clock at night last, in that time zone."""
    local = now.astimezone(zone)
    tonight = datetime.combine(local.date(), NIGHT, tzinfo=zone)
    return tonight if tonight <= local else datetime.combine(local.date() - timedelta(days=1), NIGHT, tzinfo=zone)


def _zone() -> ZoneInfo:
    found = Counter(clinic.time_zone for clinic in clinics()).most_common()
    return ZoneInfo(min((name for name, count in found if count == found[0][1]), default="UTC"))


def _releases() -> tuple[int, dict[str, list[str]]]:
    """How many there are, and by release what was touched."""
    touched: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(RELEASES)
        found = cursor.fetchall()
        for number, at, differs, told in found:
            says = [f"The text of release {number} is not what was published{_on(at)}"] if differs else []
            if not told:
                says.append(f"The log does not tell of release {number} with this hash{_on(at)}")
            if says:
                touched[f"release {number}"] = says
        cursor.execute(PUBLISHED_AND_GONE)
        for number, at in cursor.fetchall():
            touched[f"release {number}"] = [f"Release {number} is gone, published{_on(at)}"]
    return len(found), touched


def _assessments() -> tuple[int, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(RESULTS, [MOST])
        touched = [f"The result of assessment {pk} is not what was stored{_on(at)}" for pk, at in cursor.fetchall()]
        cursor.execute("SELECT count(*) FROM assessments_assessment")
        return int(cursor.fetchone()[0]), touched


def _on(at: datetime | None) -> str:
    return f", {at.astimezone(ZoneInfo('UTC')):%Y-%m-%d %H:%M} UTC" if at else ""


def _raise(found: dict[str, list[str]], check: Check) -> None:
    """One alarm for each thing; what a person has taken as right is none again until more was touched."""
    accepted = accepted_digests(Kind.TOUCHED, None)
    standing = {one.subject: one for one in open_alarms(Kind.TOUCHED)}
    for subject, alarm in standing.items():
        if not found.get(subject):
            mend(alarm, f"The check of {check.at:%Y-%m-%d} finds everything as it was written.")
    for subject, says in found.items():
        digest = _digest(says)
        if says and accepted.get(subject) != digest:
            what = f"{says[0]}{f', and {len(says) - 1} more' if len(says) > 1 else ''}"
            raise_alarm(kind=Kind.TOUCHED, subject=subject, says=what, differences=says, digest=digest)


def _digest(says: Iterable[str]) -> str:
    return sha256("\n".join(says).encode()).hexdigest()
