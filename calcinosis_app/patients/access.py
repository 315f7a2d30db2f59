"""The doors to one patient, case or lesion: found, allowed, and written down as opened.

Every page, fragment and API call that shows or changes something of a patient comes in here.
"""

from uuid import UUID

from django.http import Http404

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import opened
from calcinosis_app.patients.models import Case, Lesion, Patient


def enter_patient(*, by: User, permission: str, patient_id: UUID) -> Patient:
    """The patient. Raises PermissionDenied, or Http404 when not there, put away, or of another clinic."""
    require(by, permission)
    patient = Patient.objects.select_related("practice").filter(pk=patient_id).first()
    if patient is None or patient.is_put_away:
        raise Http404
    require(by, permission, patient)
    opened(by=by, patient=patient)
    return patient


def enter_case(*, by: User, permission: str, case_id: UUID) -> Case:
    """The case with its patient. Raises as `enter_patient` does."""
    require(by, permission)
    case = Case.objects.select_related("patient__practice", "opened_by").filter(pk=case_id).first()
    if case is None or case.patient.is_put_away:
        raise Http404
    require(by, permission, case)
    opened(by=by, patient=case.patient)
    return case


def enter_lesion(*, by: User, permission: str, case: Case, lesion_id: UUID) -> Lesion:
    """A lesion of a case that `enter_case` let in. Raises Http404 when removed or not there."""
    require(by, permission, case)
    lesion = Lesion.objects.filter(pk=lesion_id, case=case, removed_at__isnull=True).first()
    if lesion is None:
        raise Http404
    return lesion
