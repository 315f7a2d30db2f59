"""Opening an assessment or a review: found, allowed, and written down that a patient was opened."""

from uuid import UUID

from django.http import Http404

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.policy import require
from calcinosis_app.assessments.models import Assessment, Review
from calcinosis_app.audit.actions import opened


def enter_assessment(*, by: User, permission: str, assessment_id: UUID) -> Assessment:
    """The assessment with its case and patient. Raises PermissionDenied, or Http404 when not there or of another clinic."""
    require(by, permission)
    about = ("case__patient__clinic", "case__patient__practice", "case__patient__merged_into", "release", "made_by")
    found = Assessment.objects.select_related(*about).filter(pk=assessment_id).first()
    if found is None or found.case.patient.is_put_away:
        raise Http404
    require(by, permission, found)
    opened(by=by, patient=found.case.patient.survivor, thing=found)
    return found


def enter_review(*, by: User, permission: str, review_id: UUID) -> Review:
    """The review with its assessment. Raises as `enter_assessment` does."""
    require(by, permission)
    of_patient = tuple(f"assessment__case__patient__{name}" for name in ("clinic", "practice", "merged_into"))
    found = Review.objects.select_related(*of_patient, "assessment__release", "reviewer").filter(pk=review_id).first()
    if found is None or found.assessment.case.patient.is_put_away:
        raise Http404
    require(by, permission, found)
    opened(by=by, patient=found.assessment.case.patient.survivor, thing=found)
    return found
