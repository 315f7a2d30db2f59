"""A case in, an assessment out: the ladder, the options, and every error in one form."""

import json
from typing import Any

import pytest
from django.test import Client

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.models import Assessment
from calcinosis_app.patients.models import Finding
from clinical_rules.assessment import assess
from clinical_rules.commands import parse_json
from clinical_rules.release import load
from tests.api.calls import ASSESS, only_error, post
from tests.api.test_contract_cases import CASE_A
from tests.cast import SignIn

EMPTY: dict[str, Any] = {"id": "empty", "on": "2026-03-02", "patient": {}, "lesions": [{"id": "L"}]}


@pytest.fixture
def client(clara: User, sign_in: SignIn) -> Client:
    return sign_in(clara)


def test_it_answers_with_the_bytes_of_the_command(client: Client) -> None:
    sent = json.dumps(CASE_A)

    response = post(client, sent.encode())

    assert response["Content-Type"] == "application/json"
    assert response.text == assess(parse_json(sent), load()).to_json()


def test_nothing_is_stored(client: Client) -> None:
    post(client, CASE_A)

    assert not Assessment.objects.exists()
    assert not Finding.objects.exists()


def test_day_and_jurisdiction_may_be_asked_for(client: Client) -> None:
    asked = post(client, EMPTY, "?on=2027-01-31&jurisdiction=uk").json()
    in_case = post(client, {**EMPTY, "jurisdiction": "us"}).json()
    plain = post(client, EMPTY).json()

    assert (asked["on"], asked["jurisdiction"]) == ("2027-01-31", "uk")
    assert (in_case["on"], in_case["jurisdiction"]) == ("2026-03-02", "us")
    assert plain["jurisdiction"] is None


def test_a_case_without_any_day_counts_as_of_today(client: Client) -> None:
    assert post(client, {key: value for key, value in EMPTY.items() if key != "on"}).status_code == 200


def test_decimals_are_exact(client: Client) -> None:
    body = json.dumps(CASE_A).replace("9.7", "9.700000000000000000001").encode()

    assert post(client, body).status_code == 200
    said = post(client, body.replace(b"9.700000000000000000001", b"97.00000000000000000001")).json()["errors"][0]
    assert said["value"].startswith("97")


def with_finding(key: str, finding: Any) -> dict[str, Any]:
    return {**EMPTY, "patient": {"findings": {key: finding}}}


@pytest.mark.parametrize(
    ("body", "key", "says"),
    [
        (with_finding("ca_total", {"value": 9.8, "unit": "mmol/L"}), "ca_total", "9.8 looks like mg/dL"),
        (with_finding("phosphate", {"value": 1.2}), "phosphate", "a unit is required"),
        (with_finding("phosphate", {"value": 1.2, "unit": "stone"}), "phosphate", "unit not known"),
        (with_finding("phosphat", True), "phosphat", "did you mean"),
        (with_finding("phosphate_position", "above"), "phosphate_position", "cannot be entered"),
        ({**EMPTY, "lesions": []}, "lesions", "at least one lesion"),
        ({**EMPTY, "lesions": [{}] * 51}, "lesions", "a case may have 50"),
        ({**EMPTY, "jurisdiction": "fr"}, "jurisdiction", "choose one of"),
        ({**EMPTY, "jurisdiction": ["uk"]}, "jurisdiction", "choose one of"),
        ([EMPTY], "case", "is an object"),
        ("case", "case", "is an object"),
        (b'{"id": "A", "id": "B"}', "body", "'id' stands twice"),
        (b'{"id": NaN}', "body", "NaN is no number"),
        (b'{"id": "\\ud800"}', "body", "half a letter"),
        (b"{", "body", "is no JSON"),
        (b"", "patient", "an object"),
        (b'{"id": "\xff"}', "body", "is no JSON in UTF-8"),
        (b"[" * 17 + b"]" * 17, "body", "nested deeper"),
        (b"[" * 100_000, "body", "is no JSON"),
    ],
)
def test_an_error_names_key_value_and_remedy(client: Client, body: Any, key: str, says: str) -> None:
    response = post(client, body)

    assert response.status_code == 400
    error = only_error(response)
    assert error["key"] == key
    assert says in error["say"]


def test_an_error_names_case_and_lesion(client: Client) -> None:
    response = post(client, {**EMPTY, "lesions": [{"id": "L1"}, {"id": "L2", "findings": {"painful": "very"}}]})

    error = only_error(response)
    assert (error["case"], error["lesion"], error["key"], error["value"]) == ("empty", "L2", "painful", "very")


@pytest.mark.parametrize("query", ["?on=yesterday", "?on=", "?jurisdiction=fr", "?jurisdiction="])
def test_a_wrong_option_is_an_error_too(client: Client, query: str) -> None:
    response = post(client, EMPTY, query)

    assert response.status_code == 400
    assert only_error(response)["key"] in query


def test_too_large_a_body(client: Client) -> None:
    response = post(client, b'{"id": "' + b"x" * 600_000 + b'"}')

    assert response.status_code == 413
    assert "512 kB" in only_error(response)["say"]


def test_another_format(client: Client) -> None:
    response = post(client, EMPTY, content_type="text/plain")

    assert response.status_code == 415
    assert only_error(response)["say"]


def test_a_caller_who_accepts_no_json(client: Client) -> None:
    response = post(client, EMPTY, headers={"Accept": "text/html"})

    assert response.status_code == 406
    assert only_error(response)["say"]


def test_another_method(client: Client) -> None:
    response = client.get(ASSESS)

    assert response.status_code == 405
    assert only_error(response)["say"]


@pytest.mark.django_db
def test_nobody_signed_in() -> None:
    response = post(Client(), EMPTY)

    assert response.status_code == 401
    assert "Sign in first" in only_error(response)["say"]


@pytest.mark.parametrize("who", ["nadia", "karl", "aya", "ada"])
def test_who_may_not_assess(who: str, request: pytest.FixtureRequest, sign_in: SignIn) -> None:
    response = post(sign_in(request.getfixturevalue(who)), EMPTY)

    assert response.status_code == 403
    assert "have a case assessed" in only_error(response)["say"]


def test_a_request_without_the_csrf_token(clara: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(clara)

    response = post(client, EMPTY)

    assert response.status_code == 403
    assert "CSRF" in only_error(response)["say"]


def test_another_clinics_clinician_may_assess_a_case_that_names_nobody(sven: User, sign_in: SignIn) -> None:
    assert post(sign_in(sven), CASE_A).status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_of_another_age(client: Client, day: str) -> None:
    response = client.post(f"{ASSESS}?on={day}", EMPTY, content_type="application/json")

    assert response.status_code == 400
    assert only_error(response)["key"] == "on"


@pytest.mark.parametrize("number", ["1e99999999999999999999", "-1e99999999999999999999"])
def test_a_number_beyond_all_measure_is_refused(client: Client, number: str) -> None:
    response = post(client, f'{{"id": "A", "patient": {{}}, "lesions": [{{"id": "L"}}], "on": {number}}}'.encode())

    assert response.status_code == 400
    assert "too large or too small" in only_error(response)["say"]


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain"])
@pytest.mark.parametrize(("body", "status"), [(b"", 400), (b"{}", 415)])
def test_another_kind_of_body_is_refused(client: Client, kind: str, body: bytes, status: int) -> None:
    assert post(client, body, content_type=kind).status_code == status


@pytest.mark.parametrize("day", ["2026-W01-1", "20260101", "yesterday"])
def test_a_day_has_one_form(client: Client, day: str) -> None:
    response = post(client, EMPTY, f"?on={day}")

    assert response.status_code == 400
    assert only_error(response)["value"] == day


def test_the_viewer_answers_what_it_does_not_know_with_405(client: Client) -> None:
    assert client.options("/api/v1/docs/").status_code == 405
