"""Two patients turn out to be one person, or turn out not to be.

Nothing is moved: the duplicate points to the survivor, and whoever reads asks for the group. So unmerging, which empties the
pointer, gives back what was.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import PATIENT_MERGE
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.core.errors import Conflict
from calcinosis_app.patients.actions.locking import hold_patients
from calcinosis_app.patients.models import Merge, Patient, TransferOffer
from calcinosis_app.patients.models.merge import REASON_LENGTH


@transaction.atomic
def merge_patients(*, by: User, survivor: Patient, duplicate: Patient, reason: str) -> Merge:
    """From now on `duplicate` is known as `survivor`. Done twice it is done once.

    Raises PermissionDenied or Http404 as the policy does, ValidationError without a reason, and Conflict where it cannot be: with
    itself, and with one that is merged elsewhere or has duplicates of its own. Chains are not built: one survivor, its duplicates.
    """
    require(by, PATIENT_MERGE, survivor)
    require(by, PATIENT_MERGE, duplicate)
    reason = _reason(reason)
    if survivor.pk == duplicate.pk:
        raise Conflict("This is one and the same record. Choose another one to merge it with.")
    hold_patients([survivor.pk, duplicate.pk])
    held = Patient.objects.in_bulk([survivor.pk, duplicate.pk])
    stays, goes = held[survivor.pk], held[duplicate.pk]
    if goes.merged_into_id == stays.pk:
        return Merge.objects.get(duplicate=goes, unmerged_at__isnull=True)
    _check(stays, goes)
    goes.merged_into = stays
    goes.save(update_fields=["merged_into"])
    merge = Merge.objects.create(duplicate=goes, survivor=stays, reason=reason, merged_by=by)
    record(by=by, action="patient.merged", subject=goes, survivor=stays.pk)
    return merge


@transaction.atomic
def unmerge_patients(*, by: User, duplicate: Patient, reason: str) -> Merge | None:
    """The duplicate is a patient of its own again, with all that was ever entered under it. Nothing happens when it is one already."""
    require(by, PATIENT_MERGE, duplicate)
    reason = _reason(reason)
    hold_patients([duplicate.pk])
    held = Patient.objects.get(pk=duplicate.pk)
    if held.merged_into_id is None:
        return None
    merge = Merge.objects.select_for_update().get(duplicate=held, unmerged_at__isnull=True)
    merge.unmerged_at, merge.unmerged_by, merge.unmerge_reason = timezone.now(), by, reason
    merge.save(update_fields=["unmerged_at", "unmerged_by", "unmerge_reason"])
    held.merged_into = None
    held.save(update_fields=["merged_into"])
    record(by=by, action="patient.unmerged", subject=held, survivor=merge.survivor_id)
    return merge


def _reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": "The reason is missing. Say in a few words how you know."})
    if len(reason) > REASON_LENGTH:
        raise ValidationError({"reason": f"The reason has {len(reason)} letters and may have {REASON_LENGTH}: shorten it."})
    return reason


def _check(stays: Patient, goes: Patient) -> None:
    if stays.is_practice or goes.is_practice:
        raise Conflict("One of the two records is of a worked case: nobody is behind it, and it is merged with nothing.")
    if stays.clinic_id != goes.clinic_id:
        raise Conflict(
            "The two records belong to different clinics, and only records of one clinic are merged. Transfer one of them first."
        )
    if goes.merged_into_id is not None:
        raise Conflict("The record that is to go was merged into another one already. Open it, and unmerge it first if that was wrong.")
    if stays.merged_into_id is not None:
        raise Conflict("The record that is to stay was merged into another one. Choose that one to stay.")
    if TransferOffer.objects.filter(patient__in=[stays, goes], end="").exists():
        raise Conflict("One of the two records is offered to another clinic. Withdraw the offer, or wait for the answer, then merge.")
    if Patient.objects.filter(merged_into=goes).exists():
        raise Conflict("Other records were merged into the one that is to go. Let it stay instead, or unmerge those first.")
