"""What becomes of a line, and why."""

from typing import Final

from django.db import models


class Fate(models.TextChoices):
    """What became of a line. In a dry run *imported* means: would be."""

    WAITING = "waiting", "waiting"
    IMPORTED = "imported", "imported"
    IGNORED = "ignored", "ignored"
    REFUSED = "refused", "refused"


class Reason(models.TextChoices):
    """Why a line was ignored or refused. `say` of the line has the details."""

    EMPTY = "empty", "empty line"
    AGAIN = "again", "imported before"
    NOT_NEEDED = "not_needed", "code not needed here"
    SET_ASIDE = "set_aside", "set aside by a person"
    UNREADABLE = "unreadable", "cannot be read"
    NO_PATIENT = "no_patient", "no such patient"
    IDENTITY = "identity", "identifiers do not agree"
    UNKNOWN_CODE = "unknown_code", "code not known"
    NEVER_COUNTED = "never_counted", "code that must not be counted"
    UNKNOWN_UNIT = "unknown_unit", "unit not known"
    UNIT_MISSING = "unit_missing", "unit missing"
    CODE_AND_UNIT = "code_and_unit", "code and unit disagree"
    DAY = "day", "impossible day"
    IMPOSSIBLE = "impossible", "impossible value"
    CHANGED = "changed", "sample came before with another content"


OF_IGNORED: Final = (Reason.EMPTY, Reason.AGAIN, Reason.NOT_NEEDED, Reason.SET_ASIDE)
OF_REFUSED: Final = tuple(reason for reason in Reason if reason not in OF_IGNORED)
# Refused, and a person of the clinic can look into it: the line waits in the queue.
TO_LOOK_AT: Final = (Reason.IMPOSSIBLE, Reason.CODE_AND_UNIT, Reason.UNIT_MISSING, Reason.CHANGED)
