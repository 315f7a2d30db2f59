"""One writer at a time for each patient, and for each group of merged ones."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from calcinosis_app.patients.models import Case, Patient


def hold(case: Case) -> None:
    """Makes every other writer of this case, and of all cases of the patient's group, wait until the transaction ends.

    Fields are saved one by one as they are left, and *record* may be pressed twice: without order a field could slip
    between the reading and the clearing of the draft, and be lost. Findings of the patient count in every case, so a
    result recorded in one must not slip past the signing of another.
    """
    hold_patients([case.patient_id])


def hold_patients(ids: Iterable[UUID]) -> None:
    """The same for many patients at once, always in one order, so that two who hold several never wait for each other.

    Whoever writes for a group holds its survivor. Once a patient is held it can be neither merged nor unmerged, so a survivor that
    came into being while we waited is seen, and held as well.
    """
    wanted, held = set(ids), set[UUID]()
    while missing := wanted - held:
        survivors = Patient.objects.filter(pk__in=missing, merged_into__isnull=False).values("merged_into")
        locked = Patient.objects.select_for_update(no_key=True).filter(Q(pk__in=missing) | Q(pk__in=survivors)).order_by("pk")
        for pk, survivor in locked.values_list("pk", "merged_into"):
            held.add(pk)
            if survivor is not None:
                wanted.add(survivor)
        held |= missing
