"""What is known of a case, and what was typed for it."""

from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from calcinosis_app.api.shapes.parts import (
    SEEN,
    VERSION,
    Named,
    Schema,
    answered,
    count,
    day,
    identifier,
    listed,
    moment,
    one_of,
    perhaps,
    said,
    sent,
    text,
    yes_or_no,
)
from calcinosis_app.api.shapes.persons import SOMEBODY, somebody
from calcinosis_app.patients.bridge import CaseError, check
from calcinosis_app.patients.models import DraftEntry, Finding, Patient
from calcinosis_app.patients.presentation import line, plain
from calcinosis_app.patients.typed import LONGEST
from calcinosis_app.patients.versions import version_of_entry

EXACT: Final = said("An exact decimal, as a text.", example="1.62")
FLAG: Final = one_of(("normal", "high", "low"), "What the laboratory said of it.", example="high")
KEY: Final = text("The fact; GET /api/v1/rules/{number}/facts lists all.", most=100, least=1, example="phosphate")
FINDING: Final = Named(
    "Finding",
    answered(
        "What is known of a fact. One of number, answer, code, day and state carries it, or the flag alone does; the others are null.",
        id=identifier(),
        key=said("The fact.", example="phosphate"),
        label=said("The fact in words.", example="phosphate"),
        lesion=perhaps(said("The lesion by its label; null for what belongs to the patient.", example="L1")),
        case=perhaps(identifier("Where it was typed; null for a result of the laboratory.")),
        number=perhaps(EXACT),
        unit=perhaps(said("UCUM, as entered; 1 for a number without dimension.", example="mmol/L")),
        comparator=perhaps(one_of(("<", "<=", ">", ">="), "The number is a limit.")),
        low=perhaps(said("The laboratory's own range, in the same unit.", example="0.81")),
        high=perhaps(said("The laboratory's own range, in the same unit.", example="1.45")),
        flag=perhaps(FLAG),
        answer=perhaps(yes_or_no(example=True)),
        code=perhaps(said(example="finger")),
        day=perhaps(day()),
        state=perhaps(one_of(("not_done", "unknown"), "Asked, without an answer.")),
        taken_on=perhaps(day("The day of the sample, or on which it was found.")),
        confirmed=yes_or_no("Whether somebody looked at an unusual value and confirmed it."),
        position=said("Against the range for age and sex, or the laboratory's own; empty for all but measurements.", example="above"),
        canonical=said("The value in the unit of the rules, where it was reported in another.", example="1.62 mmol/L"),
        warnings=listed(said()),
        corrects=perhaps(identifier("The earlier finding that this one corrects.")),
        recorded_at=moment(),
        recorded_by=SOMEBODY,
    ),
)


def _typed(says: str, example: str | None = None) -> Schema:
    return text(says, most=LONGEST, example=example)


ENTRY: Final = sent(
    "What is typed into one field: texts as they are written, so that 9.80 stays 9.80. Everything left out is empty.",
    value=_typed("A number with a point, or a day.", "1.62"),
    unit=_typed("Needed wherever the fact has one.", "mmol/L"),
    date=_typed("The day of the sample, as in 2026-03-01.", "2026-03-01"),
    comparator=_typed("<, <=, > or >=."),
    low=_typed("The laboratory's own range.", "0.81"),
    high=_typed("The laboratory's own range.", "1.45"),
    flag=_typed("normal, high or low."),
    answer=_typed("yes, no, unknown or not_done."),
    code=_typed("One of the fact's codes."),
    state=_typed("unknown or not_done."),
    corrects=_typed("The identifier of the finding that this corrects."),
    confirmed=yes_or_no("That somebody looked at an unusual value. It counts for the value as it stands, so save the value first."),
)
DRAFT_ENTRY: Final = Named(
    "DraftEntry",
    answered(
        "One field as it was typed, right or wrong, and what the rules make of it.",
        id=count(),
        key=said(example="phosphate"),
        lesion=perhaps(identifier("Which lesion; null for what belongs to the patient.")),
        slot=count("Several results of one fact stand in slots of their own.", example=0),
        entry=ENTRY,
        error=said("Why it could not be recorded as it stands; empty when it could.", example=""),
        position=said("Against its range; empty for all but measurements.", example="above"),
        warnings=listed(said()),
        version=VERSION,
        saved_at=moment(),
        saved_by=SOMEBODY,
    ),
)
SAVE_ENTRY: Final = Named(
    "SaveEntry",
    sent(
        "One field of the draft. An entry that says nothing empties the field.",
        needed=("key", "entry"),
        key=KEY,
        lesion=perhaps(identifier("Which lesion; left out for what belongs to the patient.")),
        slot=count("Which of several results of one fact.", most=99, example=0),
        entry=ENTRY,
        seen=SEEN,
    ),
)
SAVED: Final = Named("SavedEntry", answered("The field as it stands now; null when it was emptied.", entry=perhaps(DRAFT_ENTRY)))
RECORD: Final = Named(
    "Record",
    sent(
        "Which fields are recorded: all of the draft, or those that are named.",
        entries=listed(count(least=1, most=2**53, example=7), "Identifiers of fields of the draft.", most=500),
    ),
)
RECORDED: Final = Named("Recorded", answered("The findings that the draft became; none when nothing waited.", items=listed(FINDING)))


def finding(one: Finding, patient: Patient) -> dict[str, Any]:
    """A finding, as the rules read it on the day on which it was found."""
    words = line(one, patient)
    return {
        "id": str(one.pk),
        "key": one.key,
        "label": words.label,
        "lesion": one.lesion.label if one.lesion else None,
        "case": str(one.case_id) if one.case_id else None,
        "number": _exact(one.number),
        "unit": one.unit or None,
        "comparator": one.comparator or None,
        "low": _exact(one.low),
        "high": _exact(one.high),
        "flag": one.flag or None,
        "answer": one.answer,
        "code": one.code or None,
        "day": one.day.isoformat() if one.day else None,
        "state": one.state or None,
        "taken_on": one.taken_on.isoformat() if one.taken_on else None,
        "confirmed": one.confirmed,
        "position": words.position,
        "canonical": words.canonical,
        "warnings": list(words.warnings),
        "corrects": str(one.corrects_id) if one.corrects_id else None,
        "recorded_at": one.recorded_at.isoformat(),
        "recorded_by": somebody(one.recorded_by),
    }


def draft_entry(one: DraftEntry) -> dict[str, Any]:
    """A field of the draft, with what the rules say of it."""
    error, position, warnings = "", "", []
    try:
        said_of = check(one.key, one.raw, one.case.patient.survivor, timezone.localdate(timezone=one.case.patient.clinic.zone))
    except CaseError as refused:
        error = str(refused)
    else:
        if said_of is not None:
            position, warnings = said_of.position, list(said_of.warnings)
    return {
        "id": one.pk,
        "key": one.key,
        "lesion": str(one.lesion_id) if one.lesion_id else None,
        "slot": one.slot,
        "entry": one.raw,
        "error": error,
        "position": position,
        "warnings": warnings,
        "version": version_of_entry(one),
        "saved_at": one.saved_at.isoformat(),
        "saved_by": somebody(one.saved_by),
    }


def _exact(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)
