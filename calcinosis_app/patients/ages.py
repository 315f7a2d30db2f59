"""Age, in the words a clinic uses."""

from datetime import date

NEWBORN_DAYS = 28
INFANT_MONTHS = 24
CHILD_YEARS = 18


def age_in_words(birth_date: date, on: date) -> str:
    """The age on a day: "48 y"; below 18 with months, below 2 in months, in the first weeks in days.

    A birth date after `on` gives "not yet born": it is wrong, and should be seen to be.
    """
    days = (on - birth_date).days
    if days < 0:
        return "not yet born"
    months = _whole_months(birth_date, on)
    if days < NEWBORN_DAYS or months == 0:
        return f"{days} d"
    if months < INFANT_MONTHS:
        return f"{months} mo"
    years, rest = divmod(months, 12)
    if years < CHILD_YEARS and rest:
        return f"{years} y {rest} mo"
    return f"{years} y"


def _whole_months(start: date, end: date) -> int:
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if end.day >= start.day else months - 1
