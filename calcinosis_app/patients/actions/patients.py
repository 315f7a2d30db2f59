"""Taking a person into the clinic's care."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.accounts.permissions import PATIENT_WRITE
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.core.errors import Conflict
from calcinosis_app.patients.actions.not_same import write_not_same
from calcinosis_app.patients.actions.numbers import number_taken
from calcinosis_app.patients.alike import Typed
from calcinosis_app.patients.look_alikes import LookAlike, look_alikes
from calcinosis_app.patients.models import Patient

# Nobody lived longer, and the rules refuse to judge such a person.
LONGEST_LIFE = timedelta(days=150 * 365)


class MayBeSame(Conflict):
    """Nobody was created: the clinic has patients who may be the same person. They are listed, in the text by id only."""

    def __init__(self, found: Sequence[LookAlike]) -> None:
        ids = ", ".join(str(one.patient.pk) for one in found)
        super().__init__(
            f"Nobody was created: patients of your clinic may be the same person ({ids}). Open them, or say that it is somebody else."
        )
        self.found = found


@transaction.atomic
def create_patient(
    *,
    by: User,
    number: str,
    family_name: str,
    given_name: str,
    birth_date: date | None,
    sex: str,
    somebody_else: Collection[UUID] | None = (),
) -> Patient:
    """A new patient of the person's own clinic.

    `somebody_else` are the patients of whom the person says that they are not this one, which is written down. None asks nobody:
    it is for the demo, whose people are invented. Raises PermissionDenied, ValidationError for a blank name, a number that the
    clinic has given already, and a birth date in the future or longer ago than a life; and MayBeSame for anybody else who is alike.
    """
    require(by, PATIENT_WRITE)
    if by.clinic is None:
        raise PermissionDenied("A patient belongs to a clinic, and you belong to none.")
    check_birth_date(birth_date, timezone.localdate(timezone=by.clinic.zone))
    patient = Patient(
        clinic=by.clinic,
        number=number.strip(),
        family_name=family_name.strip(),
        given_name=given_name.strip(),
        birth_date=birth_date,
        sex=sex,
    )
    patient.full_clean(validate_constraints=False)
    # One after the other: of two who create the same person at the same moment, the second sees the first.
    Clinic.objects.select_for_update(no_key=True).only("pk").get(pk=by.clinic.pk)
    if Patient.objects.filter(clinic=by.clinic, number=patient.number).exists():
        raise ValidationError({"number": number_taken(by.clinic, patient.number)})
    alike = [] if somebody_else is None else look_alikes(_typed(patient), by.clinic.pk)
    if any(one.patient.pk not in (somebody_else or ()) for one in alike):
        raise MayBeSame(alike)
    try:
        with transaction.atomic():
            patient.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError({"number": number_taken(by.clinic, patient.number)}) from error
    record(by=by, action="patient.created", subject=patient)
    write_not_same(by=by, patient=patient, others=[one.patient for one in alike])
    return patient


def _typed(patient: Patient) -> Typed:
    return Typed(patient.number, patient.family_name, patient.given_name, patient.birth_date, patient.sex)


def check_birth_date(birth_date: date | None, today: date) -> None:
    """Passes for a day on which somebody alive may have been born. Raises ValidationError."""
    if birth_date is None:
        return
    if birth_date > today:
        raise ValidationError({"birth_date": f"{birth_date} lies in the future. Correct it, or leave it open."})
    if today - birth_date > LONGEST_LIFE:
        raise ValidationError({"birth_date": f"{birth_date} is more than 150 years ago. Correct the year, or leave it open."})
