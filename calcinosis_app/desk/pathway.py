"""The page of an assessment: what the rules said, and what a clinician has made of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import OVERRIDE_ABSOLUTE, REVIEW_SIGN
from calcinosis_app.accounts.policy import may
from calcinosis_app.assessments.bridge import (
    OptionView,
    PhaseView,
    Presentation,
    Question,
    as_stored,
    judge,
    present,
)
from calcinosis_app.assessments.decisions import IN_USE
from calcinosis_app.assessments.models import Assessment, Review, Step, TypeOverride
from calcinosis_app.assessments.recompute import Recomputed, recompute
from calcinosis_app.assessments.selectors import (
    corrected_after,
    left_behind,
    newest_assessment,
    open_review,
    outdated_by,
    regrouped_after,
    reviews_of,
    signed_review,
    steps_of,
    type_overrides_of,
)
from calcinosis_app.desk.cards import CALM, WAITING, Card, Decided, First, Phase, ToDo, Typed, Unsigned, grouped
from calcinosis_app.desk.checklist import Rule
from calcinosis_app.desk.differences import between
from calcinosis_app.desk.entry.asking import Ask, ask
from calcinosis_app.desk.past import Stood, stood
from calcinosis_app.followups.presentation import ReminderItem, item
from calcinosis_app.followups.selectors import reminders_of, today_in
from calcinosis_app.patients.models import Finding, Lesion, Merge
from calcinosis_app.patients.selectors import lesions_of
from calcinosis_app.rulebooks.bridge import rules_of
from calcinosis_app.rulebooks.presentation.words import JURISDICTIONS

# A question that so many waiting options share is printed once, above them all.
SHARED_BY: Final = 3


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
    def decided(self) -> tuple[Decided, ...]:
        """Each decision, in the order in which it was made."""
        return tuple(self._decided(step) for step in self.steps.values())

    @cached_property
    def left_behind(self) -> tuple[Decided, ...]:
        """What the reviewer had decided on an earlier assessment, where this one reads differently."""
        return tuple(self._decided(step) for step in left_behind(self.review)) if self.review and self.is_deciding else ()

    def _decided(self, step: Step) -> Decided:
        if card := self.card(step.treatment, step.lesion):
            return Decided(card.title, step, card.view.dose if step.decision in IN_USE else "")
        todo = self.todo(step.row, step.lesion)
        return Decided(todo.title if todo else step.treatment or step.row, step, "")

    @property
    def jurisdiction(self) -> str:
        """Whose labels counted."""
        country = JURISDICTIONS.get(self.assessment.jurisdiction)
        return f"the {country}" if country else "all countries"

    @cached_property
    def overrides(self) -> Mapping[str, TypeOverride]:
        """The reviewer's own types, by lesion."""
        return {one.lesion: one for one in type_overrides_of(self.review)} if self.review else {}

    @cached_property
    def typed(self) -> tuple[Typed, ...]:
        """Each lesion with the type that the reviewer gave instead."""
        return tuple(Typed(one, self.firsts[one.id], self.overrides.get(one.id)) for one in self.said.lesions)

    @property
    def overridden(self) -> tuple[Typed, ...]:
        """The lesions to which the reviewer gave another type."""
        return tuple(one for one in self.typed if one.override)

    @property
    def headline(self) -> str:
        """What the rules say, and beside it what the reviewer says instead."""
        if not self.overridden or self.review is None:
            return self.said.headline
        own = "; ".join(one.own if len(self.typed) == 1 else f"{one.view.id} {one.own}" for one in self.overridden)
        return f"{self.said.headline.rstrip('.')} (rules) \u00b7 {self.review.reviewer}: {own}"

    @cached_property
    def rule(self) -> Rule:
        """Which questions come first, and which one press may answer."""
        return Rule(self.assessment.outcome, rules_of(self.assessment.release).facts)

    @cached_property
    def firsts(self) -> Mapping[str, First]:
        """What is asked of each lesion before its options: what settles its type, and the skin signs that options wait for."""
        needed = [one for option in self._options for one in option.needs if self._comes_first(one)]
        return {
            view.id: First(view, self._asks((*view.settle, *(one for one in needed if one.lesion == view.id))))
            for view in self.said.lesions
        }

    @cached_property
    def shared(self) -> tuple[tuple[Ask, int], ...]:
        """The questions that many waiting options share, with how many they are; most first."""
        asks = [one for option in self._options if option.status == WAITING for one in self._asks(self._own(option))]
        counted = Counter(one.name for one in asks)
        by_name = {one.name: one for one in asks}
        return tuple((by_name[name], number) for name, number in counted.most_common() if number >= SHARED_BY)

    @cached_property
    def phases(self) -> tuple[Phase, ...]:
        """The pathway, without phases in which there is nothing."""
        found = tuple(self._phase(view) for view in self.said.phases)
        return tuple(one for one in found if one.options or one.todos)

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
    def corrected(self) -> bool:
        """Whether birth date or sex were corrected since it was judged, or signed; not said any more once there is a newer assessment."""
        return self.newest is None and corrected_after(self.review or Review(assessment=self.assessment))

    @cached_property
    def regrouped(self) -> tuple[Merge, ...]:
        """The merges since it was judged, or signed, by which other findings count now; nothing once there is a newer assessment."""
        if self.newest is not None:
            return ()
        reference = self.review or Review(assessment=self.assessment)
        return tuple(regrouped_after(reference))

    @cached_property
    def reminders(self) -> tuple[ReminderItem, ...]:
        """What the signed plan has brought, by day."""
        if self.signed is None:
            return ()
        found = reminders_of(self.case.patient).filter(review=self.signed)
        return tuple(item(one, today_in(self.case.patient.clinic)) for one in found)

    @property
    def is_past(self) -> bool:
        """Whether a newer assessment stands in its place: then it is read, not worked on."""
        return self.newest is not None

    @cached_property
    def since(self) -> tuple[str, ...]:
        """What the newest assessment says that this one did not."""
        return between(self.assessment, self.newest) if self.newest else ()

    @cached_property
    def stood(self) -> tuple[Stood, ...]:
        """The reviews that were begun here and went on with a later assessment, as they were until then."""
        return stood(self.assessment, self._decided)

    @cached_property
    def titles(self) -> Mapping[tuple[str, str], str]:
        """What can be decided, by treatment or row, and lesion."""
        cards = {(card.view.treatment, card.view.lesion or ""): card.title for phase in self.phases for card in phase.options}
        return cards | {(todo.view.id, todo.view.lesion or ""): todo.title for phase in self.phases for todo in phase.todos}

    @property
    def may_review(self) -> bool:
        """Whether this person may begin a review now."""
        return self.review is None and self.newest is None and may(self.user, REVIEW_SIGN, self.assessment)

    @property
    def is_deciding(self) -> bool:
        """Whether this person's own review is open, of the newest assessment."""
        return self.review is not None and not self.review.is_signed and not self.is_past

    @cached_property
    def mine_unsigned(self) -> Unsigned | None:
        """What the person had decided and written, and not signed, when somebody else signed first."""
        mine = open_review(self.assessment, self.user) if self.signed else None
        if mine is None:
            return None
        return Unsigned(tuple(self._decided(step) for step in steps_of(mine)), tuple(type_overrides_of(mine)), mine.note)

    @cached_property
    def others(self) -> tuple[Review, ...]:
        """Reviews that somebody else has begun and not signed."""
        return tuple(one for one in reviews_of(self.assessment) if one.reviewer_id != self.user.pk and not one.is_signed)

    def card(self, treatment: str, lesion: str) -> Card | None:
        """The option of this treatment for this lesion, or for the patient."""
        cards = (card for phase in self.phases for card in phase.options)
        return next((card for card in cards if (card.view.treatment, card.view.lesion or "") == (treatment, lesion)), None)

    def todo(self, row: str, lesion: str) -> ToDo | None:
        """The step of this row."""
        todos = (todo for phase in self.phases for todo in phase.todos)
        return next((todo for todo in todos if (todo.view.id, todo.view.lesion or "") == (row, lesion)), None)

    def _phase(self, view: PhaseView) -> Phase:
        cards = [self._card(option) for option in view.options]
        return Phase(
            view,
            tuple(card for card in cards if card.view.status not in (CALM, WAITING)),
            tuple(card for card in cards if card.view.status == WAITING),
            tuple(card for card in cards if card.view.status == CALM),
            grouped([ToDo(one, self.steps.get((one.id, one.lesion or ""))) for one in view.steps]),
        )

    @cached_property
    def _may_override(self) -> bool:
        return may(self.user, OVERRIDE_ABSOLUTE, self.assessment)

    def _card(self, option: OptionView) -> Card:
        step = self.steps.get((option.treatment, option.lesion or ""))
        asked = {(one.question.fact, one.lesion_id) for one in self._asks(one for one in option.needs if self._comes_first(one))}
        firsts = tuple(one for one in self.firsts.values() if asked & {(each.question.fact, each.lesion_id) for each in one.asks})
        shared = frozenset(one.name for one, _ in self.shared)
        return Card(option, step, self._asks(self._own(option)), self._may_override, self.rule, firsts, shared)

    @cached_property
    def _options(self) -> tuple[OptionView, ...]:
        return tuple(option for phase in self.said.phases for option in phase.options)

    def _comes_first(self, question: Question) -> bool:
        return self.rule.comes_first(question.fact, question.lesion or "")

    def _own(self, option: OptionView) -> tuple[Question, ...]:
        """What an option asks for itself."""
        return tuple(one for one in option.needs if not self._comes_first(one))

    def _asks(self, questions: Iterable[Question]) -> tuple[Ask, ...]:
        """The questions with the way to their fields, each once."""
        found = (ask(one, self.lesions) for one in questions)
        return tuple({one.name: one for one in found}.values())
