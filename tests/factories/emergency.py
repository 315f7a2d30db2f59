"""Begins emergency access and transfers, through the same actions as the product."""

from calcinosis_app.accounts.models import Clinic, EmergencyAccess, User
from calcinosis_app.patients.actions import accept_transfer, break_glass, offer_transfer
from calcinosis_app.patients.models import Patient, TransferOffer

REASON = "Found unconscious in the street."


def in_emergency(by: User, patient: Patient) -> EmergencyAccess:
    """The access of a person of another clinic who knows everything of the patient."""
    access = break_glass(
        by=by,
        clinic=patient.clinic,
        number=patient.number,
        family_name=patient.family_name,
        birth_date=patient.birth_date,
        reason=REASON,
    )
    assert access is not None
    return access


def make_offer(by: User, patient: Patient, clinic: Clinic) -> TransferOffer:
    """The patient offered to a clinic."""
    return offer_transfer(by=by, patient=patient, clinic=clinic, reason="Moves house.")


def transferred(by: User, patient: Patient, to: User, number: str = "H-1") -> Patient:
    """The patient, offered by one and accepted by the other."""
    assert to.clinic is not None
    return accept_transfer(by=to, offer=make_offer(by, patient, to.clinic), number=number)
