"""How the published interface describes what goes in and what comes out. The contract itself: docs/."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

TEXT: Final = {"type": "string"}
TEXTS: Final = {"type": "array", "items": TEXT}
MAYBE_TEXT: Final = {"type": "string", "nullable": True}
VALUE: Final = {"oneOf": [{"type": "boolean"}, {"type": "number"}, TEXT]}
DAY: Final = {"type": "string", "format": "date"}
TYPES: Final = ("dystrophic", "metastatic", "iatrogenic", "idiopathic", "mixed", "not_calcinosis")
OPTION_STATUSES: Final = ("offered", "caution", "reason", "specialist", "provisional", "unassessable", "blocked", "not_indicated")
PHASES: Final = ("act_now", "confirm", "treat_cause", "medical", "local_surgical", "support", "follow_up")


def _one_of(*values: str, nullable: bool = False) -> dict[str, Any]:
    return {"type": "string", "enum": [*values, *([None] if nullable else [])], **({"nullable": True} if nullable else {})}


def _object(properties: dict[str, Any], *required: str, **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {}), **more}


def _list(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": _object(properties)}


FINDINGS: Final = {
    "type": "object",
    "description": (
        "Fact: finding. A finding is true, false, a code, a number of a fact without unit; null (as if not written); "
        '{"value", "unit", "date", "comparator", "low", "high", "flag", "confirmed"}; {"flag": "normal"}; '
        '{"state": "not_done" | "unknown"}; for a coded set a list of codes, or {"yes": [...], "no": [...]}; '
        "or a list of results. A unit is required wherever the fact has one. `python3 manage.py facts --json` lists all facts."
    ),
    "additionalProperties": True,
    "example": {"phosphate": {"value": 1.6, "unit": "mmol/L", "date": "2026-03-01"}, "on_dialysis": True},
}
CASE: Final = _object(
    {
        "id": TEXT,
        "on": DAY,
        "jurisdiction": _one_of("uk", "us", "eu"),
        "patient": _object(
            {
                "age_years": {"type": "number"},
                "age_days": {"type": "integer"},
                "birth_date": DAY,
                "sex": _one_of("female", "male", nullable=True),
                "findings": FINDINGS,
            }
        ),
        "lesions": {"type": "array", "minItems": 1, "items": _object({"id": TEXT, "findings": FINDINGS})},
    },
    "patient",
    "lesions",
)
LEADING: Final = _object({"type": _one_of(*TYPES), "assumes": _list(fact=TEXT, **{"is": VALUE})}, nullable=True)
ASSESSMENT: Final = _object(
    {
        "id": TEXT,
        "release": {"type": "integer"},
        "hash": TEXT,
        "engine": TEXT,
        "on": DAY,
        "jurisdiction": _one_of("uk", "us", "eu", nullable=True),
        "emergencies": _list(key=TEXT, lesion=MAYBE_TEXT, because=TEXTS),
        "status": _one_of("decided", "open", "several", "withheld"),
        "type": _one_of(*TYPES, nullable=True),
        "lesions": _list(
            id=TEXT,
            status=_one_of("decided", "open", "withheld"),
            type=_one_of(*TYPES, nullable=True),
            parts=TEXTS,
            types=TEXTS,
            candidates=TEXTS,
            candidates_exact={"type": "boolean"},
            marks=TEXTS,
            fired=TEXTS,
            leading=LEADING,
            no_lead=MAYBE_TEXT,
            settle=TEXTS,
        ),
        "contradictions": _list(fact=TEXT, lesion=MAYBE_TEXT, kind=TEXT, findings={"type": "array", "items": {}}),
        "warnings": _list(fact=TEXT, value=TEXT, say=TEXT, lesion=MAYBE_TEXT),
        "options": _list(
            treatment=TEXT, lesion=MAYBE_TEXT, phase=_one_of(*PHASES), status=_one_of(*OPTION_STATUSES), because=TEXTS, needs=TEXTS
        ),
        "schedule": _list(row=TEXT, treatment=TEXT, condition=TEXT, lesion=MAYBE_TEXT, due=DAY, until=DAY, **{"from": DAY}),
        "steps": _list(step=TEXT, phase=_one_of(*PHASES), lesion=MAYBE_TEXT),
    }
)
ERRORS: Final = _object({"errors": _list(case=TEXT, lesion=MAYBE_TEXT, key=TEXT, value=TEXT, say=TEXT)})


def _error(description: str) -> OpenApiResponse:
    return OpenApiResponse(ERRORS, description)


ASSESS_OPERATION: Final[dict[str, Any]] = {
    "operation_id": "assess",
    "tags": ["assess"],
    "parameters": [
        OpenApiParameter("on", DAY, description="The day for which the case is judged; beats the case's own."),
        OpenApiParameter("jurisdiction", _one_of("uk", "us", "eu"), description="Whose drug labels count; beats the case's own."),
    ],
    "request": {"application/json": CASE},
    "responses": {
        200: OpenApiResponse(ASSESSMENT, "The assessment, as canonical JSON."),
        400: _error("The case cannot be read: which key, which value, and what to do."),
        401: _error("Nobody is signed in."),
        403: _error("The person may not have cases assessed, or the CSRF token is missing."),
        413: _error("The body is too large."),
        415: _error("The body is not declared as JSON."),
    },
}
