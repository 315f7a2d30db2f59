"""Taking a person into the clinic's care."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import PATIENT_WRITE
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.patients.actions.numbers import number_taken
from calcinosis_app.patients.models import Patient

# Nobody lived longer, and the rules refuse to judge such a person.
LONGEST_LIFE = timedelta(days=150 * 365)


@transaction.atomic
def create_patient(
    *,
    by: User,
    number: str,
    family_name: str,
    given_name: str,
    birth_date: date | None,
    sex: str,
) -> Patient:
    """A new patient of the person's own clinic.

    Raises PermissionDenied, and ValidationError for a blank name, a number that the clinic has
    given already, and a birth date in the future or longer ago than a life.
    """
    require(by, PATIENT_WRITE)
    if by.clinic is None:
        raise PermissionDenied("A patient belongs to a clinic, and you belong to none.")
    _check_birth_date(birth_date, timezone.localdate(timezone=by.clinic.zone))
    patient = Patient(
        clinic=by.clinic,
        number=number.strip(),
        family_name=family_name.strip(),
        given_name=given_name.strip(),
        birth_date=birth_date,
        sex=sex,
    )
    patient.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            patient.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError({"number": number_taken(by.clinic, patient.number)}) from error
    record(by=by, action="patient.created", subject=patient)
    return patient


def _check_birth_date(birth_date: date | None, today: date) -> None:
    if birth_date is None:
        return
    if birth_date > today:
        raise ValidationError({"birth_date": f"{birth_date} lies in the future. Correct it, or leave it open."})
    if today - birth_date > LONGEST_LIFE:
        raise ValidationError({"birth_date": f"{birth_date} is more than 150 years ago. Correct the year, or leave it open."})
