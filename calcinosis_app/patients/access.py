"""The doors to one patient, case, lesion or offer: found, allowed, and written down as opened.

Every page, fragment and API call that shows or changes something of a patient comes in here.
"""

from uuid import UUID

from django.http import Http404

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import PATIENT_TRANSFER
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import opened
from calcinosis_app.patients.models import Case, Lesion, Patient, TransferOffer


def enter_patient(*, by: User, permission: str, patient_id: UUID) -> Patient:
    """The patient; of one that was merged into another, the survivor.

    Raises PermissionDenied, or Http404 when not there, put away, or of another clinic.
    """
    require(by, permission)
    found = Patient.objects.select_related("practice", "merged_into").filter(pk=patient_id).first()
    if found is None or found.is_put_away:
        raise Http404
    require(by, permission, found)
    patient = found.survivor
    opened(by=by, patient=patient)
    return patient


def enter_case(*, by: User, permission: str, case_id: UUID) -> Case:
    """The case with its patient. Raises as `enter_patient` does."""
    require(by, permission)
    about = ("patient__clinic", "patient__practice", "patient__merged_into__clinic", "opened_by")
    case = Case.objects.select_related(*about).filter(pk=case_id).first()
    if case is None or case.patient.is_put_away:
        raise Http404
    require(by, permission, case)
    opened(by=by, patient=case.patient.survivor, thing=case)
    return case


def enter_lesion(*, by: User, permission: str, case: Case, lesion_id: UUID) -> Lesion:
    """A lesion of a case that `enter_case` let in. Raises Http404 when removed or not there."""
    require(by, permission, case)
    lesion = Lesion.objects.filter(pk=lesion_id, case=case, removed_at__isnull=True).first()
    if lesion is None:
        raise Http404
    return lesion


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
