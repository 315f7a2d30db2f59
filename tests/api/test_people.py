"""People, oneself, laboratory files and rules by the interface."""

import json
from typing import Any

import pytest
from django.test import Client

from calcinosis_app.accounts.actions import make_token
from calcinosis_app.accounts.models import ApiToken, User
from calcinosis_app.laboratory.actions import work_on
from calcinosis_app.patients.models import Finding
from tests.factories.laboratory import csv_of, result_of, xlsx_of
from tests.factories.patient import make_patient

pytestmark = pytest.mark.django_db
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_program(user: User) -> Any:
    """Calls with a token of the person."""
    header = {"Authorization": f"Bearer {make_token(by=user, label='program')[1]}"}

    def call(method: str, address: str, body: Any = None, kind: str = "application/json", **headers: str) -> Any:
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return Client().generic(method, f"/api/v1/{address}", sent, content_type=kind, headers={**header, **headers})

    return call


def test_a_person_is_invited_changed_and_shut_out(ada: User) -> None:
    call = as_program(ada)
    new = {"username": "gil", "name": "Gil Aster", "roles": ["nurse"]}
    made = call("POST", "people", new, **{"Idempotency-Key": "k"})
    assert made.status_code == 201
    link, person = made.json()["link"], made.json()["person"]
    assert Client().get(link).status_code in (200, 302)
    again = call("POST", "people", new, **{"Idempotency-Key": "k"})
    assert (again.status_code, again.json()["link"]) == (200, link)
    assert call("POST", "people", new).status_code == 422

    at = f"people/{person['id']}"
    assert call("PUT", f"{at}/roles", {"roles": ["clinician"], "seen": ["nurse"]}).json()["roles"] == ["clinician"]
    late = call("PUT", f"{at}/roles", {"roles": ["curator"], "seen": ["nurse"]})
    assert late.status_code == 409
    assert set(late.json()["versions"]) >= {"mine", "theirs"}
    changed = call("PUT", at, {"name": "Gil Astor", "email": "", "seen": {"name": "Gil Aster", "email": ""}})
    assert changed.json()["name"] == "Gil Astor"
    stale = call("PUT", at, {"name": "Gilbert", "email": "", "seen": {"name": "Gil Aster", "email": ""}})
    assert (stale.status_code, stale.json()["versions"]["theirs"]["display_name"]) == (409, "Gil Astor")
    assert call("PUT", f"{at}/permissions/override_absolute").json()["permissions_granted"] == ["override_absolute"]
    assert call("DELETE", f"{at}/permissions/override_absolute").status_code == 204
    assert call("POST", f"{at}/deactivate").json()["standing"] == "deactivated"
    assert call("POST", f"people/{ada.pk}/deactivate").status_code == 422
    assert call("GET", "people").json()["total"] == 2


def test_a_token_ends_itself_and_no_other_persons(clara: User, nadia: User) -> None:
    call = as_program(clara)
    _, others = make_token(by=nadia, label="other"), ApiToken.objects.get(user=nadia)
    assert call("DELETE", f"me/tokens/{others.pk}").status_code == 404
    own = call("GET", "me/tokens").json()["items"][0]
    assert call("DELETE", f"me/tokens/{own['id']}").status_code == 204
    assert call("GET", "me").status_code == 401


def test_sessions_end_by_the_interface(clara: User, sign_in: Any) -> None:
    browser = sign_in(clara)
    browser.get("/")
    call = as_program(clara)
    assert len(call("GET", "me/sessions").json()["items"]) == 1
    assert call("DELETE", "me/sessions").status_code == 204
    assert browser.get("/patients/").status_code == 302


@pytest.mark.parametrize(("kind", "write"), [("text/csv", csv_of), (XLSX, xlsx_of)])
def test_a_file_is_tried_committed_and_its_results_are_there(nadia: User, kind: str, write: Any) -> None:
    patient, call = make_patient(nadia), as_program(nadia)
    content = write(result_of(patient), result_of(patient, code="X9", code_system=""))
    sent = call("POST", "laboratory/imports?laboratory=Central&file_name=march", content, kind)
    assert sent.status_code == 201, sent.content
    at = f"laboratory/imports/{sent.json()['id']}"
    assert call("POST", f"{at}/commit").status_code == 409
    work_on(seconds=20)
    assert call("GET", at).json()["counts"]["imported"] == 1
    refused = call("GET", f"{at}/lines?fate=refused").json()["items"]
    assert [one["reason"] for one in refused] == ["unknown_code"]

    queue = call("GET", "laboratory/queue").json()["codes"][0]
    mapped = call("PUT", "laboratory/mappings/codes", {name: queue[name] for name in ("laboratory", "system", "code")} | {"key": None})
    assert mapped.json() == {"lines": 1}
    work_on(seconds=20)
    assert call("POST", f"{at}/commit").json()["committed"] is True
    work_on(seconds=20)
    found = call("GET", f"patients/{patient.pk}/findings?key=phosphate").json()["items"]
    assert [(one["number"], one["unit"], one["case"]) for one in found] == [("1.1", "mmol/L", None)]
    assert Finding.objects.count() == 1
    assert call("DELETE", at).status_code == 409


def test_a_file_that_cannot_be_read_says_why(nadia: User) -> None:
    call = as_program(nadia)
    assert "names no column" in call("POST", "laboratory/imports?laboratory=C", b"a,b\n1,2\n", "text/csv").json()["errors"][0]["say"]
    assert call("POST", "laboratory/imports?laboratory=C", b"{}", "application/json").status_code == 415
    assert call("POST", "laboratory/imports", b"a", "text/csv").json()["errors"][0]["key"] == "laboratory"


def test_the_rules_are_read_row_by_row(karl: User) -> None:
    call = as_program(karl)
    number = call("GET", "rules").json()["items"][0]["number"]
    contents = call("GET", f"rules/{number}").json()
    for name in contents["tables"]:
        assert call("GET", f"rules/{number}/tables/{name}").json()["rows"]
    for name in contents["lists"]:
        assert call("GET", f"rules/{number}/lists/{name}").json()["items"]
    assert call("GET", f"rules/{number}/treatments/diltiazem").json()["treatment"]["name"] == "Diltiazem"
    row = call("GET", f"rules/{number}/rows/c1.1").json()
    assert row["sources"]
    found = call("GET", f"rules/{number}/facts?q=phosphate").json()["items"]
    assert 0 < len(found) < len(call("GET", f"rules/{number}/facts").json()["items"])
    assert call("GET", f"rules/{number}/references").json()["items"]
    assert call("GET", "rules/99").status_code == 404


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("reminders", "standing"),
        ("reminders?standing=soon", "standing"),
        ("reminders?standing=due&limit=0", "limit"),
        ("reminders?standing=due&limit=101", "limit"),
        ("reminders?standing=due&offset=-1", "offset"),
        ("reminders?standing=due&standing=done", "standing"),
        ("reminders?standing=due&who=all", "who"),
    ],
)
def test_what_stands_behind_the_question_mark_is_read_strictly(nadia: User, address: str, key: str) -> None:
    answer = as_program(nadia)("GET", address)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["key"] == key


@pytest.mark.parametrize(
    ("body", "key", "says"),
    [
        ({}, "number", "is missing"),
        ({"number": 5, "family_name": "A", "given_name": "B"}, "number", "must be a text"),
        ({"number": "1", "family_name": "A", "given_name": "B", "birthdate": "x"}, "birthdate", "not known here"),
        ({"number": "1", "family_name": "A", "given_name": "B", "birth_date": "4.5.1961"}, "birth_date", "no day"),
        ({"number": "1", "family_name": "A\x00", "given_name": "B"}, "family_name", "cannot be kept"),
        ({"number": "1", "family_name": "A" * 101, "given_name": "B"}, "family_name", "too long"),
        ({"number": "1", "family_name": "A", "given_name": "B", "sex": "f"}, "sex", "choose one of"),
        ([], "body", "must be an object"),
    ],
)
def test_a_body_is_read_strictly(nadia: User, body: Any, key: str, says: str) -> None:
    answer = as_program(nadia)("POST", "patients", body)
    assert answer.status_code == 400
    error = answer.json()["errors"][0]
    assert error["key"] == key
    assert says in error["say"]


def test_what_can_be_read_and_not_be_done(nadia: User) -> None:
    patient, call = make_patient(nadia), as_program(nadia)
    body = {"number": patient.number, "family_name": "A", "given_name": "B", "birth_date": "2999-01-01"}
    assert call("POST", "patients", body).json()["errors"][0]["key"] == "birth_date"
    answer = call("POST", "patients", {**body, "birth_date": None})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["key"] == "number"
