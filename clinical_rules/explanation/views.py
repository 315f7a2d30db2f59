"""What a page shows of an assessment, all texts ready for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from clinical_rules.truth import Truth

URGENT_MARKS = frozenset({"calciphylaxis_not_excluded"})
"""Marks that are not about the type but about today."""

POSITION_TEXTS = {"below": "below range", "within": "in range", "above": "above range"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A key and what it means in words."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask, and of which lesion. ``why`` says what hangs on it."""

    fact: str
    label: str
    question: str
    kind: str
    scope: str
    lesion: str | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class TestView:
    """One test of a row: what it asks, what is known, whether it holds, how far off it is."""

    __test__ = False

    fact: str
    label: str
    asks: str
    known: str
    truth: Truth
    distance: str = ""

    @property
    def wanted(self) -> str:
        """What would count, unless it is just what is known."""
        return "" if self.asks == self.known else self.asks


@dataclass(frozen=True, slots=True)
class RowView:
    """One rule row in this patient."""

    id: str
    say: str
    truth: Truth
    tests: tuple[TestView, ...]
    sources: tuple[str, ...]
    seen: bool


@dataclass(frozen=True, slots=True)
class EmergencyView:
    """A red flag: why, what to do, how soon."""

    key: str
    label: str
    say: str
    do: str
    urgency: str
    lesion: str | None
    place: str
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class AssumptionView:
    """One assumption of the leading type and the questions that confirm or refute it."""

    fact: str
    is_: str | bool | int
    text: str
    asks: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A type that was not named, with the row that came nearest and what it lacked."""

    type: str
    label: str
    text: str
    row: RowView


@dataclass(frozen=True, slots=True)
class LesionView:
    """One lesion: its type or what would settle it, and why. ``title`` is its label with what is known of its place."""

    id: str
    title: str
    status: str
    headline: str
    type: str | None
    type_label: str
    marks: tuple[Sentence, ...]
    because: tuple[RowView, ...]
    why_not: tuple[WhyNot, ...]
    candidates: tuple[str, ...]
    leading: str | None
    assumptions: tuple[AssumptionView, ...]
    no_lead: str | None
    settle: tuple[Question, ...]

    @property
    def urgent(self) -> tuple[Sentence, ...]:
        """The marks that cannot wait: they stand above the type."""
        return tuple(mark for mark in self.marks if mark.key in URGENT_MARKS)

    @property
    def qualifying(self) -> tuple[Sentence, ...]:
        """The marks that qualify the type."""
        return tuple(mark for mark in self.marks if mark.key not in URGENT_MARKS)


@dataclass(frozen=True, slots=True)
class ValueView:
    """One value on which the assessment rests, as typed and as judged."""

    fact: str
    label: str
    typed: str
    canonical: str
    unit: str
    reference: str
    position: str
    taken: date | None
    state: str
    note: str

    @property
    def position_text(self) -> str:
        """The position in words, several joined by "or"."""
        return " or ".join(POSITION_TEXTS.get(one, one) for one in self.position.split(" or ")) if self.position else ""


@dataclass(frozen=True, slots=True)
class WarningView:
    """Something doubtful that still counted."""

    fact: str
    label: str
    value: str
    text: str
    lesion: str | None
    place: str = ""


@dataclass(frozen=True, slots=True)
class GateView:
    """One gate in this patient: true speaks against, false is cleared, none is not known."""

    row: str
    severity: str
    truth: Truth
    label: str
    asks: str
    known: str
    tests: tuple[TestView, ...]
    action: str
    reason: str
    sources: tuple[str, ...]
    seen: bool


@dataclass(frozen=True, slots=True)
class OptionView:
    """One treatment with all that speaks for and against it in this patient."""

    key: str
    treatment: str
    name: str
    lesion: str | None
    place: str
    phase: str
    status: str
    status_label: str
    status_text: str
    grade: str
    indications: tuple[RowView, ...]
    gates: tuple[GateView, ...]
    needs: tuple[Question, ...]
    held_back: tuple[str, ...]
    dose: str
    doses: tuple[Mapping[str, Any], ...]
    time_to_effect: str
    responses: tuple[Mapping[str, Any], ...]
    monitoring: tuple[Mapping[str, Any], ...]
    stops: tuple[Mapping[str, Any], ...]
    sources: tuple[str, ...]
    specialist_reason: str
    indication_text: str
    seen: bool
    disputes: tuple[str, ...]
    never_offered: bool

    @property
    def reasons(self) -> tuple[RowView, ...]:
        """The rows that surely put it forward."""
        return tuple(row for row in self.indications if row.truth is True)

    @property
    def open_reasons(self) -> tuple[RowView, ...]:
        """The rows that would put it forward if what is not known were so."""
        return tuple(row for row in self.indications if row.truth is None)


@dataclass(frozen=True, slots=True)
class StepView:
    """Something to do that is no treatment. ``list`` names the list of the release that it comes from."""

    id: str
    list: str
    title: str
    text: str
    do: str
    urgency: str
    to: str
    lesion: str | None
    place: str
    sources: tuple[str, ...]
    seen: bool


@dataclass(frozen=True, slots=True)
class PhaseView:
    """One phase of the pathway."""

    key: str
    label: str
    options: tuple[OptionView, ...]
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True)
class DueView:
    """One check and its window."""

    row: str
    what: str
    method: str
    threshold: str
    action: str
    owner_role: str
    from_: date
    due: date
    until: date
    treatment: str | None
    treatment_name: str
    condition: str | None
    lesion: str | None
    place: str


@dataclass(frozen=True, slots=True)
class Presentation:
    """The whole page."""

    headline: str
    status: str
    emergencies: tuple[EmergencyView, ...]
    lesions: tuple[LesionView, ...]
    values: tuple[ValueView, ...]
    contradictions: tuple[str, ...]
    warnings: tuple[WarningView, ...]
    phases: tuple[PhaseView, ...]
    schedule: tuple[DueView, ...]
    release_number: int
    release_hash: str
    engine: str
    on: date
    jurisdiction: str | None
    intended_use: str
    not_for: str
    limits: tuple[str, ...]
    citations: Mapping[str, str]
    """What each source of the release is called in short."""
