"""Changes to people and clinics: each with its event, or not at all."""

from unittest.mock import patch

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404

from calcinosis_app.accounts import actions
from calcinosis_app.accounts.models import Clinic, PermissionGranted, RoleHeld, User
from calcinosis_app.accounts.permissions import OVERRIDE_ABSOLUTE, RULES_READ
from calcinosis_app.accounts.policy import may
from calcinosis_app.audit.models import Event
from tests.factories.user import PASSWORD, TESTS, make_user


def events(action: str) -> int:
    return Event.objects.filter(action=action).count()


@pytest.mark.django_db
def test_a_clinic_is_created_with_its_event() -> None:
    clinic = actions.create_clinic(by=TESTS, name=" Lake clinic ", time_zone="Europe/Zurich", jurisdiction="eu")

    assert clinic.name == "Lake clinic"
    assert events("clinic.created") == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"time_zone": "Riverside"}, "'Riverside' is not a time zone. Write its region and city"),
        ({"jurisdiction": "xx"}, "'xx' is not a valid choice"),
        ({"name": "  "}, "cannot be blank"),
    ],
)
def test_a_clinic_needs_name_time_zone_and_jurisdiction(wrong: dict[str, str], said: str) -> None:
    right = {"name": "Lake clinic", "time_zone": "Europe/Zurich", "jurisdiction": "eu"}

    with pytest.raises(ValidationError, match=said):
        actions.create_clinic(by=TESTS, **{**right, **wrong})
    assert events("clinic.created") == 0


def test_a_person_is_created_and_can_sign_in(riverside: Clinic) -> None:
    user = actions.create_user(by=TESTS, username="eve", display_name="Eve Hall", password=PASSWORD, clinic=riverside)

    assert authenticate(username="eve", password=PASSWORD) == user
    assert user.password.startswith("argon2")
    assert events("user.created") == 1


@pytest.mark.parametrize(("username", "password"), [("clara", PASSWORD), ("eve", "short"), ("eve", "password1234")])
def test_a_taken_name_and_a_weak_password_are_refused(clara: User, username: str, password: str) -> None:
    with pytest.raises(ValidationError):
        actions.create_user(by=TESTS, username=username, display_name="Eve Hall", password=password, clinic=clara.clinic)
    assert User.objects.count() == 1


def test_a_role_given_twice_is_held_once(clara: User) -> None:
    before = events("role.given")
    for _ in range(2):
        actions.give_role(by=TESTS, user=clara, role="nurse")

    assert [held.role for held in clara.roles_held.all()] == ["clinician", "nurse"]
    assert events("role.given") == before + 1


def test_a_role_that_does_not_exist_is_refused(clara: User) -> None:
    with pytest.raises(ValidationError, match="no role 'king'"):
        actions.give_role(by=TESTS, user=clara, role="king")


def test_an_administrator_grants_passing_an_absolute_gate(ada: User, clara: User) -> None:
    for _ in range(2):
        actions.grant_permission(by=ada, user=clara, permission=OVERRIDE_ABSOLUTE)

    assert may(clara, OVERRIDE_ABSOLUTE)
    assert events("permission.granted") == 1


def test_only_an_administrator_grants(clara: User, nadia: User) -> None:
    with pytest.raises(PermissionDenied):
        actions.grant_permission(by=clara, user=nadia, permission=OVERRIDE_ABSOLUTE)


def test_nobody_of_another_clinic_is_granted_anything(ada: User, sven: User) -> None:
    with pytest.raises(Http404):
        actions.grant_permission(by=ada, user=sven, permission=OVERRIDE_ABSOLUTE)


def test_nobody_grants_to_oneself(ada: User) -> None:
    with pytest.raises(ValidationError, match="ask another administrator"):
        actions.grant_permission(by=ada, user=ada, permission=OVERRIDE_ABSOLUTE)


def test_what_comes_with_a_role_is_not_granted_alone(ada: User, clara: User) -> None:
    with pytest.raises(ValidationError, match="give a role that carries it"):
        actions.grant_permission(by=ada, user=clara, permission=RULES_READ)


@pytest.mark.django_db
def test_a_failed_audit_undoes_the_change() -> None:
    with patch.object(Event.objects, "create", side_effect=RuntimeError), pytest.raises(RuntimeError):
        make_user("eve", "Eve Hall", clinic=None)

    assert not User.objects.filter(username="eve").exists()


def test_the_database_knows_the_roles_and_who_may_grant(ada: User, clara: User) -> None:
    wrong = (
        RoleHeld(user=clara, role="king"),
        PermissionGranted(user=clara, permission=RULES_READ, granted_by=ada),
        PermissionGranted(user=ada, permission=OVERRIDE_ABSOLUTE, granted_by=ada),
        Clinic(name="", time_zone="Europe/Berlin", jurisdiction="eu"),
        Clinic(name="Moon clinic", time_zone="Europe/Berlin", jurisdiction="xx"),
        User(username="eve", display_name=""),
    )
    for row in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
