"""Findings in words, for pages and paper."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import date_format

from calcinosis_app.patients.bridge import WITHOUT_DIMENSION, fact_of
from calcinosis_app.patients.models import Finding

STATES = {"not_done": "not done", "unknown": "asked, not known"}


@dataclass(frozen=True)
class FindingLine:
    """One finding as a line of the record."""

    label: str
    of: str
    value: str
    own_range: str
    taken_on: date | None
    recorded_at: datetime
    recorded_by: str


def line(finding: Finding) -> FindingLine:
    """The finding in words. A fact that the current release no longer knows is shown by its key."""
    fact = fact_of(finding.key)
    return FindingLine(
        label=fact.label if fact else finding.key,
        of=finding.lesion.label if finding.lesion else "patient",
        value=value_in_words(finding),
        own_range=own_range_in_words(finding),
        taken_on=finding.taken_on,
        recorded_at=finding.recorded_at,
        recorded_by=str(finding.recorded_by),
    )


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
    return "" if finding.unit in ("", WITHOUT_DIMENSION) else f" {finding.unit}"


def _code(finding: Finding) -> str:
    fact = fact_of(finding.key)
    labels = {code.code: code.label for code in fact.codes} if fact else {}
    return labels.get(finding.code, finding.code)
