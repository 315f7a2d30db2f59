"""One writer at a time for each patient."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from calcinosis_app.core.errors import Conflict
from calcinosis_app.patients.models import Case, Patient

MOVED: Final = (
    "The patient was transferred to another clinic while this page was open. Nothing was changed; the new clinic goes on from here."
)


def hold(case: Case) -> None:
    """Makes every other writer of this case, and of the patient's other cases, wait until the transaction ends.

    Fields are saved one by one as they are left, and *record* may be pressed twice: without order a field could slip
    between the reading and the clearing of the draft, and be lost. Findings of the patient count in every case, so a
    result recorded in one must not slip past the signing of another.

    Raises Conflict when the patient has meanwhile gone to another clinic: whoever was let in before has no business there now.
    """
    held = _held(case.patient_id)
    if held.clinic_id != case.clinic_id:
        raise Conflict(MOVED)


def hold_patient(patient: Patient) -> None:
    """The same for the patient, as it was read before. Raises Conflict as `hold` does."""
    if _held(patient.pk).clinic_id != patient.clinic_id:
        raise Conflict(MOVED)


def _held(patient_id: UUID) -> Patient:
    return Patient.objects.select_for_update(no_key=True).only("pk", "clinic").get(pk=patient_id)


def hold_patients(ids: Iterable[UUID]) -> None:
    """The same for many patients at once, always in one order, so that two who hold several never wait for each other."""
    list(Patient.objects.select_for_update(no_key=True).filter(pk__in=set(ids)).order_by("pk").values_list("pk"))
