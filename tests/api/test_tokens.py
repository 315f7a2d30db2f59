"""Calling the interface with a person's token."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from calcinosis_app.accounts.actions import make_token, revoke_token
from calcinosis_app.accounts.models import ApiToken, User
from tests.api.calls import only_error, post

pytestmark = pytest.mark.django_db
EMPTY = {"patient": {}, "lesions": [{"id": "L1", "findings": {}}]}


def with_token(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_it_speaks_for_its_person_without_cookie_and_csrf(clara: User) -> None:
    _, secret = make_token(by=clara, label="laboratory")
    strict = Client(enforce_csrf_checks=True)
    assert post(strict, EMPTY, headers=with_token(secret)).status_code == 200
    assert not strict.cookies


def test_it_may_what_its_person_may(karl: User) -> None:
    _, secret = make_token(by=karl, label="rules")
    assert post(Client(), EMPTY, headers=with_token(secret)).status_code == 403


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer x", "bearer cal_x y", "Bearer \x00", "Bearer \xff☃", "Bearer " + "a" * 5000]
)
def test_what_is_no_token_is_refused_in_words(clara: User, header: str) -> None:
    answer = post(Client(), EMPTY, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert "token is unknown" in only_error(answer)["say"]


def test_a_bad_token_is_not_helped_by_a_session(clara: User) -> None:
    browser = Client()
    browser.force_login(clara)
    assert post(browser, EMPTY, headers=with_token("cal_x")).status_code == 401
    assert post(browser, EMPTY).status_code == 200


def test_revoked_is_refused_with_the_next_request(clara: User) -> None:
    token, secret = make_token(by=clara, label="laboratory")
    assert post(Client(), EMPTY, headers=with_token(secret)).status_code == 200
    revoke_token(by=clara, token=token)
    assert post(Client(), EMPTY, headers=with_token(secret)).status_code == 401


def test_its_last_use_is_noted_to_the_minute(clara: User) -> None:
    token, secret = make_token(by=clara, label="laboratory")
    post(Client(), EMPTY, headers=with_token(secret))
    first = ApiToken.objects.get(pk=token.pk).last_used_at
    assert first is not None
    post(Client(), EMPTY, headers=with_token(secret))
    assert ApiToken.objects.get(pk=token.pk).last_used_at == first
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        post(Client(), EMPTY, headers=with_token(secret))
    assert ApiToken.objects.get(pk=token.pk).last_used_at > first


def test_a_token_opens_no_page(clara: User) -> None:
    _, secret = make_token(by=clara, label="laboratory")
    assert Client().get("/patients/", headers=with_token(secret)).status_code == 302
