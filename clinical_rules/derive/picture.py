"""What is known of a patient and of each lesion, ready for the tables.

A picture answers for any fact what it may be: entered, implied by a group answer or by another fact, or
derived. Derived facts are worked out when they are first asked for, and anew when something they rest on becomes known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from clinical_rules.derive import minerals
from clinical_rules.derive.results import Contradiction, Reading
from clinical_rules.findings import Case, Doubt
from clinical_rules.quantities import Interval
from clinical_rules.release import Definition, Release
from clinical_rules.tables import NOT_APPLICABLE, CompiledTable, Possible, among, exactly, union
from clinical_rules.truth import Truth, any_of

YES, NO = exactly(True), exactly(False)
NOT_ASKED = Possible(values=frozenset({"not asked"}))
"""Stands where a derived fact has not been worked out yet; no fact has it."""


class Picture:
    """What is known in one scope. A lesion's picture sees the patient's through ``patient``."""

    def __init__(
        self,
        release: Release,
        known: dict[str, Possible],
        stated: frozenset[str],
        patient: "Picture | None" = None,
        left_open: frozenset[str] = frozenset(),
    ) -> None:
        self.release = release
        self.known = known
        self.stated = stated
        self.patient = patient
        self.left_open = left_open
        """Asked, and answered with "not known": a group's no does not cover these."""
        self._shared = release.of_patient if patient is not None else frozenset[str]()
        self._derived: dict[str, Possible | None] = {}
        self._unheard: list[str] = []
        """What became known since derived facts were last worked out anew."""
        self.news: list[str] = [*(patient.known if patient else ()), *known]
        """Everything known, in the order in which it became known."""
        self.heard: dict[str, int] = {}
        """How much of the news each kind of rule has heard."""
        self.waits_for: dict[str, tuple[str, ...]] = {}
        """What an unknown fact waits for, once it was asked; emptied whenever something becomes known."""

    def get(self, key: str) -> Possible | None:
        """What the fact may be; ``None`` when nothing is known of it."""
        found = self.known.get(key)
        if found is not None:
            return found
        if key in self._shared and self.patient is not None:
            return self.patient.get(key)
        if key not in self.release.worked_out:
            return None
        worked_out = self._derived.get(key, NOT_ASKED)
        if worked_out is NOT_ASKED:
            worked_out = self._derived[key] = self._work_out(key)
        return worked_out

    def learn(self, key: str, value: Possible) -> None:
        """The fact is known from now on. What rests on it is worked out anew after the next ``forget_derived``."""
        if self.known.get(key) != value:
            self.known[key] = value
            self.news.append(key)
            self._unheard.append(key)

    def _work_out(self, key: str) -> Possible | None:
        definition = self.release.definitions.get(key)
        if definition is not None:
            return self._defined(definition)
        applies = self.release.facts[key].applies
        if applies is not None and self.truth(applies) is False:
            return NOT_APPLICABLE
        return None

    def _defined(self, definition: Definition) -> Possible | None:
        if definition.table is None:
            return None
        knowledge = self.of(definition.table)
        if definition.is_first:
            decision = definition.table.decide(knowledge, "is")
            outcomes = [one for one in decision.candidates if one is not None]
            return among(outcomes) if outcomes and len(outcomes) < len(self.release.facts[definition.fact].codes) else None
        value = any_of(definition.table.truths(knowledge))
        if definition.only_when_sure:
            return YES if value is True else NO
        return None if value is None else exactly(value)

    def truth(self, key: str) -> Truth:
        """Yes, no or unknown; not applicable counts as no."""
        found = self.get(key)
        if found is None:
            return None
        only = found.only
        if only is True or only is False:
            return only
        if found.values is None:
            return False if found.not_applicable and found.spans is None else None
        return False if found.values == {False} else None

    def of(self, table: CompiledTable) -> dict[str, Possible]:
        """What is known of the facts that a table asks for."""
        return self.among(table.facts)

    def among(self, facts: Iterable[str]) -> dict[str, Possible]:
        """What is known of these facts."""
        get = self.get
        return {fact: found for fact in facts if (found := get(fact)) is not None}

    def with_known(self, more: Mapping[str, Possible]) -> "Picture":
        """The same picture with some facts fixed, and what rests on them derived anew."""
        other = Picture(self.release, self.known | dict(more), self.stated, self.patient, self.left_open)
        other._derived = dict(self._derived)
        other._unheard = [*self._unheard, *more]
        other.forget_derived()
        return other

    def may_be_covered(self, key: str) -> bool:
        """Whether a group's no may answer for this fact: nothing is known of it, and nobody said that it is not known."""
        return key not in self.known and key not in self.left_open

    def forget_derived(self) -> None:
        """Work out anew what rests on a fact that became known."""
        if not self._unheard:
            return
        informs = self.release.informs
        for key in self._unheard:
            for one in informs.get(key, ()):
                self._derived.pop(one, None)
        self._unheard.clear()
        self.waits_for.clear()


class Computed(NamedTuple):
    """A quantity the rules worked out, for people to see."""

    key: str
    value: Interval
    rests_on: tuple[str, ...]
    also: str = ""
    """The same in other units, where people are used to these."""


@dataclass(slots=True)
class Pictures:
    """Everything known of a case."""

    case: Case
    patient: Picture
    lesions: dict[str, Picture]
    readings: dict[str, Reading]
    lesion_readings: dict[str, dict[str, Reading]]
    calcium: minerals.CalciumStatus
    sample_unasked: bool
    computed: tuple[Computed, ...]
    warnings: list[Doubt]

    @property
    def contradictions(self) -> list[Contradiction]:
        """What cannot all be so, of the patient and of each lesion."""
        shared = [clash for reading in self.readings.values() for clash in reading.contradictions]
        own = [clash for readings in self.lesion_readings.values() for reading in readings.values() for clash in reading.contradictions]
        return shared + own

    def any_lesion(self, key: str) -> Possible | None:
        """A lesion's fact asked of the patient: yes when it is so of one lesion, no when of none."""
        if self.patient.release.facts[key].scope == "patient":
            return self.patient.get(key)
        found = [lesion.get(key) for lesion in self.lesions.values()]
        if len(found) == 1:
            return found[0]
        if self.patient.release.facts[key].kind == "boolean":
            value = any_of(lesion.truth(key) for lesion in self.lesions.values())
            return None if value is None else exactly(value)
        known = [one for one in found if one is not None]
        return union(*known) if known and len(known) == len(found) else None
