"""Reads what a person typed into one field of case entry.

It knows shapes, not medicine: "not a number", "unit missing". Whether a value is possible, and what
it means, the rules decide.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, Final

TEXTS: Final = frozenset(
    {
        "value",
        "unit",
        "date",
        "comparator",
        "low",
        "high",
        "flag",
        "answer",
        "code",
        "state",
        "corrects",
    }
)
MARKS: Final = frozenset({"confirmed"})
# What somebody looks at who confirms a value.
CHECKED: Final = ("value", "unit", "comparator", "flag", "low", "high")
LONGEST: Final = 200

NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
WITH_COMPARATOR: Final = re.compile(r"(<=|>=|<|>|≤|≥)\s*(.+)")
COMPARATORS: Final = {"<": "<", "<=": "<=", "≤": "<=", ">": ">", ">=": ">=", "≥": ">="}
# Two spellings that mean one day each; 03/04 means two.
DAYS: Final = (
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"),
    re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})"),
)
# As many digits as a JSON number carries through every program unharmed.
MOST_DIGITS: Final = 15
MOST_DECIMALS: Final = 9


class Misread(Exception):
    """What was typed cannot be read: `value` as typed, `say` with the remedy."""

    def __init__(self, value: str, say: str) -> None:
        super().__init__(say)
        self.value = value
        self.say = say


def check_shape(raw: Mapping[str, Any]) -> None:
    """Raises ValueError unless `raw` consists of known names with short texts and true marks."""
    for name, value in raw.items():
        if name in TEXTS and isinstance(value, str) and len(value) <= LONGEST:
            continue
        if name in MARKS and isinstance(value, bool):
            continue
        raise ValueError(f"An entry cannot hold {name!r} in this form.")


def says_nothing(raw: Mapping[str, Any]) -> bool:
    """Whether the field was left empty. A unit or a day that waits for a value, or a mark, says nothing yet."""
    return not any(text(raw, name) for name in TEXTS - {"unit", "date", "corrects"})


def text(raw: Mapping[str, Any], name: str) -> str:
    """One text of the entry without blanks around it; empty when it was not typed."""
    return str(raw.get(name, "")).strip()


def number(typed: str) -> Decimal:
    """A number as a laboratory prints it. Raises Misread for anything that could be read in two ways."""
    if "," in typed:
        point = typed.replace(",", ".")
        remedy = f"write {point}" if NUMBER.fullmatch(point) else "write it with a point, as in 9.8"
        raise Misread(typed, f"has a comma, which can mean two things: {remedy}")
    if not NUMBER.fullmatch(typed):
        raise Misread(typed, "is not a number: write digits with a point, as in 9.8")
    value = Decimal(typed)
    _, digits, exponent = value.as_tuple()
    if len(digits) > MOST_DIGITS or int(exponent) < -MOST_DECIMALS:
        raise Misread(typed, "has more digits than any laboratory measures: round it")
    return value


def compared_number(raw: Mapping[str, Any]) -> tuple[Decimal, str]:
    """The value with its comparator, which may stand in its own field or before the number."""
    typed, comparator = text(raw, "value"), text(raw, "comparator")
    if within := WITH_COMPARATOR.fullmatch(typed):
        if comparator:
            raise Misread(typed, f"holds a comparator, and {comparator} was chosen beside it: keep one")
        comparator, typed = within.group(1), within.group(2)
    if comparator and comparator not in COMPARATORS:
        raise Misread(comparator, "is no comparator: choose <, <=, > or >=")
    return number(typed), COMPARATORS.get(comparator, "")


def day(typed: str) -> date:
    """A day, as in 2026-03-01 or 1.3.2026: the one reading for every field of a day. Raises Misread for anything else."""
    for spelling in DAYS:
        if found := spelling.fullmatch(typed.strip()):
            with suppress(ValueError):
                return date(int(found["year"]), int(found["month"]), int(found["day"]))
    raise Misread(typed, "is not a day: write year, month and day, as in 2026-03-01")
