"""What the page of an assessment is made of: options, steps, lesions and questions, each with what a clinician made of it."""

from dataclasses import dataclass, field
from typing import Final

from calcinosis_app.assessments.bridge import GateView, LesionView, OptionView, PhaseView, StepView
from calcinosis_app.assessments.models import Step, TypeOverride
from calcinosis_app.desk.checklist import Rule
from calcinosis_app.desk.entry.asking import Ask
from calcinosis_app.desk.review_form import type_label

TONES: Final = {
    "offered": ("good", "good"),
    "caution": ("warning", "warning"),
    "reason": ("warning", "warning"),
    "specialist": ("info", "specialist"),
    "provisional": ("info", "open"),
    "unassessable": ("quiet", "open"),
    "blocked": ("danger", "stop"),
    "not_indicated": ("quiet", "quiet"),
}
CALM: Final = "not_indicated"
WAITING: Final = "unassessable"
# The lists that the support phase is made of, with their headings.
SUPPORT: Final = {"referrals": "Refer", "advice": "Tell the patient"}


@dataclass(frozen=True)
class First:
    """What is asked of a lesion before its options can be judged, each question singly."""

    view: LesionView
    asks: tuple[Ask, ...]

    @property
    def id(self) -> str:
        """Where it stands on the page."""
        return f"settle-{self.view.id}"

    @property
    def lesion_label(self) -> str:
        """Of which lesion it asks."""
        return self.view.id

    @property
    def title(self) -> str:
        """What the answers are good for."""
        number = f"{len(self.asks)} question{'s' if len(self.asks) != 1 else ''}"
        return f"{'Still to ask' if self.view.status == 'decided' else 'First settle the type'}: {number}"


@dataclass(frozen=True)
class Card:
    """One option with the decision made about it, and its checklist."""

    view: OptionView
    step: Step | None
    checklist: tuple[Ask, ...]
    may_override: bool
    rule: Rule
    firsts: tuple[First, ...] = ()
    shared: frozenset[str] = field(default_factory=frozenset)

    @property
    def id(self) -> str:
        """Where it stands on the page."""
        return f"option-{self.view.treatment}" + (f"-{self.view.lesion}" if self.view.lesion else "")

    @property
    def title(self) -> str:
        """What people call it."""
        return f"{self.view.name}{f' at {self.view.place}' if self.view.lesion else ''}"

    @property
    def lesion_label(self) -> str:
        """For which lesion it is; empty for the patient."""
        return self.view.lesion or ""

    @property
    def tone(self) -> str:
        """The colour that repeats the status."""
        return TONES[self.view.status][0]

    @property
    def icon(self) -> str:
        """The icon that goes with the status."""
        return TONES[self.view.status][1]

    @property
    def can_be_overridden(self) -> bool:
        """Whether this person may accept it past its absolute gate."""
        return self.view.status == "blocked" and self.may_override

    @property
    def against(self) -> tuple[GateView, ...]:
        """The gates that surely speak against it."""
        return tuple(gate for gate in self.view.gates if gate.truth is True)

    @property
    def open_gates(self) -> tuple[GateView, ...]:
        """The gates of which nobody knows."""
        return tuple(gate for gate in self.view.gates if gate.truth is None)

    @property
    def cleared(self) -> tuple[GateView, ...]:
        """The gates that are surely no obstacle."""
        return tuple(gate for gate in self.view.gates if gate.truth is False)

    @property
    def in_bulk(self) -> tuple[Ask, ...]:
        """The questions that one press may answer with no."""
        return tuple(one for one in self.checklist if self._allows(one))

    @property
    def singly(self) -> tuple[Ask, ...]:
        """The questions that are answered one by one."""
        return tuple(one for one in self.checklist if not self._allows(one))

    @property
    def short_needs(self) -> tuple[str, ...]:
        """What it waits for, in short, without what stands above all options."""
        own = [one.question.label for one in self.checklist if one.name not in self.shared]
        lesions = [f"the type of {first.view.id}" for first in self.firsts]
        shared = len(self.checklist) - len(own)
        return (*lesions, *own, *([f"{shared} asked above"] if shared else []))

    def _allows(self, one: Ask) -> bool:
        return self.rule.may_be_no_in_bulk(one.question.fact, one.lesion.label if one.lesion else "")


@dataclass(frozen=True)
class Decided:
    """One decision with the name of what was decided, and the dose of what is taken up."""

    title: str
    step: Step
    dose: str


@dataclass(frozen=True)
class ToDo:
    """A step that is no treatment, with the decision made about it."""

    view: StepView
    step: Step | None

    @property
    def title(self) -> str:
        """What is to be done."""
        return f"{self.view.title}{f' ({self.view.place})' if self.view.lesion else ''}"

    @property
    def id(self) -> str:
        """Where it stands on the page."""
        return f"step-{self.view.id}".replace(".", "-").replace(":", "-") + (f"-{self.view.lesion}" if self.view.lesion else "")


@dataclass(frozen=True)
class Group:
    """Steps of one kind under their heading, which is empty where a phase has one kind only."""

    heading: str
    todos: tuple[ToDo, ...]


@dataclass(frozen=True)
class Phase:
    """One phase: what comes forward; folded away what waits for answers and what is not indicated."""

    view: PhaseView
    cards: tuple[Card, ...]
    waiting: tuple[Card, ...]
    rest: tuple[Card, ...]
    groups: tuple[Group, ...]

    @property
    def todos(self) -> tuple[ToDo, ...]:
        """Its steps, whatever their heading."""
        return tuple(one for group in self.groups for one in group.todos)

    @property
    def options(self) -> tuple[Card, ...]:
        """Its options, folded away or not."""
        return (*self.cards, *self.waiting, *self.rest)

    @property
    def is_grouped(self) -> bool:
        """Whether its parts have headings."""
        return any(group.heading for group in self.groups)

    @property
    def waiting_ids(self) -> tuple[str, ...]:
        """Where the waiting ones stand."""
        return tuple(one.id for one in self.waiting)

    @property
    def rest_ids(self) -> tuple[str, ...]:
        """Where those stand that are not indicated."""
        return tuple(one.id for one in self.rest)


@dataclass(frozen=True)
class Typed:
    """A lesion with what is asked of it, and the type that the reviewer gave instead."""

    view: LesionView
    first: First
    override: TypeOverride | None

    @property
    def own(self) -> str:
        """The reviewer's type."""
        return type_label(self.override.type) if self.override else ""

    @property
    def instead(self) -> str:
        """What the rules say."""
        return self.view.type_label.lower() or self.view.status


@dataclass(frozen=True)
class Unsigned:
    """A review that can no longer be signed, because somebody else has signed one."""

    decided: tuple[Decided, ...]
    types: tuple[TypeOverride, ...]
    note: str


def grouped(todos: list[ToDo]) -> tuple[Group, ...]:
    """Referrals and advice each under its heading; anything else without."""
    headings = dict.fromkeys(SUPPORT.get(one.view.list, "") for one in todos)
    return tuple(Group(heading, tuple(one for one in todos if SUPPORT.get(one.view.list, "") == heading)) for heading in headings)
