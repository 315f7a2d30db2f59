"""What a sheet is made of, and what several lesions share, which is printed once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from calcinosis_app.assessments.bridge import EmergencyView
from calcinosis_app.desk.cards import WAITING, Card, Phase, ToDo, Typed

Printed = TypeVar("Printed", Card, ToDo)


@dataclass(frozen=True)
class Source:
    """One source as a footnote: its number on this sheet, its key, and where to find it."""

    number: int
    key: str
    text: str


@dataclass(frozen=True)
class Check:
    """One check of the plan, or one that would fall due."""

    due: date
    what: str
    standing: str = ""


@dataclass(frozen=True)
class Day:
    """The checks of one day."""

    due: date
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Row(Generic[Printed]):
    """One option or step, with the lesions of which all the same is said; none for the patient."""

    one: Printed
    lesions: tuple[str, ...]


@dataclass(frozen=True)
class Alarm:
    """One emergency with every lesion that raised it."""

    view: EmergencyView
    places: tuple[str, ...]


@dataclass(frozen=True)
class Lesions:
    """One lesion, or several of which all the same is said."""

    typed: Typed
    title: str


@dataclass(frozen=True)
class Urgent:
    """What cannot wait, and at which lesions."""

    text: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """One phase of the pathway as far as it is printed: options as rows, other steps by their titles."""

    phase: Phase
    options: tuple[Row[Card], ...]
    decided: tuple[ToDo, ...]
    told: tuple[Row[ToDo], ...]
    titles: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing of it is printed."""
        return not (self.options or self.decided or self.told or self.titles)


def merged(found: Iterable[Printed]) -> tuple[Row[Printed], ...]:
    """One row for what is said of several lesions in the same words; what somebody has decided stands by itself."""
    rows: dict[object, list[Printed]] = {}
    for one in found:
        rows.setdefault(_says(one), []).append(one)
    return tuple(Row(same[0], tuple(one.view.lesion for one in same if one.view.lesion)) for same in rows.values())


def said_of(one: Typed) -> object:
    """All that is printed of a lesion, but for its title."""
    view = one.view
    if one.override:
        return view.id
    because = tuple((row.id, tuple((test.label, test.known, test.truth) for test in row.tests)) for row in view.because)
    return (
        view.status,
        view.headline,
        view.qualifying,
        because,
        view.no_lead,
        view.candidates,
        tuple(ask.question.label for ask in one.first.asks),
    )


def _says(one: Card | ToDo) -> object:
    """All that is printed of an option or step, but for its lesion."""
    if one.step:
        return one.step.pk
    if isinstance(one, ToDo):
        return one.view.title, one.view.text
    against = tuple((gate.severity, gate.label, gate.action) for gate in one.against)
    if one.view.status == WAITING:
        return one.view.treatment, against
    reasons = tuple(row.say for row in (*one.view.reasons, *one.view.open_reasons))
    return one.view.treatment, one.view.status, against, one.view.held_back, reasons, len(one.open_gates)
