"""Inventing a patient on whom a worked case is practised, and putting the practice away."""

import uuid
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import CASE_WRITE, PATIENT_WRITE
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.core.errors import Conflict
from calcinosis_app.patients.models import Patient, Practice

FAMILY_NAME = "Practice case"


@transaction.atomic
def begin_practice(*, by: User, worked_case: str, birth_date: date | None, sex: str) -> tuple[Patient, bool]:
    """The person's invented patient for this worked case, and whether it was made just now.

    Pressed twice, also at the same moment, there is one. Raises PermissionDenied for a person without clinic.
    """
    require(by, PATIENT_WRITE)
    require(by, CASE_WRITE)
    if by.clinic is None:
        raise PermissionDenied("A practice case belongs to a clinic, and you belong to none.")
    mine = Practice.objects.filter(clinic=by.clinic, started_by=by, worked_case=worked_case, put_away_at__isnull=True)
    if begun := mine.select_related("patient").first():
        return begun.patient, False
    try:
        with transaction.atomic():
            return _invent(by, worked_case, birth_date, sex), True
    except IntegrityError:
        # The same press, a moment earlier: its practice is there now.
        return mine.select_related("patient").get().patient, False


@transaction.atomic
def put_practice_away(*, by: User, patient: Patient) -> None:
    """Ends the practice: the invented patient is nowhere to be found any more. What was written down of it stays written.

    Raises Conflict for a real patient, and for somebody else's practice. A second press changes nothing.
    """
    require(by, CASE_WRITE, patient)
    practice = Practice.objects.select_for_update().filter(patient=patient).first()
    if practice is None:
        raise Conflict("This is a patient of the clinic, not a practice case. Patients are not put away.")
    if practice.started_by_id != by.pk:
        raise Conflict("This practice case was begun by somebody else, who alone can put it away.")
    if practice.put_away_at is not None:
        return
    practice.put_away_at = timezone.now()
    practice.save(update_fields=["put_away_at"])
    record(by=by, action="practice.put_away", subject=patient, worked_case=practice.worked_case)


def _invent(by: User, worked_case: str, birth_date: date | None, sex: str) -> Patient:
    id_ = uuid.uuid4()
    patient = Patient(
        id=id_,
        clinic=by.clinic,
        number=f"PRACTICE-{id_.hex[:10].upper()}",
        family_name=FAMILY_NAME,
        given_name=worked_case,
        birth_date=birth_date,
        sex=sex,
    )
    patient.full_clean(validate_constraints=False)
    patient.save(force_insert=True)
    practice = Practice(patient=patient, clinic=by.clinic, worked_case=worked_case, started_by=by)
    practice.save(force_insert=True)
    record(by=by, action="practice.begun", subject=patient, worked_case=worked_case)
    return patient
