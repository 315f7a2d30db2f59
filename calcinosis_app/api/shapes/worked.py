"""Worked cases of a release."""

from typing import Any, Final

from calcinosis_app.api.shapes.parts import Named, answered, identifier, listed, perhaps, said, yes_or_no
from calcinosis_app.desk.worked.cases import VERDICTS, WorkedCase
from calcinosis_app.patients.models import Case

_IN_LIST: Final = {
    "id": said("Its name in the release.", example="G01"),
    "title": said(),
    "source": said("Where it comes from."),
    "published": yes_or_no("Whether somebody published it; else it was made up for the release."),
    "wanted": said("The type that the authors gave, or that was expected."),
    "said": said("What the rules say, lesion by lesion."),
    "verdict": said(f"How near they come: {', '.join(VERDICTS)}; empty where nobody published a type.", example="agrees"),
}
IN_LIST: Final = Named("WorkedCaseInList", answered("A worked case in short.", **_IN_LIST))
WORKED: Final = Named(
    "WorkedCase",
    answered(
        "A worked case.",
        **_IN_LIST,
        shows=said("What it shows, in a sentence."),
        differences=listed(said(), "Where the rules say other than was expected."),
        case={"type": "object", "description": "The case itself, as POST /api/v1/assess takes it.", "additionalProperties": True},
    ),
)
PRACTICE: Final = Named(
    "Practice",
    answered(
        "A worked case to be practised on: an invented patient of one's own.",
        case=identifier("Its findings are the draft of this case."),
        patient=identifier("The invented patient."),
        worked_case=perhaps(said(example="G01")),
    ),
)


def in_list(one: WorkedCase) -> dict[str, Any]:
    """A worked case in short."""
    return {
        "id": one.id,
        "title": one.title,
        "source": one.source,
        "published": one.is_published,
        "wanted": one.wanted,
        "said": one.said,
        "verdict": one.verdict,
    }


def worked(one: WorkedCase) -> dict[str, Any]:
    """A worked case."""
    case = {name: one.document[name] for name in ("id", "on", "patient", "lesions", "jurisdiction") if name in one.document}
    return {**in_list(one), "shows": one.shows, "differences": list(one.differences), "case": case}


def practice(one: Case, name: str) -> dict[str, Any]:
    """A practice."""
    return {"case": str(one.pk), "patient": str(one.patient_id), "worked_case": name}
