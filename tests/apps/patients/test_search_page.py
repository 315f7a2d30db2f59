"""Finding a patient: by name, number or birth date, in one's own clinic."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.models import User
from tests.cast import SignIn
from tests.factories.patient import make_patient

SEARCH = reverse("patients:search")


@pytest.fixture
def three(clara: User) -> None:
    make_patient(clara, number="A-17", family_name="Lind", given_name="Vera")
    make_patient(clara, number="A-18", family_name="Berglind", given_name="Tom", birth_date=date(1999, 12, 31))
    make_patient(clara, number="B-17", family_name="Moreau", given_name="Ann Vera", birth_date=None, sex="")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("lind", ["Berglind, Tom", "Lind, Vera"]),
        ("VERA lind", ["Lind, Vera"]),
        ("Lind, Vera", ["Lind, Vera"]),
        ("vera", ["Lind, Vera", "Moreau, Ann Vera"]),
        ("a-1", ["Berglind, Tom", "Lind, Vera"]),
        ("17", []),
        ("1999-12-31", ["Berglind, Tom"]),
        ("31.12.1999", ["Berglind, Tom"]),
        ("%", []),
        ("nobody", []),
    ],
)
def test_it_finds(sign_in: SignIn, clara: User, three: None, text: str, names: list[str]) -> None:
    page = sign_in(clara).post(SEARCH, {"text": text})

    assert page.status_code == 200
    assert [patient.name for patient in page.context["found"]] == names
    assert f'<p role="status">{f"{len(names)} found" if names else "Nobody found"}</p>' in page.text


def test_what_is_searched_never_stands_in_the_address(sign_in: SignIn, clara: User, three: None) -> None:
    page = sign_in(clara).get(SEARCH, {"text": "lind"})

    assert "Lind, Vera" not in page.text
    assert '<form class="search" method="post"' in page.text


def test_an_empty_search_says_what_to_type(sign_in: SignIn, clara: User) -> None:
    page = sign_in(clara).post(SEARCH, {"text": "  "})

    assert page.status_code == 422
    assert "Type a name, number or birth date." in page.text


def test_more_than_fifty_are_not_shown(sign_in: SignIn, clara: User) -> None:
    for _ in range(51):
        make_patient(clara)

    page = sign_in(clara).post(SEARCH, {"text": "lind"})

    assert "The first 50 found" in page.text
    assert "There are more than are shown" in page.text


def test_whom_one_opened_lately_stands_there_the_last_first(sign_in: SignIn, clara: User, nadia: User) -> None:
    vera, tom = make_patient(clara), make_patient(clara, family_name="Berg", given_name="Tom")
    browser = sign_in(clara)
    for patient in (vera, tom):
        browser.get(reverse("patients:patient", args=[patient.pk]))

    assert browser.get(SEARCH).context["lately"] == [tom, vera]
    assert sign_in(nadia).get(SEARCH).context["lately"] == []


def test_not_signed_in(client: Client, db: None) -> None:
    assert client.get(SEARCH)["Location"] == f"{reverse('accounts:sign_in')}?next={SEARCH}"


def test_wrong_role(sign_in: SignIn, karl: User, aya: User, ada: User) -> None:
    for person in (karl, aya, ada):
        assert sign_in(person).get(SEARCH).status_code == 403
        assert sign_in(person).post(SEARCH, {"text": "lind"}).status_code == 403


def test_another_clinics_patients_are_not_found(sign_in: SignIn, sven: User, three: None) -> None:
    assert "Nobody found" in sign_in(sven).post(SEARCH, {"text": "lind"}).text
