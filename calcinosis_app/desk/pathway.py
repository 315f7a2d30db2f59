"""The page of an assessment: what the rules said, and what a clinician has made of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import OVERRIDE_ABSOLUTE, REVIEW_SIGN
from calcinosis_app.accounts.policy import may
from calcinosis_app.assessments.bridge import (
    GateView,
    LesionView,
    OptionView,
    PhaseView,
    Presentation,
    StepView,
    as_stored,
    judge,
    present,
)
from calcinosis_app.assessments.models import Assessment, Review, Step, TypeOverride
from calcinosis_app.assessments.recompute import Recomputed, recompute
from calcinosis_app.assessments.selectors import (
    newest_assessment,
    open_review,
    outdated_by,
    reviews_of,
    signed_review,
    steps_of,
    type_overrides_of,
)
from calcinosis_app.desk.entry.asking import Ask, ask
from calcinosis_app.followups.presentation import ReminderItem, item
from calcinosis_app.followups.selectors import reminders_of, today_in
from calcinosis_app.patients.models import Finding, Lesion
from calcinosis_app.patients.selectors import lesions_of
from calcinosis_app.rulebooks.bridge import rules_of

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


@dataclass(frozen=True)
class Card:
    """One option with the decision made about it, and its checklist."""

    view: OptionView
    step: Step | None
    checklist: tuple[Ask, ...]
    may_override: bool

    @property
    def id(self) -> str:
        """Where it stands on the page."""
        return f"option-{self.view.treatment}" + (f"-{self.view.lesion}" if self.view.lesion else "")

    @property
    def title(self) -> str:
        """What people call it."""
        return f"{self.view.name}{f' at {self.view.lesion}' if self.view.lesion else ''}"

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
    def has_questions(self) -> bool:
        """Whether *none of these* would say anything."""
        return any(one.question.kind == "boolean" for one in self.checklist)


@dataclass(frozen=True)
class ToDo:
    """A step that is no treatment, with the decision made about it."""

    view: StepView
    step: Step | None

    @property
    def title(self) -> str:
        """What is to be done."""
        return self.view.text

    @property
    def id(self) -> str:
        """Where it stands on the page."""
        return f"step-{self.view.id}".replace(".", "-").replace(":", "-") + (f"-{self.view.lesion}" if self.view.lesion else "")


@dataclass(frozen=True)
class Phase:
    """One phase: what comes forward, and folded away what is not indicated."""

    view: PhaseView
    cards: tuple[Card, ...]
    rest: tuple[Card, ...]
    todos: tuple[ToDo, ...]


class Page:
    """Everything the page shows."""

    def __init__(self, assessment: Assessment, user: User) -> None:
        self.assessment = assessment
        self.user = user
        self.case = assessment.case
        self.signed: Review | None = signed_review(assessment)
        self.review: Review | None = self.signed or open_review(assessment, user)

    @cached_property
    def said(self) -> Presentation:
        """The stored findings under the stored release, in words; where today's engine differs, the stored types and statuses stand."""
        rules = rules_of(self.assessment.release)
        judged = judge(self.assessment.document, rules, on=self.assessment.on, jurisdiction=self.assessment.jurisdiction)
        said = present(judged, rules)
        return said if self.recomputed.same else as_stored(said, self.assessment.outcome)

    @cached_property
    def recomputed(self) -> Recomputed:
        """Whether today's engine says what was stored."""
        return recompute(self.assessment)

    @property
    def differences(self) -> tuple[str, ...]:
        """Where today's engine would say something else than was stored."""
        return self.recomputed.differences

    @cached_property
    def lesions(self) -> Mapping[str, Lesion]:
        """The lesions by label."""
        return {lesion.label: lesion for lesion in lesions_of(self.case)}

    @cached_property
    def steps(self) -> Mapping[tuple[str, str], Step]:
        """What was decided, by treatment or row, and lesion."""
        return {(step.treatment or step.row, step.lesion): step for step in steps_of(self.review)} if self.review else {}

    @property
    def decided(self) -> tuple[tuple[str, Step], ...]:
        """Each decision with the name of what was decided."""
        found = ((self.card(step.treatment, step.lesion) or self.todo(step.row, step.lesion), step) for step in self.steps.values())
        return tuple((one.title if one else step.treatment or step.row, step) for one, step in found)

    @cached_property
    def overrides(self) -> Mapping[str, TypeOverride]:
        """The reviewer's own types, by lesion."""
        return {one.lesion: one for one in type_overrides_of(self.review)} if self.review else {}

    @cached_property
    def typed(self) -> tuple[tuple[LesionView, TypeOverride | None], ...]:
        """Each lesion with the type that the reviewer gave instead."""
        return tuple((one, self.overrides.get(one.id)) for one in self.said.lesions)

    @cached_property
    def phases(self) -> tuple[Phase, ...]:
        """The pathway, without phases in which there is nothing."""
        found = tuple(self._phase(view) for view in self.said.phases)
        return tuple(one for one in found if one.cards or one.rest or one.todos)

    @cached_property
    def newest(self) -> Assessment | None:
        """A newer assessment of the case, when there is one."""
        newest = newest_assessment(self.case)
        return newest if newest and newest.pk != self.assessment.pk else None

    @cached_property
    def arrived(self) -> tuple[Finding, ...]:
        """What was recorded after the review was signed."""
        return tuple(outdated_by(self.review)) if self.review else ()

    @cached_property
    def reminders(self) -> tuple[ReminderItem, ...]:
        """What the signed plan has brought, by day."""
        if self.signed is None:
            return ()
        found = reminders_of(self.case.patient).filter(review=self.signed)
        return tuple(item(one, today_in(self.case.patient.clinic)) for one in found)

    @property
    def may_review(self) -> bool:
        """Whether this person may begin a review now."""
        return self.review is None and self.newest is None and may(self.user, REVIEW_SIGN, self.assessment)

    @property
    def is_deciding(self) -> bool:
        """Whether this person's own review is open."""
        return self.review is not None and not self.review.is_signed

    @cached_property
    def others(self) -> tuple[Review, ...]:
        """Reviews that somebody else has begun and not signed."""
        return tuple(one for one in reviews_of(self.assessment) if one.reviewer_id != self.user.pk and not one.is_signed)

    def card(self, treatment: str, lesion: str) -> Card | None:
        """The option of this treatment for this lesion, or for the patient."""
        cards = (card for phase in self.phases for card in (*phase.cards, *phase.rest))
        return next((card for card in cards if (card.view.treatment, card.view.lesion or "") == (treatment, lesion)), None)

    def todo(self, row: str, lesion: str) -> ToDo | None:
        """The step of this row."""
        todos = (todo for phase in self.phases for todo in phase.todos)
        return next((todo for todo in todos if (todo.view.id, todo.view.lesion or "") == (row, lesion)), None)

    def _phase(self, view: PhaseView) -> Phase:
        cards = [self._card(option) for option in view.options]
        return Phase(
            view,
            tuple(card for card in cards if card.view.status != CALM),
            tuple(card for card in cards if card.view.status == CALM),
            tuple(ToDo(one, self.steps.get((one.id, one.lesion or ""))) for one in view.steps),
        )

    @cached_property
    def _may_override(self) -> bool:
        return may(self.user, OVERRIDE_ABSOLUTE, self.assessment)

    def _card(self, option: OptionView) -> Card:
        step = self.steps.get((option.treatment, option.lesion or ""))
        return Card(option, step, tuple(ask(one, self.lesions) for one in option.needs), self._may_override)
