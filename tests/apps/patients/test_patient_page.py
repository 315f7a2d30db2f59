"""One patient's page."""

from datetime import UTC, datetime

import time_machine
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from tests.apps.patients.ladder import assert_guarded
from tests.cast import SignIn
from tests.factories.case import make_case
from tests.factories.patient import make_patient

VIEW = "patients:patient"


def test_the_header_says_who_it_is(sign_in: SignIn, clara: User) -> None:
    vera = make_patient(clara, number="A-17")

    with time_machine.travel(datetime(2026, 3, 2, tzinfo=UTC), tick=False):
        page = sign_in(clara).get(reverse(VIEW, args=[vera.pk]))

    header = page.text.partition('<section class="patient-header"')[2].partition("</section>")[0]
    for said in ("Lind, Vera", "4 May 1961", "64 y", "female", "A-17"):
        assert said in header


def test_what_is_not_known_is_said_not_to_be_known(sign_in: SignIn, clara: User) -> None:
    vera = make_patient(clara, birth_date=None, sex="")

    assert sign_in(clara).get(reverse(VIEW, args=[vera.pk])).text.count("not known") == 2


def test_no_identity_in_title_or_address(sign_in: SignIn, clara: User) -> None:
    vera = make_patient(clara, number="A-17")
    url = reverse(VIEW, args=[vera.pk])
    title = sign_in(clara).get(url).text.partition("<title>")[2].partition("</title>")[0]

    assert title == "Patient · Calcinosis"
    assert not any(identity in url for identity in ("Lind", "Vera", "A-17", "1961"))


def test_the_cases_are_listed_and_lead_on(sign_in: SignIn, clara: User) -> None:
    case = make_case(clara, title="Fingertips")

    page = sign_in(clara).get(reverse(VIEW, args=[case.patient.pk]))

    assert "Fingertips" in page.text
    assert f'href="{case.get_absolute_url()}"' in page.text


def test_opening_it_is_an_event_once(sign_in: SignIn, clara: User) -> None:
    vera = make_patient(clara)
    browser = sign_in(clara)
    for _ in range(3):
        browser.get(reverse(VIEW, args=[vera.pk]))

    assert Event.objects.get(action="patient.opened").subject_id == str(vera.pk)


def test_a_look_that_was_refused_is_no_look(sign_in: SignIn, clara: User, sven: User) -> None:
    sign_in(sven).get(reverse(VIEW, args=[make_patient(clara).pk]))

    assert not Event.objects.filter(action="patient.opened").exists()


def test_guards(sign_in: SignIn, clara: User, karl: User, sven: User) -> None:
    assert_guarded(VIEW, make_patient(clara).pk, sign_in, stranger=sven, wrong_role=karl, right=clara)
