"""Django's administration pages: people and clinics of one's own clinic, through the same actions, and nothing else."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

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
    sent = {"display_name": user.display_name, "email": user.email, "is_active": "on", **typed}
    return browser.post(
        reverse("admin:accounts_user_change", args=[user.pk]), {k: v for k, v in sent.items() if v is not None}, follow=True
    )


def test_a_change_goes_through_the_actions(ada: User, clara: User, sign_in: SignIn) -> None:
    inside = sign_in(clara)
    browser = sign_in(ada)
    change(browser, clara, display_name="Dr Clara Sommer", is_active=None)
    clara.refresh_from_db()
    assert (clara.display_name, clara.is_active) == ("Dr Clara Sommer", False)
    assert inside.get(reverse("patients:search")).status_code == 302
    said = Event.objects.filter(actor="Ada Moss", subject_id=str(clara.pk)).values_list("action", flat=True)
    assert {"user.changed", "user.deactivated"} <= set(said)


def test_what_an_action_refuses_is_said_and_nothing_is_saved(ada: User, sign_in: SignIn) -> None:
    page = change(sign_in(ada), ada, display_name="Queen Ada", is_active=None)
    assert "ask another administrator" in page.text
    ada.refresh_from_db()
    assert (ada.display_name, ada.is_active) == ("Ada Moss", True)


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
