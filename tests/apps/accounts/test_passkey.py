"""A passkey signs in alone only when it was set up for it, after a PIN, and in answer to the question of that door."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calcinosis_app.accounts.models import User
from tests.apps.accounts.passkeys import SecurityKey
from tests.apps.accounts.second_factors import code_of, give_app
from tests.factories.user import PASSWORD

pytestmark = pytest.mark.django_db
SIGN_IN, STEP, ALONE, ACCOUNT = (
    reverse(name) for name in ("accounts:sign_in", "mfa_authenticate", "mfa_login_webauthn", "accounts:account")
)
OPTIONS = '<script id="passkey-options" type="application/json">'
STATE = "mfa.webauthn.state"


def asked_at_the_door(browser: Client) -> str:
    """The challenge for a sign-in by passkey alone."""
    answered = browser.get(ALONE, headers={"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"})
    return str(answered.json()["request_options"]["publicKey"]["challenge"])


def options_of(page: str) -> Any:
    return json.loads(page.partition(OPTIONS)[2].partition("</script>")[0])


def at_the_second_step(user: User) -> tuple[Client, str]:
    """A browser after the password, and the challenge of the second step."""
    browser = Client()
    browser.post(SIGN_IN, {"username": user.username, "password": PASSWORD})
    return browser, options_of(browser.get(STEP).text)["request_options"]["publicKey"]["challenge"]


def inside(browser: Client) -> bool:
    return browser.get(ACCOUNT, secure=True).status_code == 200


@pytest.mark.parametrize(("alone", "verified", "enters"), [(True, True, True), (True, False, False), (False, True, False)])
def test_it_takes_a_key_set_up_for_it_and_its_pin(clara: User, *, alone: bool, verified: bool, enters: bool) -> None:
    key = SecurityKey()
    key.give(clara, alone=alone)
    browser = Client()
    challenge = asked_at_the_door(browser)
    browser.post(ALONE, {"credential": key.answer(challenge, clara, verified=verified)}, secure=True)
    assert inside(browser) is enters


@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize("minutes", [0, 16])
def test_the_question_of_a_colleagues_second_step_opens_nothing(ada: User, clara: User, *, verified: bool, minutes: int) -> None:
    key = SecurityKey()
    key.give(ada, alone=True)
    give_app(clara)
    browser, challenge = at_the_second_step(clara)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        browser.post(ALONE, {"credential": key.answer(challenge, ada, verified=verified)}, secure=True)
        assert not inside(browser)


def test_a_key_without_a_pin_is_a_second_step(clara: User) -> None:
    key = SecurityKey()
    key.give(clara, alone=False)
    browser, challenge = at_the_second_step(clara)
    browser.post(STEP, {"credential": key.answer(challenge, clara, verified=False)}, secure=True)
    assert inside(browser)


def test_no_question_outlives_the_sign_in(clara: User) -> None:
    secret = give_app(clara)
    browser, _ = at_the_second_step(clara)
    assert STATE in browser.session
    browser.post(STEP, {"code": code_of(secret)})
    assert inside(browser)
    assert STATE not in browser.session


def test_beginning_again_forgets_the_question(clara: User, nadia: User) -> None:
    give_app(clara)
    browser, _ = at_the_second_step(clara)
    browser.post(SIGN_IN, {"username": "nadia", "password": PASSWORD})
    assert STATE not in browser.session


@pytest.mark.parametrize("alone", [True, False])
def test_whether_it_signs_in_alone_is_what_the_person_chose_whatever_the_browser_says(clara: User, *, alone: bool) -> None:
    key = SecurityKey()
    browser = Client()
    browser.post(SIGN_IN, {"username": "clara", "password": PASSWORD})
    page = browser.get(reverse("mfa_add_webauthn"), secure=True)
    challenge = page.context["js_data"]["creation_options"]["publicKey"]["challenge"]
    typed = {"name": "Key", "credential": json.dumps(key.set_up(challenge, resident=not alone, verified=True))}
    added = browser.post(reverse("mfa_add_webauthn"), typed | ({"passwordless": "on"} if alone else {}), secure=True)
    assert added.status_code == 302
    assert Authenticator.objects.get(user=clara, type="webauthn").wrap().is_passwordless is alone


@pytest.mark.parametrize("sent", ["1" * 5000, '{"id": ' + "1" * 5000 + "}", '{"id": NaN}', "[" * 100_000, "null", "[]", '"\\ud800"'])
def test_whatever_is_no_key_is_refused_in_words(clara: User, sent: str) -> None:
    give_app(clara)
    SecurityKey().give(clara, alone=False)
    stepping, _ = at_the_second_step(clara)
    assert Client().post(ALONE, {"credential": sent})["Location"] == SIGN_IN
    assert stepping.post(STEP, {"credential": sent}).status_code == 200
    assert not inside(stepping)


@pytest.mark.parametrize("sent", ["1" * 5000, '{"id": NaN}'])
def test_whatever_is_no_key_is_neither_added_nor_a_confirmation(clara: User, sent: str) -> None:
    browser = Client()
    browser.post(SIGN_IN, {"username": "clara", "password": PASSWORD})
    assert browser.post(reverse("mfa_add_webauthn"), {"credential": sent}).status_code == 422
    SecurityKey().give(clara, alone=False)
    assert browser.post(reverse("mfa_reauthenticate_webauthn"), {"credential": sent}).status_code == 302
