"""The command that lets the first person in."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.accounts.permissions import PEOPLE_MANAGE
from calcinosis_app.accounts.policy import may
from calcinosis_app.audit.models import Event
from tests.factories.user import PASSWORD, make_clinic

pytestmark = pytest.mark.django_db

ADA = {"name": "Ada Moss", "username": "ada"}
CLINIC = {"clinic": "Riverside clinic", "time_zone": "Europe/Berlin", "jurisdiction": "eu"}


@pytest.fixture(autouse=True)
def nobody_at_the_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO())
    monkeypatch.setenv("CALCINOSIS_PASSWORD", PASSWORD)


def create(**options: Any) -> str:
    said = StringIO()
    call_command("create_administrator", stdout=said, **options)
    return said.getvalue()


def test_it_creates_clinic_and_administrator() -> None:
    assert create(**ADA, **CLINIC) == "Ada Moss is an administrator of Riverside clinic.\n"

    ada = User.objects.get(username="ada")
    assert may(ada, PEOPLE_MANAGE)
    assert ada.check_password(PASSWORD)
    assert set(Event.objects.values_list("actor", flat=True)) == {"Calcinosis (create_administrator)"}


def test_it_takes_the_only_clinic_there_is() -> None:
    make_clinic("Riverside clinic")

    assert "of Riverside clinic" in create(**ADA)
    assert Clinic.objects.count() == 1


def test_of_several_clinics_it_wants_to_know_which() -> None:
    make_clinic("Riverside clinic")
    make_clinic("Hill clinic")

    with pytest.raises(CommandError, match="--clinic with one of: Hill clinic, Riverside clinic"):
        create(**ADA)
    assert "of Hill clinic" in create(**ADA, clinic="Hill clinic")


@pytest.mark.parametrize("missing", ["name", "username", "clinic", "time_zone", "jurisdiction"])
def test_it_names_the_option_that_is_missing(missing: str) -> None:
    given = {**ADA, **CLINIC}
    del given[missing]

    with pytest.raises(CommandError, match=f"Add --{missing.replace('_', '-')}"):
        create(**given)
    assert not User.objects.exists()
    assert not Clinic.objects.exists()


def test_a_weak_password_creates_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALCINOSIS_PASSWORD", "1234")

    with pytest.raises(CommandError, match="too short"):
        create(**ADA, **CLINIC)
    assert not Clinic.objects.exists()


def test_without_a_password_it_prints_a_link_that_lets_the_person_choose_one(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.delenv("CALCINOSIS_PASSWORD")

    said = create(**ADA, **CLINIC, address="https://calcinosis.example/")

    link = said.split("https://calcinosis.example")[1].strip()
    assert client.get(link, follow=True).status_code == 200
    assert not User.objects.get(username="ada").has_usable_password()
    client.post(reverse("accounts:use_link"), {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert User.objects.get(username="ada").check_password(PASSWORD)


def test_a_person_at_the_keyboard_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CALCINOSIS_PASSWORD")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    answers = iter(["Riverside clinic", "Europe/Berlin", "eu", "Ada Moss", "ada"])
    monkeypatch.setattr("builtins.input", lambda _: next(answers))

    assert create().startswith("Ada Moss is an administrator of Riverside clinic.\nOpen this link once")
