"""Correcting who a patient is: a misspelt name, a birth date that became known."""

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import PATIENT_WRITE
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.audit.selectors import last_event
from calcinosis_app.core.errors import Conflict
from calcinosis_app.core.stale import Label, check_seen, version_of
from calcinosis_app.patients.actions.locking import hold_patient
from calcinosis_app.patients.actions.numbers import number_taken
from calcinosis_app.patients.actions.patients import check_birth_date
from calcinosis_app.patients.models import PastNumber, Patient

PARTICULARS: Final = {
    "family_name": Label("Family name"),
    "given_name": Label("Given name"),
    "birth_date": Label("Birth date"),
    "sex": Label("Sex", choices=tuple((str(value), str(label)) for value, label in Patient.Sex.choices)),
    "number": Label("Number"),
}


@transaction.atomic
def correct_patient(
    *,
    by: User,
    patient: Patient,
    number: str,
    family_name: str,
    given_name: str,
    birth_date: date | None,
    sex: str,
    seen: str | None = None,
) -> Patient:
    """Corrects the particulars; the old ones stay in the history, and an old number stays this patient's.

    A corrected birth date or sex makes signed plans outdated: they were judged for another age or range. Raises PermissionDenied
    or Http404 as the policy does, ValidationError as `create_patient` does, and Conflict for a practice case, a patient who has gone
    to another clinic, and, with both versions, when the particulars are not those that were `seen`.
    """
    require(by, PATIENT_WRITE, patient)
    hold_patient(patient)
    stored = Patient.objects.select_related("clinic", "practice").get(pk=patient.pk)
    if stored.is_practice:
        raise Conflict("This is a practice case: the invented patient stays as the worked case has it.")
    check_birth_date(birth_date, timezone.localdate(timezone=stored.clinic.zone))
    before = _texts(stored)
    for name, value in {"number": number, "family_name": family_name, "given_name": given_name}.items():
        setattr(stored, name, value.strip())
    stored.birth_date, stored.sex = birth_date, sex
    after = _texts(stored)
    last = last_event(stored, "patient.corrected")
    check_seen(
        seen=seen,
        stored=before,
        sent=after,
        labels=PARTICULARS,
        say="Somebody else corrected these particulars while you were writing.",
        by=last.actor if last else "",
        at=last.at if last else None,
    )
    changed = sorted(name for name, value in after.items() if before[name] != value)
    if changed:
        stored.full_clean(validate_constraints=False)
        _store(stored, changed, before["number"])
        record(by=by, action="patient.corrected", subject=stored, changed=changed)
    return stored


def version_of_particulars(patient: Patient) -> str:
    """What the form that corrects them was made from."""
    return version_of(_texts(patient))


def _texts(patient: Patient) -> dict[str, str]:
    return {name: str(getattr(patient, name) or "") for name in PARTICULARS}


def _store(patient: Patient, changed: list[str], old_number: str) -> None:
    """Raises ValidationError for a number that is another patient's, now or in the past."""
    if "number" in changed:
        PastNumber.objects.get_or_create(clinic=patient.clinic, number=old_number, defaults={"patient": patient})
    try:
        with transaction.atomic():
            patient.save(update_fields=changed)
    except IntegrityError as error:
        raise ValidationError({"number": number_taken(patient.clinic, patient.number)}) from error
