"""Answering open questions of an assessment, and having the case assessed again, as one step."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions.assess import assess_case
from calcinosis_app.assessments.actions.review import start_review
from calcinosis_app.assessments.models import Assessment
from calcinosis_app.assessments.selectors import open_review
from calcinosis_app.patients.actions import record, save_entry
from calcinosis_app.patients.models import Lesion
from calcinosis_app.patients.selectors import free_slot


@dataclass(frozen=True)
class Answer:
    """One question answered beside an option: of which lesion, and what was said, in the form of case entry."""

    key: str
    lesion: Lesion | None
    raw: dict[str, Any]


@transaction.atomic
def answer_and_assess(*, by: User, assessment: Assessment, answers: Iterable[Answer]) -> Assessment:
    """Records the answers, and nothing else of the draft, assesses the case again, and carries an open review over.

    Raises EntriesRefused for an answer in error; then nothing has happened.
    """
    entries = []
    for one in answers:
        # Beside what somebody may have typed for the same fact and not recorded, never in its place.
        slot = free_slot(assessment.case, one.key, one.lesion)
        entry = save_entry(by=by, case=assessment.case, key=one.key, raw=one.raw, lesion=one.lesion, slot=slot)
        if entry is not None:
            entries.append(entry)
    record(by=by, case=assessment.case, only=entries)
    under_review = open_review(assessment, by) is not None
    again = assess_case(by=by, case=assessment.case)
    if under_review:
        start_review(by=by, assessment=again)
    return again
