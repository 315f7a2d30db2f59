"""Dates and moments as the contract writes them."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from clinical_rules.errors import CaseError

YEARS = range(1850, 2201)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
HOW = f"write a date as in 2026-03-01, from {YEARS[0]} to {YEARS[-1]}"


def at_midnight(day: date) -> datetime:
    """The start of a day. A date without a time of day is kept as its midnight, without a zone of its own."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def within_a_day(one: datetime, other: datetime) -> bool:
    """Whether two moments lie within 24 hours. Where one has no time of day: whether they are of one date."""
    if one.date() == other.date():
        return True
    timed = all((moment.hour, moment.minute, moment.second) != (0, 0, 0) for moment in (one, other))
    return timed and abs(one - other) <= timedelta(hours=24)


def read_moment(value: Any, key: str) -> tuple[datetime | None, bool]:
    """A finding's date or moment, and whether one was given. Raises ``CaseError``."""
    if value is None or value == "":
        return None, False
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise CaseError(key, value, HOW) from None
        if moment.year in YEARS:
            return (moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)), True
    raise CaseError(key, value, HOW)


def read_day(value: Any, key: str) -> date | None:
    """A day, or ``None`` where none is given. Raises ``CaseError``."""
    if value is None:
        return None
    if isinstance(value, str) and DAY.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise CaseError(key, value, HOW) from None
        if day.year in YEARS:
            return day
    raise CaseError(key, value, HOW)
