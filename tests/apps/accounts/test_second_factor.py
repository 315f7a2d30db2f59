"""The second factor: asked for after the password, needed by some, and theirs to look after."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.actions import give_role, make_token
from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from tests.apps.accounts.second_factors import code_of, give_app, recovery_codes_of
from tests.factories.user import PASSWORD, TESTS

pytestmark = pytest.mark.django_db
SIGN_IN, STEP, OVERVIEW = reverse("accounts:sign_in"), reverse("mfa_authenticate"), reverse("mfa_index")
ADD_APP, REMOVE_APP, ADD_PASSKEY = reverse("mfa_activate_totp"), reverse("mfa_deactivate_totp"), reverse("mfa_add_webauthn")
ACCOUNT = reverse("accounts:account")


def enter(user: User) -> Client:
    browser = Client()
    browser.post(SIGN_IN, {"username": user.username, "password": PASSWORD})
    return browser


def set_up_app(browser: Client) -> str:
    """Sets up an app on the page. Returns its secret."""
    page = browser.get(ADD_APP)
    assert page.status_code == 200, page["Location"]
    secret = str(page.context["form"].secret)
    assert browser.post(ADD_APP, {"code": code_of(secret)})["Location"] == reverse("mfa_view_recovery_codes")
    return secret


def test_an_app_is_set_up_and_then_asked_for(clara: User) -> None:
    browser = enter(clara)
    secret = set_up_app(browser)
    shown = browser.get(reverse("mfa_view_recovery_codes"))
    assert recovery_codes_of(clara)[0] in shown.text
    assert recovery_codes_of(clara)[0] not in browser.get(reverse("mfa_view_recovery_codes")).text

    other = enter(clara)
    assert other.get(ACCOUNT).status_code == 302
    wrong = other.post(STEP, {"code": "000000"})
    assert "did not work" in wrong.text
    assert other.get(ACCOUNT).status_code == 302
    Authenticator.objects.filter(user=clara, type="totp").update(last_used_at=None)
    assert other.post(STEP, {"code": code_of(secret)})["Location"] == "/"
    assert other.get(ACCOUNT).status_code == 200
    events = list(Event.objects.filter(subject_id=str(clara.pk)).order_by("id").values_list("action", flat=True))
    assert events[-4:] == ["user.signed_in", "second_factor.added", "user.sign_in_failed", "user.signed_in"]


def test_the_password_alone_notes_no_sign_in(clara: User) -> None:
    give_app(clara)
    enter(clara)
    assert not Event.objects.filter(action="user.signed_in").exists()


def test_a_code_works_once(clara: User) -> None:
    secret = give_app(clara)
    code = code_of(secret)
    first, second = enter(clara), enter(clara)
    assert first.post(STEP, {"code": code}).status_code == 302
    assert second.post(STEP, {"code": code}).status_code == 200
    assert second.get(ACCOUNT).status_code == 302


def test_a_recovery_code_stands_in_once(clara: User) -> None:
    give_app(clara)
    code = recovery_codes_of(clara)[3]
    assert enter(clara).post(STEP, {"code": code}).status_code == 302
    assert enter(clara).post(STEP, {"code": code}).status_code == 200
    assert len(recovery_codes_of(clara)) == 9


def test_codes_are_not_guessed(clara: User) -> None:
    give_app(clara)
    browser = enter(clara)
    answers = [browser.post(STEP, {"code": f"{n:06}"}).text for n in range(6)]
    assert "wrong too often" in answers[5]


def test_what_is_stored_is_no_secret_that_opens_anything(clara: User, settings: Any) -> None:
    secret = give_app(clara)
    stored = Authenticator.objects.get(user=clara, type="totp")
    assert secret not in json.dumps(stored.data)

    settings.SECRET_KEY = "another installation's key"
    assert enter(clara).post(STEP, {"code": code_of(secret)}).status_code == 200, "a code must not fit under another key"
    settings.SECRET_KEY_FALLBACKS = ["for tests only"]
    assert enter(clara).post(STEP, {"code": code_of(secret)}).status_code == 302


@pytest.mark.parametrize("role", ["administrator", "approver"])
def test_some_set_one_up_before_anything_else(role: str, clara: User, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    browser = enter(clara)
    assert browser.get(ACCOUNT).status_code == 200
    give_role(by=TESTS, user=clara, role=role)

    for page in ("/", ACCOUNT, reverse("patients:search"), reverse("people:list"), "/admin/"):
        assert browser.get(page)["Location"] == OVERVIEW
    fragment = browser.get(reverse("patients:search"), headers={"HX-Request": "true"})
    assert fragment["HX-Redirect"] == OVERVIEW
    asked = browser.post("/api/v1/assess", "{}", content_type="application/json")
    assert asked.status_code == 403
    assert "second factor" in asked.json()["errors"][0]["say"]
    assert "First set up a second factor" in browser.get(OVERVIEW).text

    set_up_app(browser)
    assert browser.get(ACCOUNT).status_code == 200
    assert browser.get("/").status_code == 200


def test_in_the_demo_it_is_offered_and_not_asked_for(ada: User) -> None:
    browser = enter(ada)
    assert browser.get("/").status_code == 200
    assert "Set one up" in browser.get(ACCOUNT).text


def test_the_last_one_stays_where_it_is_needed(ada: User, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    browser = enter(ada)
    set_up_app(browser)
    assert "need a second factor" in browser.get(REMOVE_APP).text
    browser.post(REMOVE_APP)
    assert Authenticator.objects.filter(user=ada, type="totp").exists()

    settings.SECOND_FACTOR_REQUIRED = False
    assert browser.post(REMOVE_APP)["Location"] == OVERVIEW
    assert not Authenticator.objects.filter(user=ada).exists()
    assert Event.objects.filter(action="second_factor.removed").count() == 1


def test_whoever_finds_an_open_browser_cannot_change_it(clara: User, sign_in: Any) -> None:
    browser = sign_in(clara)
    for page in (ADD_APP, ADD_PASSKEY):
        assert browser.get(page)["Location"].startswith(reverse("account_reauthenticate"))
    confirm = browser.get(ADD_APP)["Location"]
    assert browser.post(confirm, {"password": "guess"}).status_code == 200
    assert browser.get(ADD_APP).status_code == 302
    assert browser.post(confirm, {"password": PASSWORD})["Location"] == ADD_APP
    assert browser.get(ADD_APP).status_code == 200


def test_a_token_of_somebody_without_the_needed_factor_is_refused(aya: User, settings: Any) -> None:
    secret = make_token(by=aya, label="x")[1]
    by_token = {"Authorization": f"Bearer {secret}"}
    settings.SECOND_FACTOR_REQUIRED = True
    refused = Client().post("/api/v1/assess", "{}", content_type="application/json", headers=by_token)
    assert refused.status_code == 401
    assert "second factor" in refused.json()["errors"][0]["say"]
    give_app(aya)
    refused = Client().post("/api/v1/assess", "{}", content_type="application/json", headers=by_token)
    assert refused.status_code == 401, "a token made before the factor was there is worth no more than a password"
    made_with_it = {"Authorization": f"Bearer {make_token(by=aya, label='y')[1]}"}
    assert Client().post("/api/v1/assess", "{}", content_type="application/json", headers=made_with_it).status_code == 403


HOSTILE = [
    "",
    "{",
    "[]",
    "1",
    '"x"',
    "null",
    "{}",
    '{"id": 1}',
    '{"response": {}}',
    '{"response": {"userHandle": "AAAA"}}',
    '{"response": {"userHandle": 7}}',
    '{"response": []}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA", "attestationObject": "AA"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "e30", "attestationObject": "oA"}}',
    '{"id": "AA", "rawId": "AA", "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}}',
    '{"id": "\\u0000", "rawId": "AA", "type": "public-key", "response": {}}',
    '{"id": "\\ud800", "rawId": "AA", "type": "public-key", "response": {}}',
    "[" * 5000,
    '{"a":' * 5000,
]


@pytest.mark.parametrize("sent", HOSTILE)
def test_a_passkey_that_is_none_is_refused_in_words(clara: User, sent: str) -> None:
    browser = enter(clara)
    browser.get(ADD_PASSKEY)
    assert browser.post(ADD_PASSKEY, {"credential": sent, "name": "x"}).status_code == 422
    assert not Authenticator.objects.exists()

    outside = Client()
    outside.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    assert outside.post(reverse("mfa_login_webauthn"), {"credential": sent})["Location"] == SIGN_IN

    give_app(clara)
    second = enter(clara)
    second.get(STEP)
    assert second.post(STEP, {"credential": sent}).status_code == 200
    assert second.get(ACCOUNT).status_code == 302
