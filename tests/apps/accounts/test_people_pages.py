"""What administrators do on the pages under /people/, and what nobody else may."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts import actions
from calcinosis_app.accounts.models import ApiToken, User
from calcinosis_app.accounts.permissions import OVERRIDE_ABSOLUTE, PATIENT_READ, RULES_EDIT
from calcinosis_app.accounts.policy import may
from calcinosis_app.audit.models import Event
from tests.apps.accounts.second_factors import give_app
from tests.cast import SignIn
from tests.factories.user import PASSWORD, make_user

pytestmark = pytest.mark.django_db
BUTTONS = (
    "details",
    "roles",
    "grant",
    "take",
    "deactivate",
    "reactivate",
    "link",
    "end_sessions",
    "end_session",
    "revoke_token",
    "remove_second_factors",
)


@pytest.fixture
def press(ada: User, sign_in: SignIn) -> Callable[..., Any]:
    """Ada presses a button of a person's page."""
    browser = sign_in(ada)
    return lambda name, user, **typed: browser.post(reverse(f"people:{name}", args=[user.pk]), typed, follow=True)


def test_the_list_shows_everybody_of_the_clinic_and_nobody_else(ada: User, clara: User, sven: User, sign_in: SignIn) -> None:
    page = sign_in(ada).get(reverse("people:list")).text
    assert "Dr Clara Winter" in page
    assert "Sven Holt" not in page


@pytest.mark.parametrize("name", BUTTONS)
def test_a_button_is_pressed_by_administrators_of_the_same_clinic_alone(
    name: str, ada: User, clara: User, sven: User, sign_in: SignIn
) -> None:
    address = reverse(f"people:{name}", args=[clara.pk])
    assert Client().post(address).status_code == 302
    assert sign_in(clara).post(address).status_code == 403
    assert sign_in(ada).get(address).status_code == 405
    assert sign_in(ada).post(reverse(f"people:{name}", args=[sven.pk])).status_code == 404
    sven_before = User.objects.get(pk=sven.pk)
    assert sven_before.is_active


def test_inviting_shows_the_link_once(ada: User, sign_in: SignIn) -> None:
    browser = sign_in(ada)
    page = browser.post(reverse("people:invite"), {"display_name": "Olga Reed", "username": "olga", "roles": ["nurse", "curator"]})
    assert "/link/" in page.text
    olga = User.objects.get(username="olga")
    assert may(olga, PATIENT_READ)
    assert may(olga, RULES_EDIT)
    assert "invited" in browser.get(reverse("people:list")).text
    assert "/link/" not in browser.get(reverse("people:person", args=[olga.pk])).text.replace(reverse("people:link", args=[olga.pk]), "")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [("username", "clara", "already exists"), ("username", "", "required"), ("email", "x", "valid email"), ("roles", "king", "king")],
)
def test_a_mistake_in_an_invitation_is_named(ada: User, clara: User, sign_in: SignIn, field: str, value: str, says: str) -> None:
    typed = {"display_name": "Olga Reed", "username": "olga", "email": "", "roles": "nurse", field: value}
    page = sign_in(ada).post(reverse("people:invite"), typed)
    assert page.status_code == 422
    assert says in page.text
    assert 'value="Olga Reed"' in page.text


def test_roles_are_what_is_ticked(press: Callable[..., Any], clara: User) -> None:
    press("roles", clara, roles=["nurse", "curator"], shown_roles="clinician")
    assert sorted(clara.roles_held.values_list("role", flat=True)) == ["curator", "nurse"]
    said = Event.objects.filter(subject_id=str(clara.pk), action__startswith="role.").values_list("action", flat=True)
    assert sorted(said) == ["role.given", "role.given", "role.given", "role.taken"]


def test_details_are_saved_and_the_event_names_only_what_changed(press: Callable[..., Any], clara: User) -> None:
    press("details", clara, display_name="Dr Clara Sommer", email="clara@riverside.example", shown_display_name=clara.display_name)
    clara.refresh_from_db()
    assert (clara.display_name, clara.email) == ("Dr Clara Sommer", "clara@riverside.example")
    assert Event.objects.get(action="user.changed").detail == {"changed": ["display_name", "email"]}

    assert "Name" in press("details", clara, display_name="", email="").text


def test_a_grave_permission_is_granted_and_taken_back_and_never_to_oneself(press: Callable[..., Any], ada: User, clara: User) -> None:
    press("grant", clara, permission=OVERRIDE_ABSOLUTE)
    assert may(clara, OVERRIDE_ABSOLUTE)
    press("take", clara, permission=OVERRIDE_ABSOLUTE)
    press("take", clara, permission=OVERRIDE_ABSOLUTE)
    assert not may(clara, OVERRIDE_ABSOLUTE)
    assert Event.objects.filter(action="permission.taken").count() == 1

    refused = press("grant", ada, permission=OVERRIDE_ABSOLUTE)
    assert refused.status_code == 422
    assert "ask another administrator" in refused.text
    assert press("grant", clara, permission="☃").status_code == 422


def test_deactivation_ends_sessions_and_tokens_with_the_next_request(press: Callable[..., Any], clara: User) -> None:
    browser = Client()
    browser.post(reverse("accounts:sign_in"), {"username": "clara", "password": PASSWORD})
    token, secret = actions.make_token(by=clara, label="laboratory")
    by_token = {"Authorization": f"Bearer {secret}"}
    assert browser.get(reverse("patients:search")).status_code == 200
    assert Client().post("/api/v1/assess", "{}", content_type="application/json", headers=by_token).status_code == 400

    press("deactivate", clara)

    assert browser.get(reverse("patients:search")).status_code == 302
    assert Client().post("/api/v1/assess", "{}", content_type="application/json", headers=by_token).status_code == 401
    assert not UserSession.objects.filter(user=clara).exists()
    assert ApiToken.objects.get(pk=token.pk).revoked_at is not None
    said = Event.objects.filter(actor="Ada Moss").values_list("action", flat=True)
    assert {"user.deactivated", "session.ended_all", "token.revoked"} <= set(said)

    press("reactivate", clara)
    assert browser.get(reverse("patients:search")).status_code == 302, "an ended session must not come back"
    assert browser.login(username="clara", password=PASSWORD)


def test_a_clinic_keeps_an_administrator(press: Callable[..., Any], ada: User) -> None:
    for refused in (press("deactivate", ada), press("roles", ada, roles=["clinician"], shown_roles="administrator")):
        assert refused.status_code == 422
        assert "ask another administrator" in refused.text
    bea = make_user("bea", "Bea Lind", "administrator", clinic=ada.clinic)
    press("deactivate", bea)
    assert not User.objects.get(pk=bea.pk).is_active
    assert User.objects.get(pk=ada.pk).is_active


def test_sessions_are_seen_and_ended(press: Callable[..., Any], clara: User) -> None:
    browsers = [Client(headers={"User-Agent": f"Browser {n}"}) for n in range(3)]
    for browser in browsers:
        browser.post(reverse("accounts:sign_in"), {"username": "clara", "password": PASSWORD})
    second = UserSession.objects.get(user_agent="Browser 1")
    page = press("end_session", clara, which=str(second.pk))
    assert "Browser 0" in page.text
    assert "Browser 1" not in page.text
    inside = [browser.get(reverse("patients:search")).status_code for browser in browsers]
    assert inside == [200, 302, 200]

    press("end_sessions", clara)
    assert [browser.get(reverse("patients:search")).status_code for browser in browsers] == [302, 302, 302]


def test_a_session_of_somebody_else_cannot_be_named(press: Callable[..., Any], clara: User, sven: User) -> None:
    browser = Client()
    browser.post(reverse("accounts:sign_in"), {"username": "sven", "password": PASSWORD})
    press("end_session", clara, which=str(UserSession.objects.get(user=sven).pk))
    assert browser.get(reverse("patients:search")).status_code == 200


def test_a_lost_second_factor_is_removed(press: Callable[..., Any], clara: User) -> None:
    give_app(clara)
    press("remove_second_factors", clara)
    assert Client().post(reverse("accounts:sign_in"), {"username": "clara", "password": PASSWORD})["Location"] == "/"
    assert Event.objects.filter(action="second_factor.removed", subject_id=str(clara.pk)).count() == 1


def test_a_token_of_a_person_is_revoked(press: Callable[..., Any], clara: User) -> None:
    token, _ = actions.make_token(by=clara, label="laboratory")
    assert "laboratory" in press("revoke_token", clara, which="☃").text
    assert "laboratory" not in press("revoke_token", clara, which=str(token.pk)).text


def shown_on(page: Any) -> dict[str, str]:
    """The hidden fields of the forms of a person's page."""
    return dict(re.findall(r'<input type="hidden" name="(shown_\w+)"(?: value="([^"]*)")?', page.text))


def test_a_page_that_was_open_before_a_colleague_took_a_role_does_not_give_it_back(
    ada: User, clara: User, press: Callable[..., Any], sign_in: SignIn
) -> None:
    actions.set_roles(by=ada, user=clara, roles=["clinician", "approver"])
    shown = shown_on(sign_in(ada).get(reverse("people:person", args=[clara.pk])))
    assert shown["shown_roles"] == "clinician approver"
    actions.set_roles(by=ada, user=clara, roles=["clinician"])
    refused = press("roles", clara, roles=["clinician", "approver", "curator"], **shown)
    assert refused.status_code == 409
    assert "changed by somebody else" in refused.text
    assert [held.role for held in clara.roles_held.all()] == ["clinician"]
    assert press("roles", clara, roles=["clinician"], **shown).status_code == 200  # it is so already


def test_a_page_that_was_open_before_an_address_was_corrected_does_not_bring_back_the_old_one(
    ada: User, clara: User, press: Callable[..., Any], sign_in: SignIn
) -> None:
    actions.change_person(by=ada, user=clara, display_name="Dr Clara Winter", email="wrong@riverside.example")
    shown = shown_on(sign_in(ada).get(reverse("people:person", args=[clara.pk])))
    actions.change_person(by=ada, user=clara, display_name="Dr Clara Winter", email="right@riverside.example")
    refused = press("details", clara, display_name="Prof Clara Winter", email="wrong@riverside.example", **shown)
    assert refused.status_code == 409
    assert User.objects.get(pk=clara.pk).email == "right@riverside.example"
    typed = {"display_name": "Dr Clara Winter", "email": "right@riverside.example"}
    assert press("details", clara, **typed, **shown).status_code == 200


def test_pressing_save_twice_changes_nothing(ada: User, clara: User, press: Callable[..., Any], sign_in: SignIn) -> None:
    shown = shown_on(sign_in(ada).get(reverse("people:person", args=[clara.pk])))
    for _ in range(2):
        assert press("roles", clara, roles=["nurse"], **shown).status_code == 200
        assert press("details", clara, display_name="Clara", email="", **shown).status_code == 200
    assert Event.objects.filter(action="user.changed").count() == 1
