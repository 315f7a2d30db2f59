"""One writer at a time for each patient."""

from collections.abc import Iterable
from uuid import UUID

from calcinosis_app.patients.models import Case, Patient


def hold(case: Case) -> None:
    """Makes every other writer of this case, and of the patient's other cases, wait until the transaction ends.

    Fields are saved one by one as they are left, and *record* may be pressed twice: without order a field could slip
    between the reading and the clearing of the draft, and be lost. Findings of the patient count in every case, so a
    result recorded in one must not slip past the signing of another.
    """
    Patient.objects.select_for_update(no_key=True).only("pk").get(pk=case.patient_id)


def hold_patients(ids: Iterable[UUID]) -> None:
    """The same for many patients at once, always in one order, so that two who hold several never wait for each other."""
    list(Patient.objects.select_for_update(no_key=True).filter(pk__in=set(ids)).order_by("pk").values_list("pk"))
