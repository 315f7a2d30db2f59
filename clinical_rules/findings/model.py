"""What was found of a patient: results and answers as they were entered, checked and converted exactly."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from clinical_rules.facts import Fact
from clinical_rules.quantities import Interval, Unit, exact, shown

FLAGS = ("low", "normal", "high")
COMPARATORS = ("<", "<=", ">", ">=")
RESULT_KEYS = {"value", "unit", "date", "comparator", "low", "high", "flag", "confirmed", "state", "source"}
ABSENT_STATES = ("not_done", "unknown")


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """One result or answer. ``interval`` is in the canonical unit; ``answer`` holds booleans and codes."""

    key: str
    raw: Any
    answer: bool | str | None = None
    interval: Interval | None = None
    typed: str = ""
    unit: Unit | None = None
    comparator: str = ""
    low: Fraction | None = None
    high: Fraction | None = None
    flag: str = ""
    taken: datetime | None = None
    dated: bool = False
    confirmed: bool = False
    state: Literal["known", "not_done", "unknown"] = "known"

    @property
    def has_range(self) -> bool:
        """Whether the laboratory's own range came with the result."""
        return self.low is not None or self.high is not None

    def canonical(self, fact: Fact) -> str:
        """The value in the canonical unit, for people; empty without a number.

        A limit is shown as the limit that was reported, with its sign: the interval of ``<5`` ends one step below 5.
        It gets one decimal more than the fact has where it would else be another number: ``<12.5`` for 12.48.
        """
        if self.interval is None:
            return ""
        if not self.comparator:
            return "" if self.interval.low is None else shown(self.interval.low, fact.precision)
        limit = (exact(self.typed) or Fraction(0)) * (self.unit.factor if self.unit else 1)
        is_whole = (limit * 10**fact.precision).denominator == 1
        return f"{self.comparator}{shown(limit, fact.precision if is_whole else fact.precision + 1)}"


class Doubt(NamedTuple):
    """Something that counts but should be looked at."""

    fact: str
    value: str
    say: str
    lesion: str | None = None


class Age(NamedTuple):
    """Age as a range of days and of completed years; both ends ``None`` when unknown."""

    days: tuple[int, int] | None
    years: tuple[int, int] | None


UNKNOWN_AGE = Age(None, None)


class LesionFindings(NamedTuple):
    """What was found of one lesion."""

    id: str
    findings: Mapping[str, tuple[Result, ...]]


@dataclass(frozen=True, slots=True)
class Case:
    """A case, read and checked."""

    id: str
    on: date
    age: Age
    sex: str | None
    findings: Mapping[str, tuple[Result, ...]]
    lesions: tuple[LesionFindings, ...]
    warnings: tuple[Doubt, ...] = ()
    expected: Mapping[str, Any] = field(default_factory=dict)
