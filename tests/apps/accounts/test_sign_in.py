"""The door."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.models import User
from tests.cast import SignIn
from tests.factories.user import PASSWORD

SIGN_IN = reverse("accounts:sign_in")


def test_name_and_password_let_in(client: Client, clara: User) -> None:
    response = client.post(SIGN_IN, {"username": "clara", "password": PASSWORD, "next": reverse("patients:search")})

    assert response.status_code == 302
    assert response["Location"] == reverse("patients:search")
    assert "Dr Clara Winter" in client.get(reverse("patients:search")).text


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(client: Client, clara: User) -> None:
    pages = []
    for username in ("clara", "nobody"):
        page = client.post(SIGN_IN, {"username": username, "password": "wrong"})
        assert page.status_code == 200
        assert "do not belong together" in page.text
        pages.append(page.context["form"].errors)

    assert pages[0] == pages[1]


def test_a_closed_account_gets_that_answer_too(client: Client, clara: User) -> None:
    clara.is_active = False
    clara.save()

    assert "do not belong together" in client.post(SIGN_IN, {"username": "clara", "password": PASSWORD}).text


@pytest.mark.parametrize("empty", ["username", "password"])
def test_an_empty_field_is_named(client: Client, db: None, empty: str) -> None:
    page = client.post(SIGN_IN, {"username": "clara", "password": PASSWORD, empty: ""})

    assert "This field is required" in page.text


def test_it_leads_to_no_other_server(client: Client, clara: User) -> None:
    response = client.post(SIGN_IN, {"username": "clara", "password": PASSWORD, "next": "https://elsewhere.example/"})

    assert response["Location"] == settings.LOGIN_REDIRECT_URL


def test_signing_out_ends_it(sign_in: SignIn, clara: User) -> None:
    browser = sign_in(clara)

    assert browser.post(reverse("accounts:sign_out")).status_code == 302
    assert browser.get(reverse("patients:search")).status_code == 302


def test_a_link_cannot_sign_anybody_out(sign_in: SignIn, clara: User) -> None:
    browser = sign_in(clara)

    assert browser.get(reverse("accounts:sign_out")).status_code == 405
    assert browser.get(reverse("patients:search")).status_code == 200


def test_a_forged_form_is_refused(clara: User) -> None:
    response = Client(enforce_csrf_checks=True).post(SIGN_IN, {"username": "clara", "password": PASSWORD})

    assert response.status_code == 403
    assert "This form is too old" in response.text


def test_a_fragment_sends_the_whole_page_to_the_door(client: Client, db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/patients/new/"}

    response = client.get(reverse("patients:search"), headers=headers)

    assert response.status_code == 204
    assert response["HX-Redirect"] == f"{SIGN_IN}?next=%2Fpatients%2Fnew%2F"


@pytest.mark.parametrize("wanted", [SIGN_IN, f"{SIGN_IN}?next=/", "https://elsewhere.example/", "//elsewhere.example/"])
def test_whoever_is_signed_in_is_sent_on_and_never_in_a_circle_or_elsewhere(clara: User, sign_in: SignIn, wanted: str) -> None:
    assert sign_in(clara).get(SIGN_IN, {"next": wanted})["Location"] == "/"


def test_a_fragment_from_an_address_that_is_none_leads_to_the_door(client: Client, db: None) -> None:
    answered = client.get(reverse("patients:search"), headers={"HX-Request": "true", "HX-Current-URL": "http://["})

    assert answered["HX-Redirect"] == f"{SIGN_IN}?next=%2F"
