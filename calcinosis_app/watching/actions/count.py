"""Counting rows. What was counted wrongly, or not at all, is found by itself and counted again."""

import logging
import time
from datetime import date
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from calcinosis_app.core.turns import nobody_else
from calcinosis_app.rulebooks.bridge import rules_of
from calcinosis_app.rulebooks.models import Release
from calcinosis_app.watching.counting import BASIS, DECIDED, FIRED, STALE
from calcinosis_app.watching.models import Share
from calcinosis_app.watching.rows import against_rows

# Well below the longest a task may take; what is left over is counted when the bell rings again.
LONGEST_SECONDS: Final = 100
logger = logging.getLogger(__name__)


def count_rows() -> int:
    """Counts every share anew that is not what it would be if it were counted now. Returns how many.

    Each share is one transaction, and is counted by one process at a time: twice, late or in parallel does no harm.
    """
    began = time.monotonic()
    done = 0
    for release, clinic, month in stale():
        if time.monotonic() - began > LONGEST_SECONDS:
            logger.info("Counting rows goes on at the next ring: %s shares were counted.", done)
            break
        done += count_share(release, clinic, month)
    return done


def stale() -> list[tuple[int, Any, date]]:
    """The shares (release, clinic, month) that are missing or no longer right, newest month first."""
    with connection.cursor() as cursor:
        cursor.execute(STALE)
        return list(cursor.fetchall())


@transaction.atomic
def count_share(release: int, clinic: Any, month: date) -> bool:
    """Replaces one share by what is counted now. False when another process is at it."""
    if not nobody_else(f"watching.count {release} {clinic} {month}"):
        return False
    place = {"release": release, "clinic": clinic, "month": month}
    Share.objects.filter(release=release, clinic=clinic, month=month).delete()
    with connection.cursor() as cursor:
        cursor.execute(BASIS, place)
        found = cursor.fetchone()
        if found is None:
            return True
        assessed, signed, basis = found
        share = Share.objects.create(
            release_id=release, clinic_id=clinic, month=month, assessed=assessed, signed=signed, basis=basis, counted_at=timezone.now()
        )
        against = sorted(against_rows(rules_of(Release.objects.defer("content").get(pk=release))))
        cursor.execute(FIRED, {**place, "share": share.pk, "against": against})
        cursor.execute(DECIDED, {**place, "share": share.pk, "against": against})
    return True
