"""Beginning a review, and its note."""

from typing import Any

from django.db import transaction

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import REVIEW_SIGN
from calcinosis_app.accounts.policy import require
from calcinosis_app.assessments.actions.guard import hold_open_review, hold_own_review
from calcinosis_app.assessments.errors import Refused
from calcinosis_app.assessments.models import Assessment, Review, Step, TypeOverride
from calcinosis_app.assessments.models.review import NOTE_LENGTH
from calcinosis_app.assessments.selectors import newest_assessment, open_review, signed_review, steps_of, type_overrides_of
from calcinosis_app.assessments.standing import option_in, says_of, steps_in
from calcinosis_app.assessments.versions import NOTE, NOTE_SEEN
from calcinosis_app.audit.actions import record
from calcinosis_app.core.errors import Conflict
from calcinosis_app.core.stale import check_seen
from calcinosis_app.patients.actions.locking import hold


@transaction.atomic
def start_review(*, by: User, assessment: Assessment) -> Review:
    """The person's open review of the assessment; begun when there is none.

    What the same person had decided in an open review of an earlier assessment of the case is carried over wherever
    the new assessment says the same; the earlier review is superseded and keeps the rest. Raises Conflict when the assessment is signed
    already or no longer the case's newest.
    """
    require(by, REVIEW_SIGN, assessment)
    hold(assessment.case)
    if begun := open_review(assessment, by):
        return begun
    if signed := signed_review(assessment):
        raise Conflict(f"{signed.reviewer} has signed a review of this assessment already. Assess the case again to review it anew.")
    if newest_assessment(assessment.case) != assessment:
        raise Conflict("There is a newer assessment of this case. Open that one, and review it instead.")
    review = Review.objects.create(assessment=assessment, reviewer=by)
    carried = sum(_take_over(by, earlier, review) for earlier in _earlier_of(by, assessment))
    record(by=by, action="review.started", subject=review, assessment=assessment.pk, carried_over=carried)
    return review


@transaction.atomic
def write_note(*, by: User, review: Review, note: str, seen: str | None = None) -> Review:
    """Keeps the reviewer's own words about the whole assessment; the same words again change nothing, also when signed.

    Raises Refused when they are too many, and Conflict with both versions when the note is not the one that the person saw.
    """
    note = note.strip()
    held = hold_own_review(by=by, review=review)
    if note == held.note:
        return held
    held = hold_open_review(by=by, review=review)
    check_seen(
        seen=seen,
        stored={"note": held.note},
        sent={"note": note},
        labels=NOTE,
        say="You changed this note in another tab or window while this page was open.",
        by=str(held.reviewer),
        seen_as=NOTE_SEEN,
    )
    if len(note) > NOTE_LENGTH:
        raise Refused(f"The note has {len(note)} letters and may have {NOTE_LENGTH}: shorten it.")
    held.note = note
    held.save(update_fields=["note"])
    record(by=by, action="review.noted", subject=held)
    return held


def _earlier_of(by: User, assessment: Assessment) -> list[Review]:
    return list(
        Review.objects.filter(assessment__case=assessment.case_id, reviewer=by, signed_at__isnull=True, superseded_by__isnull=True)
        .exclude(assessment=assessment)
        .select_related("assessment")
        .order_by("started_at")
    )


def _take_over(by: User, earlier: Review, review: Review) -> int:
    """Moves what still fits from one open review into another, which supersedes it. Returns how many steps moved."""
    before, after = earlier.assessment.outcome, review.assessment.outcome
    moved = 0
    for step in steps_of(earlier):
        if _stands(step, before, after) and not Step.objects.filter(**_place(step, review)).exists():
            Step.objects.filter(pk=step.pk).update(review=review)
            moved += 1
    for override in type_overrides_of(earlier):
        if says_of(after, override.lesion) == override.says:
            TypeOverride.objects.filter(pk=override.pk).update(review=review)
    if earlier.note and not review.note:
        review.note = earlier.note
        review.save(update_fields=["note"])
    left = [{"step": step.treatment or step.row, "lesion": step.lesion, "decision": step.decision} for step in steps_of(earlier)]
    # What an earlier one had left behind already is still to be decided.
    Review.objects.filter(superseded_by=earlier).update(superseded_by=review)
    earlier.superseded_by = review
    earlier.save(update_fields=["superseded_by"])
    record(by=by, action="review.superseded", subject=earlier, review=review.pk, carried_over=moved, left_behind=left)
    return moved


def _stands(step: Step, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether both assessments say the same of what was decided: an option by its status and reasons, a step by being there."""
    if step.row:
        return (step.row, step.lesion) in steps_in(after)
    then, now = (option_in(outcome, step.treatment, step.lesion) for outcome in (before, after))
    return then is not None and now is not None and (then["status"], then["because"]) == (now["status"], now["because"])


def _place(step: Step, review: Review) -> dict[str, Any]:
    return {"review": review, "treatment": step.treatment, "row": step.row, "lesion": step.lesion}
