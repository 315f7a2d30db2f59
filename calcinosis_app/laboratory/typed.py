"""Reads the texts of a line in the form that was declared for its file. It knows shapes, not medicine."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from calcinosis_app.laboratory.fates import Reason
from calcinosis_app.laboratory.files.written import Dates, DecimalMark, Written
from calcinosis_app.laboratory.refusal import Refusal

ISO: Final = r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})"
DAYS: Final = {
    Dates.ISO: ISO,
    Dates.DOTS: r"(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<y>[0-9]{4})",
    Dates.DAY_FIRST: r"(?P<d>[0-9]{1,2})/(?P<m>[0-9]{1,2})/(?P<y>[0-9]{4})",
    Dates.MONTH_FIRST: r"(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})/(?P<y>[0-9]{4})",
    Dates.COMPACT: r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
}
CLOCK: Final = (
    r"(?:[T ]?(?P<hour>[0-9]{2}):?(?P<minute>[0-9]{2})(?::?(?P<second>[0-9]{2})(?:\.[0-9]{1,6})?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
MOMENTS: Final = {form: re.compile(pattern + CLOCK) for form, pattern in DAYS.items()}
FLAGS: Final = {
    "": "",
    "n": "normal",
    "normal": "normal",
    "h": "high",
    "hh": "high",
    "high": "high",
    "l": "low",
    "ll": "low",
    "low": "low",
}


@dataclass(frozen=True)
class Moment:
    """A day on the clinic's calendar; `text` has the time of day as well, where one was given."""

    day: date
    text: str


def moment(text: str, column: str, written: Written, zone: ZoneInfo) -> Moment:
    """When something was. A time with a zone of its own is moved to the clinic's. Raises Refusal."""
    for form in dict.fromkeys((Dates(written.dates), Dates.ISO)):
        if found := MOMENTS[form].fullmatch(text):
            with suppress(ValueError):
                return _moment(found, zone)
    raise _no_day(column, written)


def day_written(text: str, column: str, written: Written) -> date:
    """The day that stands there, as a birth date is meant: no zone moves it. Raises Refusal."""
    for form in dict.fromkeys((Dates(written.dates), Dates.ISO)):
        if found := MOMENTS[form].fullmatch(text):
            with suppress(ValueError):
                return _day(found)
    raise _no_day(column, written)


def decimal(text: str, column: str, written: Written) -> str:
    """The number with a point before its decimals. Raises Refusal where the other mark stands in it."""
    comma = written.decimal == DecimalMark.COMMA
    if ("." if comma else ",") in text:
        mark, chosen = ("point", "comma") if comma else ("comma", "point")
        raise Refusal(Reason.UNREADABLE, f"The {column} {text} has a {mark}, and a {chosen} was chosen before decimals for this file.")
    return text.replace(",", ".") if comma else text


def flag(text: str) -> str:
    """Normal, high or low; empty where none stands. Raises Refusal for any other."""
    if text.casefold() not in FLAGS:
        raise Refusal(Reason.UNREADABLE, f"The flag {text} is not one of N, H, HH, L, LL, normal, high and low.")
    return FLAGS[text.casefold()]


def _no_day(column: str, written: Written) -> Refusal:
    return Refusal(
        Reason.UNREADABLE, f"The {column} is not a day in the form that was chosen for this file ({Dates(written.dates).label})."
    )


def _day(found: re.Match[str]) -> date:
    return date(int(found["y"]), int(found["m"]), int(found["d"]))


def _moment(found: re.Match[str], zone: ZoneInfo) -> Moment:
    """Midnight is a day without a time: a spreadsheet cannot say which of the two is meant."""
    part, day = found.groupdict(), _day(found)
    if part["hour"] is None:
        return Moment(day, day.isoformat())
    clock = f"{part['hour']}:{part['minute']}:{part['second'] or '00'}"
    when = datetime.fromisoformat(f"{day.isoformat()}T{clock}{part['zone'] or ''}")
    if when.tzinfo is not None:
        try:
            when = when.astimezone(zone).replace(tzinfo=None)
        except OverflowError as error:
            raise ValueError from error
    return Moment(when.date(), when.date().isoformat() if when.time() == time() else when.isoformat())
