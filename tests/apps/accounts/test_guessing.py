"""Guessing is slowed down for whoever guesses, and for nobody else; and every attempt leaves an event."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from tests.factories.user import PASSWORD

pytestmark = pytest.mark.django_db
SIGN_IN = reverse("accounts:sign_in")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


def attempt(name: str, password: str, address: str = "198.51.100.7", **more: Any) -> Any:
    return Client(REMOTE_ADDR=address).post(SIGN_IN, {"username": name, "password": password}, **more)


def test_five_wrong_passwords_shut_the_name_at_that_address_only(clara: User) -> None:
    for _ in range(5):
        assert "do not belong together" in attempt("clara", "guess").text
    assert "wrong too often" in attempt("clara", PASSWORD).text

    assert attempt("clara", PASSWORD, address="198.51.100.8").status_code == 302


def test_a_shut_name_does_not_shut_out_its_ward(clara: User, nadia: User) -> None:
    for _ in range(80):
        attempt("clara", "guess")
    assert attempt("nadia", PASSWORD).status_code == 302


def test_a_colleague_at_the_same_address_shuts_nobody_out_for_a_day(clara: User) -> None:
    begin = timezone.now()
    for round_ in range(8):
        with time_machine.travel(begin + timedelta(minutes=6 * round_)):
            for _ in range(5):
                attempt("clara", "guess")
    with time_machine.travel(begin + timedelta(minutes=60)):
        assert attempt("clara", PASSWORD).status_code == 302


def test_a_ward_signs_in_by_passkey_within_one_minute(db: None) -> None:
    answers = [Client().post(reverse("mfa_login_webauthn"), {"credential": "{}"}).status_code for _ in range(40)]
    assert set(answers) == {302}


def test_many_names_from_one_address_are_stopped(clara: User) -> None:
    for n in range(60):
        attempt(f"name{n}", "guess")
    assert "wrong too often" in attempt("clara", PASSWORD).text
    assert attempt("clara", PASSWORD, address="198.51.100.8").status_code == 302


def test_a_right_password_in_between_does_not_count(clara: User) -> None:
    for _ in range(8):
        assert attempt("clara", PASSWORD).status_code == 302


def test_known_and_unknown_names_are_answered_alike_to_the_last_letter_also_when_shut(clara: User) -> None:
    answers = []
    for name in ("clara", "klara"):
        pages = [attempt(name, "guess") for _ in range(6)]
        answers.append([(page.status_code, TOKEN.sub("", page.text.replace(name, "NAME"))) for page in pages])

    assert answers[0] == answers[1]
    assert "wrong too often" in answers[1][5][1]


def test_the_same_work_is_done_for_an_unknown_name(clara: User, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = []
    encode, verify = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda self, *a, **k: hashed.append("encode") or encode(self, *a, **k))
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda self, *a, **k: hashed.append("verify") or verify(self, *a, **k))
    attempt("clara", "guess")
    known = len(hashed)
    attempt("nobody", "guess")
    assert known == len(hashed) - known == 1


def test_a_refused_sign_in_is_an_event_without_a_name_that_nobody_has(clara: User) -> None:
    attempt("clara", "guess")
    attempt("my secret password", "clara")
    known, unknown = Event.objects.filter(action="user.sign_in_failed").order_by("id")
    assert (known.subject_id, known.clinic) == (str(clara.pk), str(clara.clinic_id))
    assert known.detail == {"address": "198.51.100.7", "step": "password"}
    assert unknown.subject_id == "00000000-0000-0000-0000-000000000000"
    assert "secret" not in f"{unknown.actor}{unknown.detail}{unknown.subject_id}"


def test_coming_and_leaving_are_events(clara: User) -> None:
    browser = Client()
    browser.post(SIGN_IN, {"username": "clara", "password": PASSWORD})
    browser.post(reverse("accounts:sign_out"))
    browser.post(reverse("accounts:sign_out"))
    came, left = Event.objects.filter(subject_id=str(clara.pk), action__startswith="user.signed").order_by("id")
    assert (came.action, came.detail["way"]) == ("user.signed_in", "password")
    assert (left.action, left.detail) == ("user.signed_out", {"why": "asked"})


def test_the_address_before_a_proxy_counts_when_there_is_one(clara: User, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    attempt("clara", "guess", headers={"X-Forwarded-For": "203.0.113.9, 192.0.2.1"})
    attempt("clara", "guess", headers={"X-Forwarded-For": "no address"})
    attempt("clara", "guess", address="")
    found = [event.detail["address"] for event in Event.objects.filter(action="user.sign_in_failed").order_by("id")]
    assert found == ["192.0.2.1", "0.0.0.0", "0.0.0.0"]  # noqa: S104
