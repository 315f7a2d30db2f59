"""Everything the chart shows of a patient, read with a fixed number of queries, however long the story is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from calcinosis_app.assessments.models import Assessment, Review, Step, TypeOverride
from calcinosis_app.desk.places import Titles, titles_now
from calcinosis_app.followups.models import Reminder
from calcinosis_app.followups.selectors import reminders_of
from calcinosis_app.laboratory.selectors import ResultSource, sources_of
from calcinosis_app.patients.models import Case, Finding, Lesion, Patient
from calcinosis_app.patients.selectors import cases_of, everything_found


@dataclass(frozen=True)
class Record:
    """What is stored of one patient: rows, not yet words. Nothing is read before it is asked for."""

    patient: Patient

    @cached_property
    def findings(self) -> list[Finding]:
        """Every finding, by the day it was found: also what was corrected, and of lesions that were removed."""
        return list(everything_found(self.patient))

    @cached_property
    def corrections(self) -> dict[UUID, Finding]:
        """What corrects a finding, by the corrected one."""
        return {finding.corrects_id: finding for finding in self.findings if finding.corrects_id is not None}

    @cached_property
    def cases(self) -> list[Case]:
        """The patient's cases, newest first."""
        return list(cases_of(self.patient))

    @cached_property
    def lesions(self) -> list[Lesion]:
        """The lesions of all cases, removed ones too, in the order in which they were added."""
        found = Lesion.objects.filter(case__in=self.cases).select_related("added_by", "removed_by").order_by("added_at", "label")
        cases = {case.pk: case for case in self.cases}
        lesions = list(found)
        for lesion in lesions:
            lesion.case = cases[lesion.case_id]
        return lesions

    @cached_property
    def titles(self) -> dict[UUID, str]:
        """What each lesion is called now: its label, and where it is."""
        return titles_now(self.lesions, (one for one in self.findings if one.lesion_id and one.pk not in self.corrections))

    def titles_in(self, case_id: UUID) -> Titles:
        """The same for the lesions of one case, by label."""
        return {one.label: self.titles[one.pk] for one in self.lesions if one.case_id == case_id}

    @cached_property
    def assessments(self) -> list[Assessment]:
        """Newest first, without the findings that each rests on."""
        found = Assessment.objects.filter(case__in=self.cases).select_related("release", "made_by")
        return list(found.defer("findings", "release__content"))

    @cached_property
    def reviews(self) -> list[Review]:
        """Newest first, without those that went on elsewhere."""
        found = Review.objects.filter(assessment__in=[one.pk for one in self.assessments], superseded_by__isnull=True)
        return list(found.select_related("reviewer"))

    @cached_property
    def steps(self) -> dict[UUID, list[Step]]:
        """What was decided, by review."""
        return _by(Step.objects.filter(review__in=self.reviews), "review_id")

    @cached_property
    def overrides(self) -> dict[UUID, list[TypeOverride]]:
        """The reviewers' own types, by review."""
        return _by(TypeOverride.objects.filter(review__in=self.reviews), "review_id")

    @cached_property
    def reminders(self) -> list[Reminder]:
        """Everything that was, is or will be due, by day."""
        return list(reminders_of(self.patient))

    @cached_property
    def sources(self) -> dict[UUID, ResultSource]:
        """Where each imported finding came from."""
        return sources_of(self.patient)

    def assessment_of(self, review: Review) -> Assessment:
        """The assessment that was reviewed, from those read already."""
        return self._assessments[review.assessment_id]

    @cached_property
    def plans(self) -> list[Review]:
        """The signed reviews, the oldest first."""
        return sorted((one for one in self.reviews if one.signed_at), key=lambda one: one.signed_at or one.started_at)

    @cached_property
    def _assessments(self) -> dict[UUID, Assessment]:
        return {one.pk: one for one in self.assessments}


def _by(found: Iterable[Any], name: str) -> dict[UUID, list[Any]]:
    groups: dict[UUID, list[Any]] = defaultdict(list)
    for one in found:
        groups[getattr(one, name)].append(one)
    return groups
