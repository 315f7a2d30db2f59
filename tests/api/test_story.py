"""One patient's story by the interface alone; each answer is exactly what the document describes."""

import json
from typing import Any

import jsonschema
import pytest
from django.test import Client

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from calcinosis_app.followups.actions import sweep
from tests.api.published import answer_schema
from tests.cast import SignIn

pytestmark = pytest.mark.django_db
NEW = {"number": "R-4711", "family_name": "Amsel", "given_name": "Anna", "birth_date": "1961-05-04", "sex": "female"}
ENTRIES = [
    {"key": "phosphate", "entry": {"value": "2.10", "unit": "mmol/L", "date": "2026-03-01"}},
    {"key": "ca_total", "entry": {"value": "2.40", "unit": "mmol/L", "date": "2026-03-01"}},
    {"key": "on_dialysis", "entry": {"answer": "yes"}},
]
PHOSPHATE = {"value": "1.9", "unit": "mmol/L"}


class Program:
    """Calls as a signed-in person, and holds every answer against the document."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def __call__(self, method: str, address: str, body: Any = None, *, status: int = 200, **headers: str) -> Any:
        response = self.client.generic(
            method,
            f"/api/v1/{address}",
            b"" if body is None else json.dumps(body),
            content_type="application/json",
            headers=headers,
        )
        assert response.status_code == status, response.content
        answer = response.json() if response.content else None
        jsonschema.validate(answer, answer_schema(method, response.request["PATH_INFO"], status))
        return answer


@pytest.fixture
def program(clara: User, sign_in: SignIn) -> Program:
    return Program(sign_in(clara))


def recorded(program: Program) -> dict[str, Any]:
    """A case with three findings."""
    patient = program("POST", "patients", NEW, status=201)
    case = program("POST", f"patients/{patient['id']}/cases", {"title": "fingertips"}, status=201)
    for entry in ENTRIES:
        program("PUT", f"cases/{case['id']}/draft", entry)
    program("POST", f"cases/{case['id']}/findings", {})
    return dict(case)


def test_from_the_patient_to_the_signed_review(program: Program, nadia: User, sign_in: SignIn) -> None:
    case = recorded(program)
    found = program("GET", f"cases/{case['id']}/findings")
    assert {one["key"]: one["number"] for one in found["items"]}["phosphate"] == "2.1"
    assert found["total"] == 3

    assessment = program("POST", f"cases/{case['id']}/assessments", {}, status=201)
    assert program("POST", f"cases/{case['id']}/assessments", {})["id"] == assessment["id"]
    assert assessment["result"]["lesions"][0]["leading"]["type"] == "metastatic"

    review = program("POST", f"assessments/{assessment['id']}/reviews", status=201)
    assert program("POST", f"assessments/{assessment['id']}/reviews")["id"] == review["id"]
    step = {"row": assessment["result"]["steps"][0]["step"], "decision": "accept"}
    program("PUT", f"reviews/{review['id']}/steps", {**step, "lesion": assessment["result"]["steps"][0]["lesion"] or ""})
    override = {"type": "metastatic", "reason_group": "disagrees", "text": "seen at biopsy"}
    program("PUT", f"reviews/{review['id']}/types/L1", override)
    program("PUT", f"reviews/{review['id']}/note", {"note": "Seen with the patient."})
    signed = program("POST", f"reviews/{review['id']}/signature")
    assert signed["signed_at"]
    assert len(signed["steps"]) == len(signed["types"]) == 1
    program("PUT", f"reviews/{review['id']}/note", {"note": "Later."}, status=409)

    assert sweep() == 1
    nurse = Program(sign_in(nadia))
    due = nurse("GET", "reminders?standing=due&whose=all")
    reminder = nurse("GET", f"reminders/{due['items'][0]['id']}")
    closed = nurse("POST", f"reminders/{reminder['id']}/close", {"outcome": "done", "text": "seen"})
    assert closed["standing"] == "done"
    assert nurse("POST", f"reminders/{reminder['id']}/close", {"outcome": "done"})["closed_at"] == closed["closed_at"]
    nurse("POST", f"reminders/{reminder['id']}/close", {"outcome": "declined"}, status=409)
    assert nurse("GET", f"patients/{case['patient']}/reminders")["total"] >= due["total"]


def test_reading_is_written_down(program: Program) -> None:
    case = recorded(program)
    Event.objects.filter(action="patient.opened").count()
    program("GET", f"cases/{case['id']}")
    assert Event.objects.filter(action="patient.opened", subject_id=case["patient"]).count() == 1


def test_a_draft_in_error_is_kept_and_refused_field_by_field(program: Program) -> None:
    case = recorded(program)
    lesion = case["lesions"][0]["id"]
    kept = program("PUT", f"cases/{case['id']}/draft", {"key": "phosphate", "slot": 1, "entry": {"value": "9,7", "unit": "mg/dL"}})["entry"]
    assert "write 9.7" in kept["error"]
    program("PUT", f"cases/{case['id']}/draft", {"key": "painful", "lesion": lesion, "entry": {"answer": "yes"}})
    refused = program("POST", f"cases/{case['id']}/findings", {}, status=422)["errors"]
    assert [(one["key"], one["value"]) for one in refused] == [("phosphate", "9,7")]

    program("DELETE", f"cases/{case['id']}/draft/{kept['id']}", status=204)
    made = program("POST", f"cases/{case['id']}/findings", {})["items"]
    assert [(one["key"], one["lesion"], one["answer"]) for one in made] == [("painful", "L1", True)]


def test_only_named_fields_are_recorded(program: Program) -> None:
    case = recorded(program)
    first, _ = (
        program("PUT", f"cases/{case['id']}/draft", {"key": "phosphate", "slot": slot, "entry": {"value": "1.9", "unit": "mmol/L"}})[
            "entry"
        ]
        for slot in (1, 2)
    )
    assert len(program("POST", f"cases/{case['id']}/findings", {"entries": [first["id"]]})["items"]) == 1
    assert program("GET", f"cases/{case['id']}/draft")["total"] == 1


def test_the_preview_counts_the_draft_and_stores_nothing(program: Program) -> None:
    case = recorded(program)
    before = program("GET", f"cases/{case['id']}/preview")
    program("PUT", f"cases/{case['id']}/draft", {"key": "conditions", "entry": {"answer": "yes"}}, status=422)
    program("PUT", f"cases/{case['id']}/draft", {"key": "painful", "entry": {"answer": "yes"}}, status=422)
    program("PUT", f"cases/{case['id']}/draft", {"key": "phosphate", "slot": 3, "entry": {"value": "1.0", "unit": "mmol/L"}})
    after = program("GET", f"cases/{case['id']}/preview")
    assert before["contradictions"] != after["contradictions"] or before["lesions"] != after["lesions"]
    assert program("GET", f"cases/{case['id']}/assessments")["total"] == 0


def test_lesions_come_and_go(program: Program) -> None:
    case = recorded(program)
    only = case["lesions"][0]["id"]
    program("DELETE", f"cases/{case['id']}/lesions/{only}", status=409)
    second = program("POST", f"cases/{case['id']}/lesions", status=201)
    assert second["label"] == "L2"
    program("DELETE", f"cases/{case['id']}/lesions/{only}", status=204)
    program("DELETE", f"cases/{case['id']}/lesions/{only}", status=404)


def test_questions_are_answered_and_the_review_goes_on(program: Program) -> None:
    case = recorded(program)
    assessment = program("POST", f"cases/{case['id']}/assessments", {}, status=201)
    program("POST", f"assessments/{assessment['id']}/reviews", status=201)
    answers = {"answers": [{"key": "painful", "lesion": case["lesions"][0]["id"], "entry": {"answer": "no"}}]}
    again = program("POST", f"assessments/{assessment['id']}/answers", answers)
    assert again["id"] != assessment["id"]
    assert [one["reviewer"]["name"] for one in again["reviews"]] == ["Dr Clara Winter"]
    wrong = {"answers": [{"key": "painful", "lesion": case["lesions"][0]["id"], "entry": {"answer": "perhaps"}}]}
    assert program("POST", f"assessments/{assessment['id']}/answers", wrong, status=422)["errors"][0]["value"] == "perhaps"


def test_nobody_overwrites_what_they_have_not_seen(program: Program, nadia: User, sign_in: SignIn) -> None:
    case, nurse = recorded(program), Program(sign_in(nadia))
    place = {"key": "albumin", "slot": 0}
    first = program("PUT", f"cases/{case['id']}/draft", {**place, "entry": {"value": "41", "unit": "g/L"}, "seen": "nothing"})["entry"]
    late = {**place, "entry": {"value": "45", "unit": "g/L"}}
    said = nurse("PUT", f"cases/{case['id']}/draft", {**late, "seen": "nothing"}, status=409)
    assert (said["versions"]["mine"]["value"], said["versions"]["theirs"]["value"]) == ("45", "41")
    assert said["versions"]["by"] == "Dr Clara Winter"
    assert said["versions"]["version"] == first["version"]
    assert program("GET", f"cases/{case['id']}/draft")["items"][0]["entry"]["value"] == "41"

    on_purpose = nurse("PUT", f"cases/{case['id']}/draft", {**late, "seen": said["versions"]["version"]})["entry"]
    assert on_purpose["entry"]["value"] == "45"


def test_nobody_signs_what_they_have_not_seen(program: Program) -> None:
    case = recorded(program)
    assessment = program("POST", f"cases/{case['id']}/assessments", {}, status=201)
    review = program("POST", f"assessments/{assessment['id']}/reviews", status=201)
    noted = program("PUT", f"reviews/{review['id']}/note", {"note": "One.", "seen": review["note_version"]})
    said = program("PUT", f"reviews/{review['id']}/note", {"note": "Two.", "seen": review["note_version"]}, status=409)
    assert (said["versions"]["mine"], said["versions"]["theirs"]) == ({"note": "Two."}, {"note": "One."})
    kind = {"type": "mixed", "reason_group": "disagrees", "text": "seen at biopsy"}
    program("PUT", f"reviews/{review['id']}/types/L1", {**kind, "seen": "nothing"})
    program("PUT", f"reviews/{review['id']}/types/L1", {**kind, "text": "otherwise", "seen": "nothing"}, status=409)
    program("POST", f"reviews/{review['id']}/signature", {"seen": noted["version"]}, status=409)
    seen = program("GET", f"reviews/{review['id']}")["version"]
    assert program("POST", f"reviews/{review['id']}/signature", {"seen": seen})["signed_at"]


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [("POST", "patients", NEW), ("POST", "patients/{patient}/cases", {"title": "knee"}), ("POST", "cases/{case}/lesions", None)],
)
def test_what_is_asked_for_twice_is_made_once(program: Program, method: str, address: str, body: Any) -> None:
    if "{" in address:
        case = recorded(program)
        address = address.format(patient=case["patient"], case=case["id"])
    key = {"Idempotency-Key": "k-1"}
    first = program(method, address, body, status=201, **key)
    assert program(method, address, body, **key)["id"] == first["id"]
    if body:
        changed = {**body, next(iter(body)): "X-1"}
        said = program(method, address, changed, status=409, **key)
        assert "was sent before" in said["errors"][0]["say"]
    assert program(method, address, body, status=400, **{"Idempotency-Key": "two words"})["errors"][0]["key"] == "Idempotency-Key"
