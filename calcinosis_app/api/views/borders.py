"""Across the border of a clinic: handing a patient on, and reading another clinic's patient in an emergency."""

from typing import Any
from uuid import UUID

from django.http import Http404

from calcinosis_app.accounts.access import enter_notice, enter_own_emergency
from calcinosis_app.accounts.actions import end_emergency, mark_emergency_seen
from calcinosis_app.accounts.models import Clinic
from calcinosis_app.accounts.permissions import ACCESS_WATCH, EMERGENCY_READ, PATIENT_TRANSFER
from calcinosis_app.accounts.policy import require
from calcinosis_app.accounts.selectors import emergencies_in, live_emergencies_of, other_clinics
from calcinosis_app.api.endpoint import Endpoint
from calcinosis_app.api.errors import Mistake, Mistakes
from calcinosis_app.api.operation import Call, operation
from calcinosis_app.api.paging import a_page
from calcinosis_app.api.shapes import borders as shapes
from calcinosis_app.api.shapes.parts import PAGING, a_page_of, answered, listed, one_of
from calcinosis_app.api.shapes.persons import CLINIC, clinic
from calcinosis_app.patients.access import enter_offer, enter_patient
from calcinosis_app.patients.actions import accept_transfer, break_glass, decline_transfer, offer_transfer, withdraw_transfer
from calcinosis_app.patients.selectors import transfers_in, transfers_out
from calcinosis_app.patients.typed import day

TAG = "borders"
NO_FIT = "No patient of this clinic has exactly these particulars. Check each of them, or call the clinic. What was asked is written down."
ENDED = "The offer has ended otherwise."


def other_clinic(call: Call) -> Clinic:
    """The one that is named. Raises Mistakes where there is no such other clinic."""
    found = other_clinics(call.by).filter(pk=call.body["clinic"]).first()
    if found is None:
        raise Mistakes(422, [Mistake("is no other clinic: choose one of the list", "clinic", call.body["clinic"])])
    return found


class ClinicsView(Endpoint):
    """The other clinics of this installation."""

    @operation("list_clinics", "The other clinics of this installation, by name", tag=TAG, gives=answered(items=listed(CLINIC)))
    def get(self, call: Call) -> Any:
        """To which a patient can be handed on."""
        require(call.by, PATIENT_TRANSFER)
        return {"items": [clinic(one) for one in other_clinics(call.by)]}


class TransfersView(Endpoint):
    """All offers of the clinic."""

    @operation(
        "list_transfers",
        "What was offered to the clinic, or by it; newest first",
        "The list names nobody: patient is null here, and stands in the offer itself.",
        tag=TAG,
        gives=a_page_of(shapes.TRANSFER),
        query={**PAGING, "side": one_of(("in", "out"), "Offered to us, or by us.", example="in")},
        needed=["side"],
    )
    def get(self, call: Call) -> Any:
        """Open and ended."""
        require(call.by, PATIENT_TRANSFER)
        found = transfers_in(call.by) if call.query["side"] == "in" else transfers_out(call.by)
        return a_page(found, call.query, shapes.transfer)


class OfferTransferView(Endpoint):
    """Offering a patient."""

    @operation(
        "offer_transfer",
        "Offer a patient to another clinic",
        "Nothing changes until it accepts. The same offer again answers with the first one.",
        tag=TAG,
        body=shapes.OFFER,
        gives=shapes.TRANSFER,
        places=["patient_id"],
        refuses="It is your own clinic or none, or the reason is blank.",
        conflicts="The patient is offered to another clinic already.",
    )
    def post(self, call: Call, patient_id: UUID) -> Any:
        """With a reason."""
        found = enter_patient(by=call.by, permission=PATIENT_TRANSFER, patient_id=patient_id)
        made = offer_transfer(by=call.by, patient=found, clinic=other_clinic(call), reason=call.body["reason"])
        return shapes.transfer(enter_offer(by=call.by, offer_id=made.pk), call.by)


class TransferView(Endpoint):
    """One offer."""

    @operation("read_transfer", "One offer, as your clinic may know it", tag=TAG, gives=shapes.TRANSFER, places=["offer_id"])
    def get(self, call: Call, offer_id: UUID) -> Any:
        """Whom it is about, while it is open."""
        return shapes.transfer(enter_offer(by=call.by, offer_id=offer_id), call.by)


class AcceptTransferView(Endpoint):
    """Taking over."""

    @operation(
        "accept_transfer",
        "Take the patient over, with everything",
        "From this moment the other clinic is out. Assess the cases anew: drug labels may differ here.",
        tag=TAG,
        body=shapes.ACCEPT,
        gives=shapes.TRANSFER,
        places=["offer_id"],
        refuses="The number belongs to another patient.",
        conflicts=ENDED,
    )
    def post(self, call: Call, offer_id: UUID) -> Any:
        """Under a number of your own clinic."""
        accept_transfer(by=call.by, offer=enter_offer(by=call.by, offer_id=offer_id), number=call.body["number"])
        return shapes.transfer(enter_offer(by=call.by, offer_id=offer_id), call.by)


class DeclineTransferView(Endpoint):
    """Saying no."""

    @operation(
        "decline_transfer",
        "Decline an offer, with a reason",
        tag=TAG,
        body=shapes.DECLINE,
        gives=shapes.TRANSFER,
        places=["offer_id"],
        refuses="The reason is blank.",
        conflicts=ENDED,
    )
    def post(self, call: Call, offer_id: UUID) -> Any:
        """The clinic that offers reads it."""
        decline_transfer(by=call.by, offer=enter_offer(by=call.by, offer_id=offer_id), answer=call.body["answer"])
        return shapes.transfer(enter_offer(by=call.by, offer_id=offer_id), call.by)


class WithdrawTransferView(Endpoint):
    """Taking it back."""

    @operation("withdraw_transfer", "Take an offer back", tag=TAG, gives=shapes.TRANSFER, places=["offer_id"], conflicts=ENDED)
    def post(self, call: Call, offer_id: UUID) -> Any:
        """The patient stays."""
        withdraw_transfer(by=call.by, offer=enter_offer(by=call.by, offer_id=offer_id))
        return shapes.transfer(enter_offer(by=call.by, offer_id=offer_id), call.by)


class EmergenciesView(Endpoint):
    """Reading in an emergency."""

    @operation("list_my_emergencies", "My emergency access that is still open", tag=TAG, gives=answered(items=listed(shapes.EMERGENCY)))
    def get(self, call: Call) -> Any:
        """Of me alone."""
        require(call.by, EMERGENCY_READ)
        return {"items": [shapes.emergency(one) for one in live_emergencies_of(call.by)]}

    @operation(
        "break_glass",
        "Read another clinic's patient in an emergency",
        "For a few hours, reading only. The patient's clinic reads your name and the reason. One answer for a wrong particular and for a "
        "patient who is not there; after five in an hour nothing more is looked up for you (429).",
        tag=TAG,
        body=shapes.BREAK_GLASS,
        gives=shapes.EMERGENCY,
        refuses="The particulars do not fit, or the reason is too short.",
    )
    def post(self, call: Call) -> Any:
        """While one is open, it stays as it is."""
        require(call.by, EMERGENCY_READ)
        born = call.body["birth_date"]
        given = {name: call.body[name] for name in ("number", "family_name", "reason")}
        access = break_glass(by=call.by, clinic=other_clinic(call), birth_date=day(born) if born else None, **given)
        if access is None:
            raise Mistakes(422, [Mistake(NO_FIT)])
        return shapes.emergency(access)


class EmergencyView(Endpoint):
    """One of my own."""

    @operation("end_emergency", "End my emergency access before its time", tag=TAG, gives=None, places=["access_id"])
    def delete(self, call: Call, access_id: UUID) -> Any:
        """Ending it again changes nothing."""
        end_emergency(by=call.by, access=enter_own_emergency(by=call.by, access_id=access_id))


class NoticesView(Endpoint):
    """Emergency access to the clinic's patients."""

    @operation(
        "list_emergency_notices",
        "Emergency access to the clinic's patients, newest first",
        tag=TAG,
        gives=a_page_of(shapes.EMERGENCY),
        query=PAGING,
    )
    def get(self, call: Call) -> Any:
        """By others."""
        require(call.by, ACCESS_WATCH)
        if call.by.clinic is None:
            raise Http404
        return a_page(emergencies_in(call.by.clinic), call.query, shapes.emergency)


class SeenNoticeView(Endpoint):
    """Taking notice."""

    @operation(
        "mark_emergency_seen",
        "Take notice of an emergency access, by name",
        "The first one counts; later ones change nothing.",
        tag=TAG,
        gives=shapes.EMERGENCY,
        places=["access_id"],
    )
    def post(self, call: Call, access_id: UUID) -> Any:
        """Somebody of the patient's clinic."""
        return shapes.emergency(mark_emergency_seen(by=call.by, access=enter_notice(by=call.by, access_id=access_id)))
