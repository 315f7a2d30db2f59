"""Django's administration pages: people and clinics of one's own clinic, through the same actions, and nothing else."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.actions import deactivate
from calcinosis_app.accounts.admin import site
from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.audit.models import Event
from tests.cast import SignIn

pytestmark = pytest.mark.django_db


def test_only_people_and_clinics_are_there() -> None:
    assert set(site._registry) == {User, Clinic}
    assert any(model._meta.app_label == "patients" for model in apps.get_models())


@pytest.mark.parametrize("page", ["admin:index", "admin:accounts_user_changelist", "admin:accounts_clinic_changelist"])
def test_it_opens_to_administrators_alone(page: str, ada: User, clara: User, sign_in: SignIn) -> None:
    assert Client().get(reverse(page))["Location"].startswith("/sign-in/?next=/admin/")
    assert sign_in(clara).get(reverse(page)).status_code == 403
    assert sign_in(ada).get(reverse(page)).status_code == 200


def test_a_staff_mark_opens_nothing(clara: User, sign_in: SignIn) -> None:
    User.objects.filter(pk=clara.pk).update(is_staff=True, is_superuser=True)
    assert sign_in(clara).get(reverse("admin:index")).status_code == 403


def change(browser: Client, user: User, **typed: Any) -> Any:
    sent = {"display_name": user.display_name, "email": user.email, **typed}
    return browser.post(reverse("admin:accounts_user_change", args=[user.pk]), sent, follow=True)


def test_a_change_goes_through_the_action(ada: User, clara: User, sign_in: SignIn) -> None:
    change(sign_in(ada), clara, display_name="Dr Clara Sommer")
    clara.refresh_from_db()
    assert clara.display_name == "Dr Clara Sommer"
    assert Event.objects.get(actor="Ada Moss", subject_id=str(clara.pk)).action == "user.changed"


def test_a_form_that_was_open_when_somebody_was_deactivated_lets_nobody_in_again(ada: User, clara: User, sign_in: SignIn) -> None:
    browser = sign_in(ada)
    deactivate(by=ada, user=clara)
    change(browser, clara, display_name="Dr Clara Sommer", is_active="on")
    clara.refresh_from_db()
    assert (clara.display_name, clara.is_active) == ("Dr Clara Sommer", False)


@pytest.mark.parametrize(
    "asked",
    [
        "password__startswith=argon2",
        "username=%00",
        "display_name__regex=(",
        "last_login__year=99999999999",
        "id=zzz",
        "roles_held__role=clinician",
        "links__secret_hash__startswith=a",
        "username__foo=1",
    ],
)
def test_the_address_finds_nobody_by_what_is_stored_of_them(ada: User, clara: User, sign_in: SignIn, asked: str) -> None:
    browser = sign_in(ada)
    for rows in ("admin:accounts_user_changelist", "admin:accounts_clinic_changelist"):
        answered = browser.get(f"{reverse(rows)}?{asked}")
        assert answered.status_code in (302, 400), rows
        assert "Clara Winter" not in answered.text


def test_people_are_still_searched_by_name(ada: User, clara: User, sign_in: SignIn) -> None:
    page = sign_in(ada).get(reverse("admin:accounts_user_changelist"), {"q": "clara"})
    assert "Clara Winter" in page.text
    assert "Ada Moss</a></th>" not in page.text


def test_what_an_action_refuses_is_said_and_nothing_is_saved(ada: User, sign_in: SignIn) -> None:
    page = change(sign_in(ada), ada, display_name="   ", email="queen@riverside.example")
    assert "required" in page.text
    ada.refresh_from_db()
    assert (ada.display_name, ada.email) == ("Ada Moss", "")


def test_another_clinics_people_and_clinic_are_not_there(ada: User, sven: User, sign_in: SignIn) -> None:
    browser = sign_in(ada)
    assert "Sven Holt" not in browser.get(reverse("admin:accounts_user_changelist")).text
    assert "Hill clinic" not in browser.get(reverse("admin:accounts_clinic_changelist")).text
    change(browser, sven, display_name="Nobody")
    sven.refresh_from_db()
    assert sven.display_name == "Sven Holt"


def test_nothing_is_added_or_deleted(ada: User, clara: User, sign_in: SignIn) -> None:
    browser = sign_in(ada)
    assert browser.get(reverse("admin:accounts_user_add")).status_code == 403
    assert browser.post(reverse("admin:accounts_user_delete", args=[clara.pk]), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=clara.pk).exists()


def test_a_clinic_is_changed_by_the_action(ada: User, sign_in: SignIn) -> None:
    address = reverse("admin:accounts_clinic_change", args=[ada.clinic_id])
    browser = sign_in(ada)
    browser.post(address, {"name": "Riverside clinic", "time_zone": "Europe/Paris", "jurisdiction": "eu"})
    assert Clinic.objects.get(pk=ada.clinic_id).time_zone == "Europe/Paris"
    assert Event.objects.get(action="clinic.changed").detail == {"changed": ["time_zone"]}
    assert "not a time zone" in browser.post(address, {"name": "x", "time_zone": "Mars/Base", "jurisdiction": "eu"}).text


def test_leaving_there_is_leaving_everywhere(ada: User, sign_in: SignIn) -> None:
    browser = sign_in(ada)
    browser.post(reverse("admin:logout"))
    assert browser.get(reverse("people:list")).status_code == 302
    assert Event.objects.filter(action="user.signed_out").count() == 1
