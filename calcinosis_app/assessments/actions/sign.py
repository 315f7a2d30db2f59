"""Signing a review: from then on it is final, and a plan."""

from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions.guard import hold_own_review
from calcinosis_app.assessments.bridge import canonical
from calcinosis_app.assessments.errors import Refused
from calcinosis_app.assessments.models import Review
from calcinosis_app.assessments.recompute import still_holds
from calcinosis_app.assessments.selectors import newest_assessment, signed_review, steps_of, type_overrides_of
from calcinosis_app.assessments.versions import version_of_review
from calcinosis_app.audit.actions import record
from calcinosis_app.core.errors import Conflict
from calcinosis_app.patients.actions.locking import hold
from calcinosis_app.patients.bridge import case_document
from calcinosis_app.rulebooks.bridge import current_release


@transaction.atomic
def sign(*, by: User, review: Review, seen: str | None = None) -> Review:
    """Signs the person's own review; a second press finds it signed and changes nothing.

    Raises Refused while nothing is decided and no note is written, and Conflict when somebody else has signed this
    assessment, the case is no longer what was assessed, or something was decided that the person has not seen (`seen`).
    """
    hold(review.assessment.case)
    held = hold_own_review(by=by, review=review)
    if held.is_signed:
        return held
    if other := signed_review(held.assessment):
        raise Conflict(f"{other.reviewer} has signed a review of this assessment already. Assess the case again to review it anew.")
    if canonical(case_document(held.assessment.case)) != held.assessment.findings:
        raise Conflict("What is recorded of this case has changed since it was assessed. Assess it again; what still fits is carried over.")
    if newest_assessment(held.assessment.case) != held.assessment:
        raise Conflict("There is a newer assessment of this case. Open that one, and review it instead; what still fits is carried over.")
    if current_release() != held.assessment.release:
        raise Conflict("The rules have been renewed since this was assessed. Assess the case again; what still fits is carried over.")
    today = timezone.localdate(timezone=held.assessment.case.patient.clinic.zone)
    if held.assessment.on < today and not still_holds(held.assessment, today):
        raise Conflict("Results have grown too old since this was assessed, and it reads differently today. Assess the case again.")
    if seen is not None and seen != version_of_review(held):
        raise Conflict(
            "Something was decided in another tab or window that this page did not show, so it was not signed. "
            "Go back to the page: it shows all that is decided now. Then sign."
        )
    steps = steps_of(held).count()
    if not steps and not held.note and not type_overrides_of(held).exists():
        raise Refused("There is nothing to sign yet: decide at least one step, or write a note.")
    held.signed_at = timezone.now()
    held.save(update_fields=["signed_at"])
    record(by=by, action="review.signed", subject=held, assessment=held.assessment_id, steps=steps)
    return held
