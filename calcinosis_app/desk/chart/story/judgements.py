"""Assessments, reviews and the plans that were signed."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.text import capfirst

from calcinosis_app.assessments.decisions import Decision
from calcinosis_app.assessments.models import Assessment, Review, Step
from calcinosis_app.desk.chart.record import Record
from calcinosis_app.desk.chart.story.entry import Entry, Mark
from calcinosis_app.desk.places import Titles
from calcinosis_app.desk.review_form import type_label
from calcinosis_app.desk.selectors import Assessed
from calcinosis_app.rulebooks.bridge import rules_of
from calcinosis_app.rulebooks.presentation.words import humanised

TONES = {"decided": "good", "open": "warning", "several": "info", "withheld": "danger"}
DECIDED = {
    Decision.ACCEPT.value: "accepted",
    Decision.CHANGE.value: "accepted with changes",
    Decision.DEFER.value: "deferred",
    Decision.DECLINE.value: "declined",
    Decision.ORDERED_ALREADY.value: "ordered already",
    Decision.WILL_REVIEW.value: "to be reviewed",
}


def entries(record: Record) -> Iterator[Entry]:
    """One entry for each assessment and for each review, open ones too."""
    for assessment in record.assessments:
        yield _assessed(record, assessment)
    for review in record.reviews:
        yield _reviewed(record, review)


def _assessed(record: Record, assessment: Assessment) -> Entry:
    told = Assessed(assessment, (), named=record.titles_in(assessment.case_id))
    return Entry(
        at=assessment.made_at,
        kind="assessment",
        title=f"Assessed as of {assessment.on:%-d %b %Y}",
        says=(told.types, f"Under release {assessment.release.number}, by {assessment.made_by}"),
        marks=(Mark(told.status, TONES.get(told.status, "info")), *(Mark(text, "danger") for text in told.emergencies)),
        url=reverse("desk:assessment", args=[assessment.pk]),
        link="Assessment",
    )


def _reviewed(record: Record, review: Review) -> Entry:
    steps = record.steps.get(review.pk, [])
    assessment = record.assessment_of(review)
    titles = record.titles_in(assessment.case_id)
    own = (
        f"{titles.get(one.lesion, one.lesion)}: {type_label(one.type)} instead of {type_label(one.says) if one.says else 'open'}"
        for one in record.overrides.get(review.pk, ())
    )
    said = [f"{capfirst(words)}: {'; '.join(_named(assessment, one, titles) for one in some)}" for words, some in _by_decision(steps)]
    overridden = [Mark("past an absolute gate", "danger")] if any(one.is_override for one in steps) else []
    return Entry(
        at=review.signed_at or review.started_at,
        kind="review",
        title=f"Plan signed by {review.reviewer}" if review.signed_at else f"Review begun by {review.reviewer}",
        says=(f"Of the assessment of {assessment.on:%-d %b %Y}", *own, *said, *([f"Note: {review.note}"] if review.note else [])),
        marks=tuple([] if review.signed_at else [Mark("not signed", "warning")]) + tuple(overridden),
        url=reverse("desk:assessment", args=[review.assessment_id]),
        link="Assessment",
    )


def _by_decision(steps: list[Step]) -> Iterator[tuple[str, list[Step]]]:
    for decision, words in DECIDED.items():
        if some := [one for one in steps if one.decision == decision]:
            yield words, some


def _named(assessment: Assessment, step: Step, titles: Titles) -> str:
    rules = rules_of(assessment.release)
    if step.treatment:
        treatment = rules.treatments.get(step.treatment)
        name = str(treatment.name) if treatment else step.treatment
    else:
        row = rules.rows.get(step.row, {})
        name = str(row.get("step") or row.get("what_to_check") or humanised(step.row))
    named = f"{name} ({titles.get(step.lesion, step.lesion)})" if step.lesion else name
    why = ": ".join(text for text in (step.get_reason_group_display(), step.text) if text)
    return f"{named}, because {why}" if why else named
