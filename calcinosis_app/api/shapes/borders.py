"""What crosses the border of a clinic: patients handed on, and emergency access."""

from typing import Any, Final

from calcinosis_app.accounts.models import EmergencyAccess, User
from calcinosis_app.accounts.models.emergency import REASON_LENGTH
from calcinosis_app.api.shapes.parts import (
    Named,
    answered,
    identifier,
    moment,
    one_of,
    perhaps,
    said,
    sent,
    text,
    yes_or_no,
)
from calcinosis_app.api.shapes.parts import day as a_day
from calcinosis_app.api.shapes.patients import PATIENT, patient
from calcinosis_app.api.shapes.persons import CLINIC, SOMEBODY, clinic, somebody
from calcinosis_app.patients.access import tells_who
from calcinosis_app.patients.models import TransferOffer
from calcinosis_app.patients.models.patient import NAME_LENGTH, NUMBER_LENGTH
from calcinosis_app.patients.models.transfer import REASON_LENGTH as TRANSFER_REASON_LENGTH

TRANSFER: Final = Named(
    "Transfer",
    answered(
        "A patient offered to another clinic. Until it is accepted nothing changes.",
        id=identifier(),
        patient=perhaps(PATIENT),
        from_clinic=CLINIC,
        to_clinic=CLINIC,
        reason=said(),
        offered_at=moment(),
        offered_by=SOMEBODY,
        end=perhaps(one_of(TransferOffer.End.values, "Null while it waits for an answer.", example="accepted")),
        ended_at=perhaps(moment()),
        ended_by=perhaps(SOMEBODY),
        answer=said("Why it was declined."),
    ),
)
OFFER: Final = Named(
    "OfferTransfer",
    sent(
        "To which clinic, and why.",
        needed=("clinic", "reason"),
        clinic=identifier("Another clinic; GET /api/v1/clinics lists them."),
        reason=text("The other clinic reads it before it accepts.", most=TRANSFER_REASON_LENGTH, least=1, example="moved to London"),
    ),
)
ACCEPT: Final = Named(
    "AcceptTransfer",
    sent(
        "Under which number.",
        needed=("number",),
        number=text("By which your clinic will know the patient.", most=NUMBER_LENGTH, least=1, example="H-1042"),
    ),
)
DECLINE: Final = Named(
    "DeclineTransfer",
    sent(
        "Why not.",
        needed=("answer",),
        answer=text("The clinic that offers reads it.", most=TRANSFER_REASON_LENGTH, least=1, example="not in our region"),
    ),
)
EMERGENCY: Final = Named(
    "EmergencyAccess",
    answered(
        "Reading one patient of another clinic for a few hours, with a reason.",
        id=identifier(),
        patient=identifier("Whom it lets read."),
        clinic=CLINIC,
        by=SOMEBODY,
        reason=said(),
        opened_at=moment(),
        until=moment(),
        live=yes_or_no("Whether it still opens anything."),
        seen_at=perhaps(moment("When somebody of the patient's clinic took notice.")),
        seen_by=perhaps(SOMEBODY),
    ),
)
BREAK_GLASS: Final = Named(
    "BreakGlass",
    sent(
        "Exact particulars of a patient elsewhere, and why. They must all be as on record.",
        needed=("clinic", "number", "family_name", "birth_date", "reason"),
        clinic=identifier("The patient's; GET /api/v1/clinics lists them."),
        number=text("As that clinic writes it.", most=NUMBER_LENGTH, least=1, example="H-1042"),
        family_name=text(most=NAME_LENGTH, least=1, example="Amsel"),
        birth_date=perhaps(a_day("Null when none is on record.", example="1961-05-04")),
        reason=text("The patient's clinic reads it, with your name.", most=REASON_LENGTH, least=1, example="brought in unconscious"),
    ),
)


def transfer(one: TransferOffer, reader: User | None = None) -> dict[str, Any]:
    """An offer, as this person may know it: whom it is about is told while it is open, and to the clinic that has the patient.

    Nobody is named without a reader, as in a list.
    """
    return {
        "id": str(one.pk),
        "patient": patient(one.patient) if reader and tells_who(one, reader) else None,
        "from_clinic": clinic(one.from_clinic),
        "to_clinic": clinic(one.to_clinic),
        "reason": one.reason,
        "offered_at": one.offered_at.isoformat(),
        "offered_by": somebody(one.offered_by),
        "end": one.end or None,
        "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        "ended_by": somebody(one.ended_by) if one.ended_by else None,
        "answer": one.answer,
    }


def emergency(one: EmergencyAccess) -> dict[str, Any]:
    """An access."""
    return {
        "id": str(one.pk),
        "patient": str(one.record_id),
        "clinic": clinic(one.clinic),
        "by": somebody(one.user),
        "reason": one.reason,
        "opened_at": one.opened_at.isoformat(),
        "until": one.until.isoformat(),
        "live": one.is_live(),
        "seen_at": one.seen_at.isoformat() if one.seen_at else None,
        "seen_by": somebody(one.seen_by) if one.seen_by else None,
    }
