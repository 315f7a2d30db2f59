"""The commands by which an installation gets its people, until they can be invited in the browser."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.accounts.permissions import OVERRIDE_ABSOLUTE, PATIENT_READ, REVIEW_SIGN, RULES_EDIT
from calcinosis_app.accounts.policy import may
from tests.factories.user import PASSWORD, make_clinic

pytestmark = pytest.mark.django_db
CLARA = {"name": "Dr Clara Winter", "username": "dr.winter", "role": ["clinician", "curator"]}


@pytest.fixture(autouse=True)
def nobody_at_the_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO())
    monkeypatch.setenv("CALCINOSIS_PASSWORD", PASSWORD)


def say(command: str, *arguments: str, **options: Any) -> str:
    said = StringIO()
    call_command(command, *arguments, stdout=said, **options)
    return said.getvalue()


def test_a_person_is_added_with_roles() -> None:
    make_clinic("Riverside clinic")

    assert say("add_person", **CLARA) == "Dr Clara Winter works at Riverside clinic as clinician, curator.\n"

    clara = User.objects.get(username="dr.winter")
    assert all(may(clara, one) for one in (PATIENT_READ, REVIEW_SIGN, RULES_EDIT))


def test_without_a_clinic_nobody_is_added() -> None:
    with pytest.raises(CommandError, match="Begin with create_administrator"):
        say("add_person", **CLARA)
    assert not User.objects.exists()


def test_of_several_clinics_it_wants_to_know_which(riverside: Clinic, hill: Clinic) -> None:
    with pytest.raises(CommandError, match="--clinic with one of: Hill clinic, Riverside clinic"):
        say("add_person", **CLARA)
    assert "works at Hill clinic" in say("add_person", **CLARA, clinic="Hill clinic")


def test_a_missing_role_is_asked_for() -> None:
    make_clinic("Riverside clinic")

    with pytest.raises(CommandError, match="Add --role"):
        say("add_person", name="Dr Clara Winter", username="dr.winter")
    assert not User.objects.exists()


def test_an_administrator_grants_a_grave_permission(clara: User, ada: User) -> None:
    assert "may now" in say("grant_permission", "override_absolute", to=clara.username, by=ada.username)
    assert may(clara, OVERRIDE_ABSOLUTE)


def test_nobody_else_grants_it(clara: User, nadia: User, sven: User) -> None:
    for by in (nadia, sven):
        with pytest.raises(CommandError, match="is no administrator"):
            say("grant_permission", "override_absolute", to=clara.username, by=by.username)
    with pytest.raises(CommandError, match="Nobody signs in"):
        say("grant_permission", "override_absolute", to="nobody", by=nadia.username)
    assert not may(clara, OVERRIDE_ABSOLUTE)
