"""What every change to a review checks first."""

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import REVIEW_SIGN
from calcinosis_app.accounts.policy import require
from calcinosis_app.assessments.errors import Refused
from calcinosis_app.assessments.models import Review
from calcinosis_app.assessments.models.step import TEXT_LENGTH
from calcinosis_app.assessments.reasons import ReasonGroup
from calcinosis_app.assessments.selectors import signed_review
from calcinosis_app.core.errors import Conflict


def hold_own_review(*, by: User, review: Review) -> Review:
    """The review as it is now, held until the transaction ends.

    Raises PermissionDenied or Http404 as the policy does, and Conflict for another person's review.
    """
    require(by, REVIEW_SIGN, review)
    held = Review.objects.select_for_update(of=("self",)).select_related("assessment__case__patient", "reviewer").get(pk=review.pk)
    if held.reviewer_id != by.pk:
        raise Conflict(f"This is {held.reviewer}'s review. Start your own review of the assessment to decide yourself.")
    return held


def hold_open_review(*, by: User, review: Review) -> Review:
    """The same, for a change: raises Conflict when it is signed already."""
    held = hold_own_review(by=by, review=review)
    if held.superseded_by_id is not None:
        raise Conflict("You have gone on with this review on a newer assessment of the case. Open that one.")
    if held.is_signed:
        raise Conflict("This review is signed and can no longer be changed. Assess the case again to review it anew.")
    return held


def check_nobody_signed(review: Review) -> None:
    """Raises Conflict when somebody else has signed the assessment meanwhile: what is decided now could no longer be signed."""
    if signed := signed_review(review.assessment):
        raise Conflict(
            f"{signed.reviewer} has signed a review of this assessment while you were deciding, so this was not stored. What you "
            "decided before is kept and shown on the assessment's page, and is carried over when the case is assessed again."
        )


def check_reason(reason_group: str, *, required: bool) -> None:
    """Raises Refused for a reason that is missing or is none of the seven."""
    if reason_group and reason_group not in ReasonGroup.values:
        raise Refused(f"{reason_group!r} is no reason of the list: choose one of the seven.")
    if required and not reason_group:
        raise Refused("A reason is missing: choose one of the seven, and add a few words when they help.")


def check_length(name: str, text: str) -> None:
    """Raises Refused for a text longer than is kept."""
    if len(text) > TEXT_LENGTH:
        raise Refused(f"The {name} has {len(text)} letters and may have {TEXT_LENGTH}: shorten it.")
