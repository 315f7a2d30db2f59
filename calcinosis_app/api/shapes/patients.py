"""Patients and their cases."""

from typing import Any, Final

from calcinosis_app.api.shapes.parts import (
    SEEN,
    VERSION,
    Named,
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
)
from calcinosis_app.api.shapes.persons import SOMEBODY, somebody
from calcinosis_app.patients.actions import version_of_particulars
from calcinosis_app.patients.models import Case, Lesion, Patient
from calcinosis_app.patients.models.case import TITLE_LENGTH
from calcinosis_app.patients.models.patient import NAME_LENGTH, NUMBER_LENGTH
from calcinosis_app.patients.selectors import draft_of, findings_of, lesions_of

SEX: Final = one_of(("female", "male"), "As laboratory ranges use it; null when nobody knows.", example="female")
PATIENT: Final = Named(
    "Patient",
    answered(
        id=identifier(),
        number=said("By which the clinic knows the patient.", example="R-4711"),
        family_name=said(example="Amsel"),
        given_name=said(example="Anna"),
        birth_date=perhaps(day("Null when nobody knows it.", example="1961-05-04")),
        sex=perhaps(SEX),
        created_at=moment(),
        version=VERSION,
    ),
)
PARTICULARS: Final = {
    "number": text("The number by which your clinic knows the patient; each once.", most=NUMBER_LENGTH, least=1, example="R-4711"),
    "family_name": text(most=NAME_LENGTH, least=1, example="Amsel"),
    "given_name": text(most=NAME_LENGTH, least=1, example="Anna"),
    "birth_date": perhaps(day(example="1961-05-04")),
    "sex": perhaps(SEX),
}
NEW_PATIENT: Final = Named(
    "NewPatient",
    sent(
        "A person to be taken into the clinic's care. What is not known is left out, never assumed.",
        needed=("number", "family_name", "given_name"),
        **PARTICULARS,
        somebody_else=listed(
            identifier(),
            "Patients who look alike, of whom a person has said that they are somebody else: their ids, as the 409 named them.",
            most=50,
        ),
    ),
)
CORRECTED: Final = Named(
    "CorrectedPatient",
    sent(
        "Who the patient is, whole: what is left out becomes not known.",
        needed=("number", "family_name", "given_name"),
        **PARTICULARS,
        seen=SEEN,
    ),
)
SEARCH: Final = Named(
    "PatientSearch",
    sent(
        "One text for three ways to name a patient. It travels in the body: addresses are kept in logs.",
        needed=("text",),
        text=text("Part of a name, the beginning of a number, or a birth date as in 1961-05-04.", most=100, least=1, example="Amsel"),
    ),
)
FOUND: Final = Named(
    "PatientsFound",
    answered(
        items=listed(PATIENT), more={"type": "boolean", "description": "Whether more fit than the 50 that are sent: search for more."}
    ),
)
LESION: Final = Named(
    "Lesion",
    answered(
        "One deposit or group of deposits at one site.",
        id=identifier(),
        label=said("By which assessments name it.", example="L1"),
        added_at=moment(),
        added_by=SOMEBODY,
    ),
)
CASE_IN_LIST: Final = Named(
    "CaseInList",
    answered(id=identifier(), title=said("What it is about.", example="fingertips, since spring"), opened_at=moment(), opened_by=SOMEBODY),
)
CASE_OF_PATIENT: Final = Named(
    "PatientCase",
    answered(
        "One presentation of calcinosis in a patient.",
        id=identifier(),
        title=said("What it is about.", example="fingertips, since spring"),
        opened_at=moment(),
        opened_by=SOMEBODY,
        patient=identifier("Whose it is."),
        lesions=listed(LESION, "Those that were not removed, in the order in which they were added."),
        findings=count("How many findings count in it.", example=12),
        draft=count("How many fields are typed and not recorded.", example=0),
    ),
)
NEW_CASE: Final = Named(
    "NewCase",
    sent("It begins with one lesion, L1.", title=text("What it is about.", most=TITLE_LENGTH, example="fingertips, since spring")),
)


def patient(one: Patient) -> dict[str, Any]:
    """A patient."""
    return {
        "id": str(one.pk),
        "number": one.number,
        "family_name": one.family_name,
        "given_name": one.given_name,
        "birth_date": one.birth_date.isoformat() if one.birth_date else None,
        "sex": one.sex or None,
        "created_at": one.created_at.isoformat(),
        "version": version_of_particulars(one),
    }


def lesion(one: Lesion) -> dict[str, Any]:
    """A lesion."""
    return {"id": str(one.pk), "label": one.label, "added_at": one.added_at.isoformat(), "added_by": somebody(one.added_by)}


def case_in_list(one: Case) -> dict[str, Any]:
    """A case in short."""
    return {"id": str(one.pk), "title": one.title, "opened_at": one.opened_at.isoformat(), "opened_by": somebody(one.opened_by)}


def case(one: Case) -> dict[str, Any]:
    """A case with its lesions."""
    return {
        **case_in_list(one),
        "patient": str(one.patient_id),
        "lesions": [lesion(each) for each in lesions_of(one).select_related("added_by")],
        "findings": findings_of(one).count(),
        "draft": draft_of(one).count(),
    }
