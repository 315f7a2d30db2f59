"""The line under total calcium: the adjusted value that the rules worked out, or why there is none.

Nothing is worked out here. An adjusted calcium is judged in its own right, and may be above range where the
total, which stands in green beside it, is within.
"""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format

from calcinosis_app.assessments.bridge import Presentation, ValueView
from calcinosis_app.desk.entry.fields import Status

TOTAL, ALBUMIN, ADJUSTED = "ca_total", "albumin", "ca_adjusted"


def adjusted_calcium(said: Presentation | None) -> Status | None:
    """What to say under the total calcium that counts; nothing without one that has a number.

    `canonical` is the sentence, `position` that of the adjusted value.
    """
    values = said.values if said else ()
    total = next((one for one in values if one.fact == TOTAL and one.canonical and one.state != "too_old"), None)
    if total is None:
        return None
    albumins = [one for one in values if one.fact == ALBUMIN]
    worked_out = next((one for one in values if one.fact == ADJUSTED and one.state == "computed"), None)
    used = next((one for one in albumins if one.canonical and one.taken == total.taken), None)
    if worked_out and used:
        with_day = f"adjusted for albumin {used.canonical} {used.unit}{_day(used.taken)}: {worked_out.canonical} {worked_out.unit}"
        return Status(canonical=with_day, position=worked_out.position)
    return Status(canonical=f"not adjusted: {_why_not(albumins)}")


def _why_not(albumins: Sequence[ValueView]) -> str:
    if not albumins:
        return "albumin is not entered"
    if not any(one.canonical for one in albumins):
        return "albumin has no number"
    return f"albumin is from another day{_day(albumins[0].taken)}"


def _day(day: date | None) -> str:
    return f" ({date_format(day, 'j M')})" if day else ""
