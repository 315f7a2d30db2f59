"""How the published interface describes what goes in and what comes out. The contract itself: docs/."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from calcinosis_app.api import examples
from calcinosis_app.api.shapes.parts import Named, published
from calcinosis_app.api.shapes.problems import ERRORS

# Each lesion is judged against every table; one request must not keep a server busy.
MOST_LESIONS: Final = 50
TEXT: Final = {"type": "string"}
TEXTS: Final = {"type": "array", "items": TEXT}
MAYBE_TEXT: Final = {"type": ["string", "null"]}
VALUE: Final = {"oneOf": [{"type": "boolean"}, {"type": "number"}, TEXT]}
DAY: Final = {"type": "string", "format": "date"}
TYPES: Final = ("dystrophic", "metastatic", "iatrogenic", "idiopathic", "mixed", "not_calcinosis")
OPTION_STATUSES: Final = ("offered", "caution", "reason", "specialist", "provisional", "unassessable", "blocked", "not_indicated")
PHASES: Final = ("act_now", "confirm", "treat_cause", "medical", "local_surgical", "support", "follow_up")


def _one_of(*values: str, nullable: bool = False) -> dict[str, Any]:
    return {"type": ["string", "null"], "enum": [*values, None]} if nullable else {"type": "string", "enum": [*values]}


def _object(properties: dict[str, Any], *required: str, **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {}), **more}


def _list(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": _object(properties)}


FINDINGS: Final = {
    "type": ["object", "null"],
    "description": (
        "Fact: finding. A finding is true, false, a code, a number of a fact without unit; null (as if not written); "
        '{"value", "unit", "date", "comparator", "low", "high", "flag", "confirmed"}; {"flag": "normal"}; '
        '{"state": "not_done" | "unknown"}; for a coded set a list of codes, or {"yes": [...], "no": [...]}; '
        "or a list of results. A unit is required wherever the fact has one. `python3 manage.py facts --json` lists all facts."
    ),
    "additionalProperties": True,
    "examples": [{"phosphate": {"value": 1.6, "unit": "mmol/L", "date": "2026-03-01"}, "on_dialysis": True}],
}
OF_A_LESION: Final = {**FINDINGS, "examples": [{"painful": True, "lesion_size": {"value": 4, "unit": "mm"}}]}
CASE: Final = Named(
    "Case",
    _object(
        {
            "id": TEXT,
            "on": DAY,
            "jurisdiction": _one_of("uk", "us", "eu", nullable=True),
            "patient": _object(
                {
                    "age_years": {"type": ["number", "null"], "minimum": 0, "maximum": 150},
                    "age_days": {"type": ["number", "null"], "minimum": 0, "maximum": 55000},
                    "birth_date": {"type": ["string", "null"], "description": "A day as in 1961-05-04; null: not known."},
                    "sex": _one_of("female", "male", nullable=True),
                    "findings": FINDINGS,
                }
            ),
            "lesions": {
                "type": "array",
                "minItems": 1,
                "maxItems": MOST_LESIONS,
                "items": _object({"id": {**TEXT, "minLength": 1, "maxLength": 64}, "findings": OF_A_LESION}),
            },
        },
        "patient",
        "lesions",
    ),
)
LEADING: Final = {**_object({"type": _one_of(*TYPES), "assumes": _list(fact=TEXT, **{"is": VALUE})}), "type": ["object", "null"]}
ASSESSMENT: Final = Named(
    "Assessment",
    _object(
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
    ),
)
# What the operation is, part by part: in the document, and on the page that shows it.
ABOUT: Final = {
    "Nothing is stored": """\
        It judges one case under the release of the rules that is in force. No patient, no finding and no assessment is kept.""",
    "What goes in": """\
        A case: the patient's age, sex and findings, and one to 50 lesions with theirs. Send no name and no number: none is asked for,
        and the id of the case only comes back. Without a day (on) the case's own counts, then the newest finding's, then today.
        Without a jurisdiction the strictest limits of all countries count. What is left out is unknown, never normal.""",
    "What comes out": """\
        The assessment: emergencies, the type of each lesion or what would settle it, options with what speaks against them, steps, and
        what would fall due. It holds keys, not sentences, as canonical JSON: the same case under the same hash and engine gives the
        same bytes. Options are no orders. Not for emergencies.""",
    "Who may": """\
        A clinician: a program with a token (Authorization: Bearer ...), or a signed-in browser with its session's cookie and the CSRF
        token in the header X-CSRFToken.""",
    "Errors": "All have one form: which case, lesion, key and value, and what to do (say). The first one found is named.",
}
DESCRIPTION: Final = "\n\n".join(f"**{title}.** {' '.join(text.split())}" for title, text in ABOUT.items())


def _error(description: str, *shown: OpenApiExample) -> OpenApiResponse:
    return OpenApiResponse(published(ERRORS), description, examples=list(shown))


ASSESS_OPERATION: Final[dict[str, Any]] = {
    "operation_id": "assess",
    "summary": "Have a case judged; nothing is stored",
    "description": DESCRIPTION,
    "tags": ["assess"],
    "parameters": [
        OpenApiParameter("on", DAY, description="The day for which the case is judged; beats the case's own."),
        OpenApiParameter("jurisdiction", _one_of("uk", "us", "eu"), description="Whose drug labels count; beats the case's own."),
    ],
    "request": {"application/json": published(CASE)},
    "examples": [
        OpenApiExample("A nodule in a dialysis patient", examples.CASE, request_only=True),
        OpenApiExample("Open, metastatic leads; long lists cut short", examples.ASSESSMENT, response_only=True, status_codes=["200"]),
    ],
    "responses": {
        200: OpenApiResponse(published(ASSESSMENT), "The assessment, as canonical JSON."),
        400: _error(
            "The case cannot be read: which key, which value, and what to do.",
            OpenApiExample("A number without its unit", examples.ERROR, response_only=True, status_codes=["400"]),
        ),
        401: _error("Nobody is signed in."),
        403: _error("The person may not have cases assessed, or the CSRF token is missing."),
        406: _error("The caller accepts no JSON."),
        413: _error("The body is larger than 512 kB."),
        415: _error("The body is not declared as JSON."),
        429: _error("This caller called too often. Retry-After says how many seconds to wait."),
    },
}
