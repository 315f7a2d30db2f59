"""Handing a patient on to another clinic: offered, then accepted, declined or withdrawn. Until accepted, nothing changes."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.accounts.permissions import PATIENT_TRANSFER
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.core.errors import Conflict
from calcinosis_app.patients.actions.locking import hold_patient
from calcinosis_app.patients.actions.numbers import number_taken
from calcinosis_app.patients.models import PastNumber, Patient, TransferOffer
from calcinosis_app.patients.selectors import group_of

End = TransferOffer.End


@transaction.atomic
def offer_transfer(*, by: User, patient: Patient, clinic: Clinic, reason: str) -> TransferOffer:
    """Offers the patient to another clinic. The same offer again answers with the first one.

    Raises PermissionDenied or Http404 as the policy does, ValidationError for the own clinic and a missing reason, and Conflict
    for a practice case and while another offer is open.
    """
    require(by, PATIENT_TRANSFER, patient)
    hold_patient(patient)
    if patient.is_practice:
        raise Conflict("This is a practice case, nobody real. It stays in your clinic; others open the worked case themselves.")
    if clinic.pk == patient.clinic_id:
        raise ValidationError({"clinic": "The patient is in this clinic already. Choose another one."})
    if not reason.strip():
        raise ValidationError({"reason": "The reason is missing. The other clinic reads it before it accepts."})
    _refuse_merged(patient)
    waiting = TransferOffer.objects.filter(patient=patient, end="").select_related("to_clinic", "offered_by").first()
    if waiting is not None:
        if (waiting.to_clinic_id, waiting.offered_by_id) == (clinic.pk, by.pk):
            return waiting
        raise Conflict(f"{waiting.offered_by} has offered this patient to {waiting.to_clinic} already. Withdraw that offer first.")
    offer = TransferOffer(
        patient=patient,
        number=patient.number,
        from_clinic_id=patient.clinic_id,
        to_clinic=clinic,
        reason=reason.strip(),
        offered_by=by,
    )
    offer.full_clean(validate_constraints=False)
    offer.save(force_insert=True)
    record(by=by, action="transfer.offered", subject=offer, patient=patient.pk, to=clinic.pk)
    return offer


@transaction.atomic
def accept_transfer(*, by: User, offer: TransferOffer, number: str) -> Patient:
    """Takes the patient over, with everything, under a number of the own clinic. From this moment the other clinic is out.

    Cases, findings, drafts, assessments and reviews belong to the patient and need not move; reminders follow by the database.
    Pressed twice it happens once, as long as the patient is here. Raises ValidationError for a number that is missing or taken,
    Conflict when the offer has ended.
    """
    require(by, PATIENT_TRANSFER, offer.received)
    held = _held(offer)
    patient, number = held.patient, number.strip()
    if held.end == End.ACCEPTED and held.ended_by_id == by.pk and (patient.clinic_id, patient.number) == (held.to_clinic_id, number):
        return patient
    _refuse_ended(held)
    _refuse_merged(patient)
    if not number:
        raise ValidationError({"number": "The number is missing. Write the number by which your clinic will know the patient."})
    PastNumber.objects.get_or_create(clinic=held.from_clinic, number=patient.number, defaults={"patient": patient})
    patient.clinic, patient.number = held.to_clinic, number
    patient.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            patient.save(update_fields=["clinic", "number"])
    except IntegrityError as error:
        raise ValidationError({"number": number_taken(held.to_clinic, number)}) from error
    _end(held, by, End.ACCEPTED)
    record(by=by, action="transfer.accepted", subject=held, patient=patient.pk, of=held.from_clinic_id)
    return patient


@transaction.atomic
def decline_transfer(*, by: User, offer: TransferOffer, answer: str) -> TransferOffer:
    """Says no, with a reason that the other clinic reads. Raises as `accept_transfer` does."""
    require(by, PATIENT_TRANSFER, offer.received)
    if not answer.strip():
        raise ValidationError({"answer": "The reason is missing. The clinic that offers reads it."})
    return _close(offer, by, End.DECLINED, answer.strip())


@transaction.atomic
def withdraw_transfer(*, by: User, offer: TransferOffer) -> TransferOffer:
    """Takes the offer back. Raises Conflict when it was accepted or declined in the meantime."""
    require(by, PATIENT_TRANSFER, offer.sent)
    return _close(offer, by, End.WITHDRAWN)


def _close(offer: TransferOffer, by: User, end: str, answer: str = "") -> TransferOffer:
    held = _held(offer)
    if held.end == end and held.ended_by_id == by.pk:
        return held
    _refuse_ended(held)
    held.answer = answer
    held.full_clean(validate_constraints=False)
    _end(held, by, end)
    record(by=by, action=f"transfer.{end}", subject=held, patient=held.patient_id)
    return held


def _held(offer: TransferOffer) -> TransferOffer:
    """The offer as it is now. The patient is held first, as everybody does who writes to one."""
    Patient.objects.select_for_update().only("pk").get(pk=offer.patient_id)
    TransferOffer.objects.select_for_update().only("pk").get(pk=offer.pk)
    return TransferOffer.objects.select_related("patient", "from_clinic", "to_clinic", "ended_by").get(pk=offer.pk)


def _refuse_merged(patient: Patient) -> None:
    """A merge holds within one clinic: what was merged would be torn apart."""
    if group_of(patient.pk).count() > 1:
        raise Conflict("Another record was merged into this one, and merged records are not transferred. Unmerge it first.")


def _refuse_ended(held: TransferOffer) -> None:
    if held.end and held.ended_at:
        raise Conflict(
            f"The offer was {held.get_end_display()} by {held.ended_by} on {timezone.localtime(held.ended_at):%-d %b %Y at %H:%M}. "
            "Nothing was changed now."
        )


def _end(held: TransferOffer, by: User, end: str) -> None:
    held.end, held.ended_at, held.ended_by = end, timezone.now(), by
    held.save(update_fields=["end", "ended_at", "ended_by", "answer"])
