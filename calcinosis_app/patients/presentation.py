"""Findings in words, for pages and paper."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import date_format

from calcinosis_app.patients.bridge import WITHOUT_DIMENSION, Preview, fact_of, judged
from calcinosis_app.patients.models import Finding, Patient
from calcinosis_app.rulebooks.bridge import plain_unit

STATES = {"not_done": "not done", "unknown": "asked, not known"}
POSITIONS = {"below": "below range", "within": "in range", "above": "above range"}
POSITION_MARKS = {"below": "↓", "within": "✓", "above": "↑"}


@dataclass(frozen=True)
class FindingLine:
    """One finding as a line of the record. What the rules make of it is empty for all but measurements."""

    finding: Finding
    label: str
    of: str
    value: str
    canonical: str
    position: str
    own_range: str
    reference: str
    doubt: str
    warnings: tuple[str, ...]
    taken_on: date | None
    recorded_at: datetime
    recorded_by: str

    @property
    def was(self) -> tuple[str, ...]:
        """What it said before it was corrected, the first first."""
        said: list[str] = []
        before = self.finding.before
        while before is not None:
            said.insert(0, value_in_words(before))
            before = before.before
        return tuple(said)

    @property
    def position_label(self) -> str:
        """The position in words, so that colour and arrow are not alone."""
        return position_in_words(self.position)

    @property
    def position_mark(self) -> str:
        """An arrow for a value out of range."""
        return position_mark(self.position)

    @property
    def judged_by(self) -> str:
        """The range that judged it: the laboratory's own as it came with the result, else the one for this age and sex."""
        return f"{self.own_range} (laboratory's own)" if self.own_range else self.reference

    @property
    def query(self) -> str:
        """Within case entry, the line that corrects or confirms it."""
        place = f"lesion={self.finding.lesion_id}&" if self.finding.lesion_id else ""
        return f"?{place}show={self.finding.key}&corrects={self.finding.pk}"


def line(finding: Finding, patient: Patient, on: date | None = None) -> FindingLine:
    """The finding in words, as the rules judge it on a day: the day on which it was found, unless another is given.

    A fact that the current release no longer knows is shown by its key.
    """
    fact = fact_of(finding.key)
    found = judged(finding, patient, on or finding.taken_on or finding.recorded_at.date()) or Preview(finding.key)
    return FindingLine(
        finding=finding,
        label=fact.label if fact else finding.key,
        of=finding.lesion.label if finding.lesion else "patient",
        value=value_in_words(finding),
        canonical=_in_other_unit(finding, found),
        position=found.position,
        own_range=own_range_in_words(finding),
        reference=found.reference_range,
        doubt=found.doubt,
        warnings=found.warnings,
        taken_on=finding.taken_on,
        recorded_at=finding.recorded_at,
        recorded_by=str(finding.recorded_by),
    )


def position_in_words(position: str) -> str:
    """The position as people say it: "above range", "in range or above range"."""
    return " or ".join(POSITIONS.get(one, one) for one in position.split(" or ")) if position else ""


def position_mark(position: str) -> str:
    """An arrow for a value out of range, a question mark where it may be in several places."""
    return POSITION_MARKS.get(position, "?") if position else ""


def value_in_words(finding: Finding) -> str:
    """What was found: "<0.5 mmol/L, low", "yes", "finger", "not done", "normal, no number"."""
    if finding.state:
        return STATES[finding.state]
    if finding.answer is not None:
        return "yes" if finding.answer else "no"
    if finding.day is not None:
        return date_format(finding.day, "j M Y")
    if finding.code:
        return _code(finding)
    if finding.number is None:
        return f"{finding.flag}, no number"
    said = f"{finding.comparator}{plain(finding.number)}{_unit(finding)}"
    return f"{said}, {finding.flag}" if finding.flag else said


def own_range_in_words(finding: Finding) -> str:
    """The laboratory's own range, as it came with the result; empty when none came."""
    low, high = finding.low, finding.high
    if low is not None and high is not None:
        return f"{plain(low)} to {plain(high)}{_unit(finding)}"
    if low is not None:
        return f"from {plain(low)}{_unit(finding)}"
    if high is not None:
        return f"up to {plain(high)}{_unit(finding)}"
    return ""


def plain(number: Decimal) -> str:
    """The number without the zeros that the database pads it with."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _unit(finding: Finding) -> str:
    return "" if finding.unit in ("", WITHOUT_DIMENSION) else f" {plain_unit(finding.unit)}"


def _in_other_unit(finding: Finding, found: Preview) -> str:
    """The canonical value; empty where it was reported in that unit already."""
    same = plain_unit(finding.unit) == found.unit
    return "" if same or not found.canonical else f"{found.canonical} {found.unit}".strip()


def _code(finding: Finding) -> str:
    fact = fact_of(finding.key)
    labels = {code.code: code.label for code in fact.codes} if fact else {}
    return labels.get(finding.code, finding.code)
