"""Everything that is held on a patient, and how long a clinic keeps it."""

from typing import Any, Final

from calcinosis_app.api.shapes.parts import Named, answered, count, day, identifier, moment, perhaps, said, sent, text, yes_or_no
from calcinosis_app.api.shapes.persons import SOMEBODY, somebody
from calcinosis_app.desk.held.due import Due
from calcinosis_app.patients.models import RecordHold, RetentionRule
from calcinosis_app.patients.models.retention import MOST_YEARS, REASON_LENGTH

ADULT: Final = 18
# The record itself has a schema of its own, docs/patient-record.schema.json.
RECORD: Final = Named(
    "PatientRecord",
    {
        **answered(
            "Every row that is held on the patient and its duplicates. docs/patient-record.schema.json describes it in full.",
            format=said(example="calcinosis.patient-record"),
            version=count(least=1, example=1),
            made_at=moment(),
            made_by=said(),
            patient=identifier("The survivor."),
            tables={"type": "object", "description": "The rows of each table, by its name.", "additionalProperties": True},
        ),
        "additionalProperties": True,
    },
)
YEARS: Final = Named(
    "RetentionRule",
    answered(
        "How long the clinic keeps a record.",
        years=count("After the last activity.", least=1, most=MOST_YEARS, example=10),
        until_age=count("Nobody's record is removed before that age.", least=ADULT, most=MOST_YEARS, example=28),
        changed_at=perhaps(moment("Null while the clinic has never set it.")),
        changed_by=perhaps(SOMEBODY),
    ),
)
NEW_YEARS: Final = Named(
    "NewRetentionRule",
    sent(
        "Both.",
        needed=("years", "until_age"),
        years=count("After the last activity.", least=1, most=MOST_YEARS, example=10),
        until_age=count("In any case until that age.", least=ADULT, most=MOST_YEARS, example=28),
    ),
)
DUE: Final = Named(
    "RecordDue",
    answered(
        "A record whose time has come. It is named by its number alone.",
        patient=identifier(),
        number=said(example="R-4711"),
        last_activity=day(),
        due_since=day(),
        held_back=yes_or_no("Whether a hold keeps it."),
        exported=yes_or_no("Whether everything was taken out since the last activity."),
    ),
)
HOLD: Final = Named(
    "RecordHold",
    answered(
        "A record that is kept whatever its age, until somebody lifts the hold.",
        id=count(least=1, example=7),
        patient=identifier(),
        number=said(example="R-4711"),
        reason=said(),
        held_at=moment(),
        held_by=SOMEBODY,
        lifted_at=perhaps(moment()),
        lifted_by=perhaps(SOMEBODY),
    ),
)
NEW_HOLD: Final = Named(
    "NewRecordHold",
    sent(
        "Whose, and why.",
        needed=("number", "reason"),
        number=text("Of the patient, in your clinic.", most=64, least=1, example="R-4711"),
        reason=text("Why it must be kept.", most=REASON_LENGTH, least=1, example="a complaint is pending"),
    ),
)


def years(one: RetentionRule) -> dict[str, Any]:
    """A clinic's rule."""
    is_set = one.changed_by is not None
    return {
        "years": one.years,
        "until_age": one.until_age,
        "changed_at": one.changed_at.isoformat() if is_set else None,
        "changed_by": somebody(one.changed_by) if one.changed_by else None,
    }


def due(one: Due) -> dict[str, Any]:
    """A record that is due."""
    return {
        "patient": str(one.patient.pk),
        "number": one.patient.number,
        "last_activity": one.last.isoformat(),
        "due_since": one.since.isoformat(),
        "held_back": one.hold is not None,
        "exported": one.exported,
    }


def hold(one: RecordHold) -> dict[str, Any]:
    """A hold."""
    return {
        "id": one.pk,
        "patient": str(one.patient_id),
        "number": one.patient.number,
        "reason": one.reason,
        "held_at": one.held_at.isoformat(),
        "held_by": somebody(one.held_by),
        "lifted_at": one.lifted_at.isoformat() if one.lifted_at else None,
        "lifted_by": somebody(one.lifted_by) if one.lifted_by else None,
    }
