"""Whether the log is what was written: each event is hashed again and held against its link.

The chain shows changes by whoever reaches the database past the application, event by event. Somebody who can do that can also
compute a whole new chain: it is shown by the end that an earlier look has written down, here and in the server's log.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from calcinosis_app.audit.models import Event, Link

# What was found of an event. `link` is of the chain itself, from a position on.
CHANGED, GONE, UNLINKED, CUT, REWRITTEN, OVERTOLD = "changed", "gone", "unlinked", "cut", "rewritten", "overtold"
MOST = 100

TOUCHED = """
    WITH chain AS (
        SELECT event_id, at, position, hash, removed, lag(hash, 1, '') OVER w AS before, lag(position, 1, 0::bigint) OVER w AS number
        FROM audit_link WHERE position IS NOT NULL WINDOW w AS (ORDER BY position)
    ), read AS (
        SELECT c.event_id, coalesce(e.at, c.at) AS at, c.position, c.number,
            e.id IS NULL AND c.removed IS NULL AS is_gone,
            e.id IS NOT NULL AND (audit_hash(c.before, e) <> c.hash OR c.removed IS NOT NULL) AS is_changed,
            c.position <> c.number + 1 AS is_cut
        FROM chain AS c LEFT JOIN audit_event AS e ON e.id = c.event_id
    )
    SELECT event_id, at, number, is_gone, is_changed, is_cut FROM read
    WHERE is_gone OR is_changed OR is_cut ORDER BY position LIMIT %s
"""
UNCHAINED = """
    SELECT e.id, e.at FROM audit_event AS e LEFT JOIN audit_link AS l ON l.event_id = e.id
    WHERE l.position IS NULL ORDER BY e.id LIMIT %s
"""
# A removal tells how many events went with the record: no more may stand as removed by it.
REMOVALS = """
    SELECT l.removed, min(l.at), count(*) FROM audit_link AS l
    LEFT JOIN audit_event AS e ON e.id = l.removed AND e.action = 'record.removed'
    WHERE l.removed IS NOT NULL GROUP BY l.removed, e.detail
    HAVING count(*) <> coalesce((e.detail -> 'rows' ->> 'audit.event')::bigint, 0) ORDER BY l.removed LIMIT %s
"""


@dataclass(frozen=True)
class Touched:
    """One thing that is not as it was written. `number` is the event's, or for a cut chain the position before the cut."""

    kind: str
    number: int
    at: datetime | None

    @property
    def says(self) -> str:
        """In words, without the day."""
        return {
            CHANGED: f"Event {self.number} does not say what was written, or its link was changed",
            GONE: f"Event {self.number} is gone",
            UNLINKED: f"Event {self.number} was put into the log from outside, or its link is gone",
            CUT: f"Links of the log are gone, after position {self.number}",
            REWRITTEN: f"The chain was written anew: position {self.number} ends otherwise than an earlier check has noted",
            OVERTOLD: f"Other events stand as removed by event {self.number} than it tells of",
        }[self.kind]


@dataclass(frozen=True)
class Chain:
    """What a look at the whole log has found. `position` and `hash` are the chain's end."""

    events: int
    position: int
    hash: str
    touched: tuple[Touched, ...]


def look(noted: Iterable[tuple[int, str]] = ()) -> Chain:
    """Hashes every event again. `noted` are ends of the chain (position, hash) that were written down before.

    At most MOST things of each kind are named. One query over the whole log; nothing waits for it.
    """
    found: list[Touched] = []
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, [MOST])
        for event, at, before, is_gone, is_changed, is_cut in cursor.fetchall():
            if is_cut:
                found.append(Touched(CUT, before, at))
            if is_gone:
                found.append(Touched(GONE, event, at))
            # After a cut the hash before is not known: the event itself may be as it was.
            if is_changed and not is_cut:
                found.append(Touched(CHANGED, event, at))
        cursor.execute(UNCHAINED, [MOST])
        found += [Touched(UNLINKED, event, at) for event, at in cursor.fetchall()]
        cursor.execute(REMOVALS, [MOST])
        found += [Touched(OVERTOLD, event, at) for event, at, _ in cursor.fetchall()]
    found += _rewritten(dict(noted))
    last = Link.objects.filter(position__isnull=False).order_by("-position").first()
    return Chain(Event.objects.count(), (last and last.position) or 0, last.hash if last else "", tuple(found))


def _rewritten(noted: dict[int, str]) -> list[Touched]:
    standing = dict(Link.objects.filter(position__in=noted).values_list("position", "hash"))
    return [Touched(REWRITTEN, position, None) for position, known in sorted(noted.items()) if position and standing.get(position) != known]


def say_removed(events: list[int], told: Event) -> None:
    """Marks the links of events that were removed together with a record, by the event that tells of it. Needs the owner's rights."""
    Link.objects.filter(event_id__in=events).update(removed=told.pk)
