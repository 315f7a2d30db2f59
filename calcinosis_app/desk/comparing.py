"""Two patients side by side, who may be one person; and what goes where when they are merged or unmerged."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.utils.formats import date_format

from calcinosis_app.assessments.models import Review
from calcinosis_app.assessments.selectors import plans_of
from calcinosis_app.patients.alike import resemblance
from calcinosis_app.patients.models import Case, Finding, Merge, Patient
from calcinosis_app.patients.pairs import contradictions_between, corrected_across, not_same_said, recorded_under
from calcinosis_app.patients.presentation import FindingLine, line
from calcinosis_app.patients.selectors import cases_of
from calcinosis_app.rulebooks.bridge import current

NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Row:
    """One thing that is known of both."""

    label: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        """Whether the two disagree."""
        return self.one != self.other


@dataclass(frozen=True)
class Side:
    """One of the two."""

    patient: Patient

    @cached_property
    def cases(self) -> list[Case]:
        """Its cases, those of its duplicates too."""
        return list(cases_of(self.patient))

    @cached_property
    def plans(self) -> list[Review]:
        """The plans that count in them."""
        return plans_of(self.patient)

    @cached_property
    def findings(self) -> int:
        """How many findings were recorded under it."""
        return recorded_under(self.patient).count()


@dataclass(frozen=True)
class Contradiction:
    """A fact of the patient on which the two disagree, and which of the two counts when they are merged."""

    label: str
    one: FindingLine
    other: FindingLine

    @property
    def counts(self) -> str:
        """A laboratory's results count all; of anything else the newest does."""
        facts = current().facts
        fact = facts.get(self.one.finding.key)
        if fact is not None and fact.section == "laboratory":
            return "both count; the rules read them as contradictory"
        newest = max((self.one, self.other), key=lambda one: (one.taken_on or date.min, one.recorded_at))
        return f"the newest: {newest.value}"


class Comparison:
    """What the page shows before two patients are merged."""

    def __init__(self, one: Patient, other: Patient) -> None:
        self.one = Side(one)
        self.other = Side(other)

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both."""
        return self.one, self.other

    @cached_property
    def why(self) -> tuple[str, ...]:
        """What speaks for it that they are one person."""
        found = resemblance(self.one.patient, self.other.patient)
        return found.why if found else ()

    @cached_property
    def said(self) -> str:
        """Who said that they are two, and when; empty when nobody did."""
        said = not_same_said(self.one.patient, self.other.patient)
        return f"{said.said_by} said on {date_format(said.said_at, 'j M Y')} that these are two people." if said else ""

    @property
    def rows(self) -> list[Row]:
        """Who they are."""
        one, other = self.one.patient, self.other.patient
        return [
            Row("Family name", one.family_name, other.family_name),
            Row("Given name", one.given_name, other.given_name),
            Row("Born", _day(one.birth_date), _day(other.birth_date)),
            Row("Sex", one.sex or NOT_KNOWN, other.sex or NOT_KNOWN),
        ]

    @property
    def differs_for_the_rules(self) -> bool:
        """Whether another age or sex would be judged, depending on who stays."""
        one, other = self.one.patient, self.other.patient
        return (one.birth_date, one.sex) != (other.birth_date, other.sex)

    @cached_property
    def contradictions(self) -> list[Contradiction]:
        """The facts on which they disagree."""
        facts = current().facts
        found = contradictions_between(
            self.one.patient, self.other.patient, {key for key, fact in facts.items() if fact.section == "laboratory"}
        )
        return [
            Contradiction(
                facts[mine.key].label if mine.key in facts else mine.key, line(mine, self.one.patient), line(its, self.other.patient)
            )
            for mine, its in found
        ]

    @property
    def refusal(self) -> str:
        """Why neither can be merged into the other; empty when one can."""
        if all(side.patient.also_known_as for side in self.sides):
            return "Other records were merged into each of the two. Unmerge those of one of them first."
        return ""


class Unmerging:
    """What the page shows before a duplicate becomes a patient of its own again."""

    def __init__(self, merge: Merge) -> None:
        self.merge = merge

    @cached_property
    def goes(self) -> dict[str, list[Case]]:
        """The cases by where they will be: with the duplicate what was entered under it, with the survivor the rest."""
        found: dict[str, list[Case]] = defaultdict(list)
        for case in cases_of(self.merge.survivor):
            found["duplicate" if case.patient_id == self.merge.duplicate_id else "survivor"].append(case)
        return dict(found)

    @cached_property
    def since(self) -> dict[UUID, int]:
        """How many findings were recorded since the merge, by the patient under whom."""
        return {patient.pk: recorded_under(patient).filter(recorded_at__gt=self.merge.merged_at).count() for patient in self._both}

    @property
    def recorded(self) -> list[tuple[Patient, int, int]]:
        """For both: how many findings will be under the patient, and how many of them were recorded since the merge."""
        return [(patient, recorded_under(patient).count(), self.since[patient.pk]) for patient in self._both]

    @cached_property
    def corrections(self) -> list[Finding]:
        """What was corrected in a case of the other: it will count again where it was recorded."""
        return list(corrected_across(self.merge.duplicate, self.merge.survivor))

    @property
    def _both(self) -> tuple[Patient, Patient]:
        return self.merge.duplicate, self.merge.survivor


def _day(day: date | None) -> str:
    return date_format(day, "j M Y") if day else NOT_KNOWN
