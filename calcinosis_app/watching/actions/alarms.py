"""Raising an alarm once, and closing it: by what mended itself, or by a person with a reason."""

import logging
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import RULES_EDIT, SYSTEM_READ
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.audit.actors import Actor, System
from calcinosis_app.core.errors import Conflict
from calcinosis_app.rulebooks.models import Release
from calcinosis_app.watching.models import Alarm
from calcinosis_app.watching.models.alarm import NOTE_LENGTH, Kind

WATCH: Final = System("watching the rules")
MOST_DIFFERENCES: Final = 200
# Who may take what was found as right.
CLOSES: Final = {Kind.ANSWER: RULES_EDIT, Kind.SILENT: RULES_EDIT, Kind.TOUCHED: SYSTEM_READ}
logger = logging.getLogger(__name__)


def raise_alarm(
    *, kind: Kind, subject: str, says: str, release: Release | None = None, differences: list[str] | None = None, digest: str = ""
) -> bool:
    """Raises what is not raised yet, and brings what is up to date. Returns whether it is new. In the caller's transaction.

    The database holds one open alarm of a kind and subject, so that two at once raise one.
    """
    shown = (differences or [])[:MOST_DIFFERENCES]
    standing = Alarm.objects.select_for_update().filter(kind=kind, subject=subject, closed_at__isnull=True).first()
    if standing is not None:
        if (standing.digest, standing.says, standing.differences) != (digest, says, shown):
            standing.digest, standing.says, standing.differences, standing.release = digest, says, shown, release
            standing.save(update_fields=["digest", "says", "differences", "release"])
        return False
    alarm = Alarm.objects.create(kind=kind, subject=subject, says=says, release=release, differences=shown, digest=digest)
    record(by=WATCH, action="alarm.raised", subject=alarm, kind=str(kind), of=subject, release=release.number if release else None)
    transaction.on_commit(lambda: logger.error("Alarm %s: %s. %s", alarm.pk, Kind(kind).label, says))
    return True


def mend(alarm: Alarm, note: str) -> None:
    """Closes an alarm whose matter has mended itself, unless somebody has closed it meanwhile. In the caller's transaction."""
    held = Alarm.objects.select_for_update().filter(pk=alarm.pk, closed_at__isnull=True).first()
    if held is not None:
        _close(held, WATCH, note, accepted=False)


@transaction.atomic
def take_as_right(*, by: User, alarm: Alarm, note: str) -> Alarm:
    """Closes an alarm because a person takes what was found as right, and says why; the same is no alarm again.

    Raises ValidationError without a reason, Conflict when it has ended meanwhile.
    """
    require(by, CLOSES[Kind(alarm.kind)])
    note = note.strip()
    if not note:
        raise ValidationError({"note": "The reason is missing. Say in a few words why this is right."})
    if len(note) > NOTE_LENGTH:
        raise ValidationError({"note": f"The reason has {len(note)} letters and may have {NOTE_LENGTH}: shorten it."})
    held = Alarm.objects.select_for_update().get(pk=alarm.pk)
    if not held.is_open:
        raise Conflict(f"This alarm has ended meanwhile: {held.note}")
    _close(held, by, note, accepted=True)
    return held


def _close(alarm: Alarm, by: Actor, note: str, *, accepted: bool) -> None:
    alarm.closed_at, alarm.closed_by, alarm.note, alarm.accepted = timezone.now(), by.audit_name, note, accepted
    alarm.save(update_fields=["closed_at", "closed_by", "note", "accepted"])
    record(by=by, action="alarm.closed", subject=alarm, kind=alarm.kind, of=alarm.subject, accepted=accepted)
    logger.info("Alarm %s has ended: %s", alarm.pk, note if not accepted else "taken as right")
