"""What holds for every answer: caches, time zone, navigation, error pages."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import Client, override_settings
from django.urls import include, path, reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.core.errors import Conflict
from calcinosis_app.core.views import server_error
from tests.cast import SignIn


def clash(request: HttpRequest) -> HttpResponse:
    raise Conflict("The review was signed in the meantime. Open it again.")


def unreadable(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("patient Lind, Vera")


def clock(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Template("{{ at|date:'H:i' }}").render(Context({"at": datetime(2026, 3, 1, 12, tzinfo=UTC)})))


urlpatterns = [
    path("clash/", clash),
    path("unreadable/", unreadable),
    path("broken/", broken),
    path("clock/", clock),
    path("", include("calcinosis_app.urls")),
]
handler400 = "calcinosis_app.core.views.bad_request"
handler500 = "calcinosis_app.core.views.server_error"
here = override_settings(ROOT_URLCONF=__name__)


def test_what_a_signed_in_person_saw_is_kept_nowhere(sign_in: SignIn, clara: User) -> None:
    browser = sign_in(clara)

    for url in (reverse("patients:search"), "/nothing/"):
        assert "no-store" in browser.get(url)["Cache-Control"]
    assert "no-store" in browser.post(reverse("accounts:sign_out"))["Cache-Control"]


@here
def test_times_are_those_of_the_clinics_clock(sign_in: SignIn, client: Client, clara: User, sven: User) -> None:
    assert sign_in(clara).get("/clock/").text == "13:00"
    assert sign_in(sven).get("/clock/").text == "12:00"
    assert client.get("/clock/").text == "12:00"


def test_the_bar_shows_who_and_where_one_may_go(sign_in: SignIn, clara: User, karl: User) -> None:
    patients = f'href="{reverse("patients:search")}"'

    page = sign_in(clara).get(reverse("patients:search")).text
    assert "Dr Clara Winter" in page
    assert "clinician · Riverside clinic" in page
    assert f"{patients} aria-current" in page
    assert patients not in sign_in(karl).get("/nothing/").text


@here
def test_a_conflict_is_explained(sign_in: SignIn, clara: User) -> None:
    response = sign_in(clara).get("/clash/")

    assert response.status_code == 409
    assert "The review was signed in the meantime. Open it again." in response.text


@here
def test_an_unreadable_request_is_answered(client: Client, db: None) -> None:
    assert client.get("/unreadable/").status_code == 400


@here
def test_our_own_mistake_tells_nothing_and_asks_nothing_of_the_database(client: Client) -> None:
    client.raise_request_exception = False

    response = client.get("/broken/")

    assert response.status_code == 500
    assert "Something broke on our side" in response.text
    assert "Lind" not in response.text
    assert server_error(HttpRequest()).status_code == 500


@pytest.mark.django_db
def test_nothing_there_is_said_to_people_not_signed_in_too(client: Client) -> None:
    response = client.get("/nothing/")

    assert response.status_code == 404
    assert "There is nothing at this address" in response.text


def test_pages_load_nothing_from_outside(sign_in: SignIn, clara: User) -> None:
    response = sign_in(clara).get(reverse("patients:search"))

    assert "'unsafe-inline'" not in response["Content-Security-Policy"]
    assert "http" not in response.text.replace("http-equiv", "")
    assert "style=" not in response.text
    assert "<script>" not in response.text


def test_the_icon_has_the_address_that_browsers_ask_for(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"].endswith("img/favicon.svg")


def test_a_cookie_with_a_nul_is_nobodys(client: Client, clara: User) -> None:
    client.cookies["sessionid"] = "\000aaaaaaaaaaaaaaa"

    assert client.get("/").status_code == 302


def test_our_own_mistake_is_told_in_the_interfaces_form_there() -> None:
    request = HttpRequest()
    request.path = "/api/v1/assess"

    response = server_error(request)

    assert response.status_code == 500
    assert b'"errors"' in response.content
