"""The structured log: one line per request and per task, and nobody's identity in any of them."""

import json
import logging
import uuid
from collections.abc import Iterator
from urllib.request import Request

import pytest
from django.test import Client, RequestFactory, override_settings

from calcinosis_app.accounts.models import User
from calcinosis_app.core import tasks
from calcinosis_app.core.logs import AsJson, WithoutAddresses
from tests.cast import SignIn
from tests.factories.patient import make_patient
from tests.runtime.running import Up
from tests.runtime.test_logs import REFUSED
from tests.runtime.test_up import DIRECTLY


class Kept(logging.Handler):
    """Keeps what would be printed."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(AsJson())
        self.addFilter(WithoutAddresses())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def requests(self) -> list[dict[str, object]]:
        return [one for one in map(json.loads, self.lines) if one["message"] == "request"]


@pytest.fixture
def kept() -> Iterator[Kept]:
    """Everything that the product and Django log, as the json setting would print it."""
    handler = Kept()
    loggers = [logging.getLogger(name) for name in ("calcinosis_app", "calcinosis_app.work", "django")]
    levels = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.INFO)
    for name in ("calcinosis_app", "django"):
        logging.getLogger(name).addHandler(handler)
    yield handler
    for one, level in zip(loggers, levels, strict=True):
        one.setLevel(level)
    for name in ("calcinosis_app", "django"):
        logging.getLogger(name).removeHandler(handler)


@pytest.mark.django_db
def test_a_request_is_one_line_without_anything_that_was_in_its_address(kept: Kept, sign_in: SignIn, clara: User) -> None:
    patient = make_patient(clara, family_name="Lindqvist", given_name="Astrid")
    client = sign_in(clara)

    response = client.get(f"/patients/{patient.pk}/", {"q": "Lindqvist"})

    (line,) = kept.requests()
    assert (line["method"], line["route"], line["status"]) == ("GET", "/patients/<uuid:patient_id>/", 200)
    assert isinstance(line["ms"], int)
    assert line["request"] == response["X-Request-ID"]
    everything = "\n".join(kept.lines)
    for telling in ("Lindqvist", "Astrid", str(patient.pk), patient.number, "clara", str(clara.pk)):
        assert telling not in everything


@pytest.mark.django_db
def test_the_same_person_is_the_same_stand_in_and_nobody_is_none(kept: Kept, sign_in: SignIn, clara: User, nadia: User) -> None:
    for person in (clara, clara, nadia):
        sign_in(person).get("/")
    Client().get("/sign-in/")
    first, again, other, nobody = kept.requests()
    assert first["user"] == again["user"]
    assert first["user"] != other["user"]
    assert "user" not in nobody


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/patients/Lindqvist/", "/Lindqvist%20Astrid", "/patients/Lindqvist%C3%A4/?q=Lindqvist", "/api/v1/Lindqvist"]
)
def test_a_name_in_a_wrong_address_is_not_repeated(kept: Kept, sign_in: SignIn, clara: User, path: str) -> None:
    assert sign_in(clara).get(path).status_code == 404
    (line,) = kept.requests()
    assert line["route"] == "(no such address)"
    assert any("Not Found" in one for one in kept.lines), "Django's own line is there, too"
    assert "Lindqvist" not in "\n".join(kept.lines)


@pytest.mark.django_db
def test_a_refused_form_and_a_wrong_host_are_logged_without_their_words(kept: Kept) -> None:
    guarded = Client(enforce_csrf_checks=True)
    assert guarded.post("/sign-in/", {"username": "Lindqvist"}).status_code == 403
    assert Client().get("/sign-in/", headers={"host": "lindqvist.example"}).status_code == 400
    assert len(kept.lines) >= 4
    assert "indqvist" not in "\n".join(kept.lines)


@pytest.mark.django_db
def test_style_sheets_and_the_monitor_leave_no_line(kept: Kept) -> None:
    Client().get("/static/css/base.css")
    Client().get("/healthz")
    assert kept.requests() == []


@pytest.mark.django_db
def test_only_a_proxys_identifier_is_kept_and_only_when_it_cannot_be_a_name(kept: Kept) -> None:
    given = str(uuid.uuid4())
    assert Client().get("/sign-in/", headers={"X-Request-ID": given})["X-Request-ID"] != given
    with override_settings(BEHIND_PROXY=True):
        assert Client().get("/sign-in/", headers={"X-Request-ID": given})["X-Request-ID"] == given
        assert Client().get("/sign-in/", headers={"X-Request-ID": "Lindqvist"})["X-Request-ID"] != "Lindqvist"
    assert "Lindqvist" not in "\n".join(kept.lines)


def test_an_error_keeps_its_traceback_on_the_same_line(kept: Kept) -> None:
    request = RequestFactory().get("/patients/Lindqvist/")
    try:
        raise ValueError(REFUSED)
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", request.path, extra={"request": request})
    (line,) = kept.lines
    assert "Traceback" in json.loads(line)["message"]
    assert "Failing row" not in line
    assert "Secret" not in line
    assert "ValueError" in line


@pytest.mark.django_db
def test_a_task_is_one_line(kept: Kept) -> None:
    tasks.heartbeat.apply()
    (line,) = (one for one in map(json.loads, kept.lines) if one["message"] == "task")
    assert (line["task"], line["state"]) == (tasks.HEARTBEAT, "SUCCESS")
    assert isinstance(line["ms"], int)


def test_the_product_prints_json_when_it_is_told_to(behind_proxy: Up) -> None:
    by_proxy = {"Host": "clinic.example", "X-Forwarded-Proto": "https"}
    with DIRECTLY.open(Request(f"{behind_proxy.address()}sign-in/?q=Lindqvist", headers=by_proxy)) as answer:
        identifier = answer.headers["X-Request-ID"]
    lines = [json.loads(line) for line in behind_proxy.problems().splitlines() if line.startswith("{")]
    (ours,) = (line for line in lines if line.get("request") == identifier)
    assert (ours["route"], ours["status"]) == ("/sign-in/", 200)
    assert "Lindqvist" not in behind_proxy.problems()
