"""A sign-in that waits for its second step ends with the password it began with, and with the person's standing."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts import actions
from calcinosis_app.accounts.models import User
from tests.apps.accounts.second_factors import code_of, give_app
from tests.factories.user import PASSWORD

pytestmark = pytest.mark.django_db
SIGN_IN, STEP, ACCOUNT = reverse("accounts:sign_in"), reverse("mfa_authenticate"), reverse("accounts:account")
NEW = "another walk by the lake"


def change_password(ada: User, clara: User) -> None:
    actions.change_password(by=User.objects.get(pk=clara.pk), password=NEW, keep="")


def deactivate(ada: User, clara: User) -> None:
    actions.deactivate(by=ada, user=clara)


@pytest.mark.parametrize("change", [change_password, deactivate])
def test_the_right_code_comes_too_late(ada: User, clara: User, change: Callable[[User, User], None]) -> None:
    secret = give_app(clara)
    browser = Client()
    browser.post(SIGN_IN, {"username": "clara", "password": PASSWORD})
    assert browser.get(STEP).status_code == 200
    change(ada, clara)
    assert browser.post(STEP, {"code": code_of(secret)})["Location"] == SIGN_IN
    assert browser.get(ACCOUNT).status_code == 302
    assert "account_login" not in browser.session


def test_the_door_opens_anew_with_the_new_password(ada: User, clara: User) -> None:
    secret = give_app(clara)
    browser = Client()
    browser.post(SIGN_IN, {"username": "clara", "password": PASSWORD})
    change_password(ada, clara)
    browser.get(STEP)
    browser.post(SIGN_IN, {"username": "clara", "password": NEW})
    browser.post(STEP, {"code": code_of(secret)})
    assert browser.get(ACCOUNT).status_code == 200
