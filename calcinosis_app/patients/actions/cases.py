"""Opening a case, and its lesions."""

from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import CASE_WRITE
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.core.errors import Conflict
from calcinosis_app.patients.actions.locking import hold, hold_patient
from calcinosis_app.patients.models import Case, DraftEntry, Lesion, Patient
from calcinosis_app.patients.selectors import lesions_of, survivor_of

# Each lesion is judged against every table and has a pathway of its own on the page.
MOST_LESIONS = 20


@transaction.atomic
def open_case(*, by: User, patient: Patient, title: str = "") -> Case:
    """A new case with its first lesion: a presentation without any deposit is none. A duplicate's case is opened under its survivor."""
    require(by, CASE_WRITE, patient)
    hold_patient(patient)
    case = Case(patient=survivor_of(patient.pk), title=title.strip(), opened_by=by)
    case.full_clean()
    case.save(force_insert=True)
    record(by=by, action="case.opened", subject=case, patient=case.patient_id)
    add_lesion(by=by, case=case)
    return case


@transaction.atomic
def add_lesion(*, by: User, case: Case) -> Lesion:
    """One more lesion, labelled L1, L2, ... A label is never used twice, also after a removal.

    Raises Conflict when the case has as many as a page can show.
    """
    require(by, CASE_WRITE, case)
    hold(case)
    if lesions_of(case).count() >= MOST_LESIONS:
        raise Conflict(f"This case has {MOST_LESIONS} lesions, and no more can be added. Describe deposits that are alike as one lesion.")
    number = Lesion.objects.filter(case=case).count() + 1
    lesion = Lesion.objects.create(case=case, label=f"L{number}", added_by=by)
    record(by=by, action="lesion.added", subject=lesion, case=case.pk)
    return lesion


@transaction.atomic
def remove_lesion(*, by: User, lesion: Lesion) -> None:
    """Takes a lesion that was entered by mistake out of the case; its findings stay on record.

    What was typed for it and not recorded is discarded. Raises Conflict for the last lesion.
    """
    require(by, CASE_WRITE, lesion)
    hold(lesion.case)
    lesion.refresh_from_db()
    if lesion.removed_at is not None:
        return
    if lesions_of(lesion.case).count() == 1:
        raise Conflict(
            f"{lesion.label} is the only lesion of this case, and a case needs one. Add the right lesion first, then remove this one."
        )
    typed = DraftEntry.objects.filter(lesion=lesion)
    discarded = [{"key": entry.key, "slot": entry.slot} for entry in typed]
    typed.delete()
    lesion.removed_at = timezone.now()
    lesion.removed_by = by
    lesion.save(update_fields=["removed_at", "removed_by"])
    record(by=by, action="lesion.removed", subject=lesion, case=lesion.case_id, discarded=discarded)
