"""One writer at a time for each patient, and for each group of merged ones."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from calcinosis_app.core.errors import Conflict
from calcinosis_app.patients.models import Case, Patient

MOVED: Final = (
    "The patient was transferred to another clinic while this page was open. Nothing was changed; the new clinic goes on from here."
)


def hold(case: Case) -> None:
    """Makes every other writer of this case, and of all cases of the patient's group, wait until the transaction ends.

    Fields are saved one by one as they are left, and *record* may be pressed twice: without order a field could slip
    between the reading and the clearing of the draft, and be lost. Findings of the patient count in every case, so a
    result recorded in one must not slip past the signing of another.

    Raises Conflict when the patient has meanwhile gone to another clinic: whoever was let in before has no business there now.
    """
    _hold_in_clinic(case.patient_id, case.clinic_id)


def hold_patient(patient: Patient) -> None:
    """The same for the patient, as it was read before. Raises Conflict as `hold` does."""
    _hold_in_clinic(patient.pk, patient.clinic_id)


def _hold_in_clinic(patient_id: UUID, clinic_id: UUID) -> None:
    hold_patients([patient_id])
    if not Patient.objects.filter(pk=patient_id, clinic=clinic_id).exists():
        raise Conflict(MOVED)


def hold_patients(ids: Iterable[UUID]) -> None:
    """The same for many patients at once, always in one order, so that two who hold several never wait for each other.

    Whoever writes for a group holds its survivor. A patient may be merged or unmerged while we wait for it: then what was held is
    let go, for whoever already holds the survivor and waits for the patient, and all of it is held anew.
    """
    wanted = set(ids)
    while not _held(wanted):
        pass


def _held(wanted: set[UUID]) -> bool:
    survivors = Patient.objects.filter(pk__in=wanted, merged_into__isnull=False).values("merged_into")
    rows = Patient.objects.select_for_update(no_key=True).filter(Q(pk__in=wanted) | Q(pk__in=survivors)).order_by("pk")
    savepoint = transaction.savepoint()
    held = dict(rows.values_list("pk", "merged_into"))  # as they are now, not as they were before we waited
    if all(held[pk] is None or held[pk] in held for pk in wanted & held.keys()):
        transaction.savepoint_commit(savepoint)
        return True
    transaction.savepoint_rollback(savepoint)
    return False
