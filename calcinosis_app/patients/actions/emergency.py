"""Reading a patient of another clinic in an emergency: whoever needs it shows that the patient is known."""

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from calcinosis_app.accounts.actions import check_tries, open_emergency, refuse_emergency
from calcinosis_app.accounts.models import Clinic, EmergencyAccess, User
from calcinosis_app.patients.models import Patient
from calcinosis_app.patients.names import folded

SHORTEST_REASON: Final = 10


@transaction.atomic
def break_glass(*, by: User, clinic: Clinic, number: str, family_name: str, birth_date: date | None, reason: str) -> EmergencyAccess | None:
    """Opens reading access when all particulars are as on record; nothing for any that is not, whether there is such a patient or not.

    `birth_date` is None when the record has none. What did not fit is counted, and written down without what was typed. Raises
    PermissionDenied, TooManyTries, and ValidationError for a reason too short and for one's own clinic.
    """
    check_tries(by=by)
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError(
            {"reason": f"Say in at least {SHORTEST_REASON} letters what the emergency is. The patient's clinic reads it."}
        )
    if clinic.pk == by.clinic_id:
        raise ValidationError({"clinic": "This is your own clinic: search for the patient under Patients."})
    patient = Patient.objects.filter(clinic=clinic, number=number.strip(), practice__isnull=True).first()
    if patient is None or folded(patient.family_name) != folded(family_name) or patient.birth_date != birth_date:
        refuse_emergency(by=by, clinic=clinic)
        return None
    return open_emergency(by=by, clinic=clinic, record_id=patient.record_id, reason=reason)
