"""Opening an assessment, a review, an offer or a notice, for pages: permission, clinic, and the audit event that a patient was opened."""

from uuid import UUID

from django.http import Http404

from calcinosis_app.accounts.models import EmergencyAccess, User
from calcinosis_app.accounts.permissions import ACCESS_WATCH, EMERGENCY_READ, PATIENT_TRANSFER
from calcinosis_app.accounts.policy import require
from calcinosis_app.assessments.models import Assessment, Review
from calcinosis_app.audit.actions import opened
from calcinosis_app.patients.models import TransferOffer


def enter_assessment(*, by: User, permission: str, assessment_id: UUID) -> Assessment:
    """The assessment with its case and patient. Raises PermissionDenied, or Http404 when not there or of another clinic."""
    require(by, permission)
    found = Assessment.objects.select_related("case__patient__clinic", "release", "made_by").filter(pk=assessment_id).first()
    if found is None:
        raise Http404
    require(by, permission, found)
    opened(by=by, patient=found.case.patient, thing=found)
    return found


def enter_review(*, by: User, permission: str, review_id: UUID) -> Review:
    """The review with its assessment. Raises as `enter_assessment` does."""
    require(by, permission)
    found = (
        Review.objects.select_related("assessment__case__patient__clinic", "assessment__release", "reviewer").filter(pk=review_id).first()
    )
    if found is None:
        raise Http404
    require(by, permission, found)
    opened(by=by, patient=found.assessment.case.patient, thing=found)
    return found


def enter_offer(*, by: User, offer_id: UUID) -> TransferOffer:
    """An offer of or to the person's clinic. Raises PermissionDenied, or Http404 for one between others.

    Who the patient is is told, and written down as opened, to the clinic that has the patient, and to the other while the offer is open.
    """
    require(by, PATIENT_TRANSFER)
    found = (
        TransferOffer.objects.select_related("patient__clinic", "from_clinic", "to_clinic", "offered_by", "ended_by")
        .filter(pk=offer_id)
        .first()
    )
    if found is None:
        raise Http404
    require(by, PATIENT_TRANSFER, found.received if by.clinic_id == found.to_clinic_id else found.sent)
    if tells_who(found, by):
        opened(by=by, patient=found.patient)
    return found


def tells_who(offer: TransferOffer, user: User) -> bool:
    """Whether this person may know whom the offer is about."""
    return offer.is_open or offer.patient.clinic_id == user.clinic_id


def enter_notice(*, by: User, access_id: UUID) -> EmergencyAccess:
    """An emergency access to a patient of the person's clinic. Raises as `enter_offer` does."""
    require(by, ACCESS_WATCH)
    found = EmergencyAccess.objects.filter(pk=access_id).first()
    if found is None:
        raise Http404
    require(by, ACCESS_WATCH, found)
    return found


def enter_own_emergency(*, by: User, access_id: UUID) -> EmergencyAccess:
    """An emergency access of the person's own. Raises Http404 for anybody else's."""
    require(by, EMERGENCY_READ)
    found = EmergencyAccess.objects.filter(pk=access_id, user=by).first()
    if found is None:
        raise Http404
    return found
