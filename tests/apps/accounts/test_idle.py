"""A session that nobody uses ends; asking how long it has left does not keep it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from tests.factories.user import PASSWORD

pytestmark = pytest.mark.django_db
LEFT, STAY, LOCK, PAGE = (reverse(name) for name in ("accounts:time_left", "accounts:stay", "accounts:lock", "patients:search"))


@pytest.fixture
def browser(clara: User) -> Client:
    browser = Client()
    browser.post(reverse("accounts:sign_in"), {"username": "clara", "password": PASSWORD})
    browser.get(PAGE)
    return browser


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def test_half_an_hour_without_a_request_ends_it(browser: Client, now: datetime) -> None:
    with time_machine.travel(now + timedelta(minutes=34)):
        assert browser.get(PAGE)["Location"].startswith("/sign-in/?next=")
    assert Event.objects.get(action="user.signed_out").detail == {"why": "idle"}


def test_work_keeps_it_and_a_working_day_ends_it(browser: Client, now: datetime) -> None:
    for minutes in range(20, 12 * 60, 20):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            assert browser.get(PAGE).status_code == 200, minutes
    with time_machine.travel(now + timedelta(hours=12, minutes=5)):
        assert browser.get(PAGE).status_code == 302


def test_asking_how_long_it_has_left_does_not_keep_it(browser: Client, now: datetime) -> None:
    for minutes in (10, 20, 29):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            left = browser.get(LEFT).json()["seconds"]
            assert abs(left - (30 - minutes) * 60) < 10
    with time_machine.travel(now + timedelta(minutes=34)):
        assert browser.get(LEFT).json() == {"seconds": 0}
        assert browser.get(PAGE).status_code == 302


def test_what_a_page_asks_by_itself_does_not_keep_it(browser: Client, now: datetime) -> None:
    for minutes in (10, 20, 29):
        with time_machine.travel(now + timedelta(minutes=minutes)):
            assert browser.get(PAGE, headers={"Calcinosis-Background": "1"}).status_code == 200
    with time_machine.travel(now + timedelta(minutes=34)):
        assert browser.get(PAGE).status_code == 302


def test_what_was_typed_last_still_arrives_three_minutes_after_the_page_locked(browser: Client, now: datetime) -> None:
    with time_machine.travel(now + timedelta(minutes=32, seconds=50)):
        assert browser.get(PAGE).status_code == 200


def test_saying_that_one_is_there_keeps_it(browser: Client, now: datetime) -> None:
    with time_machine.travel(now + timedelta(minutes=29)):
        assert browser.post(STAY).status_code == 204
    with time_machine.travel(now + timedelta(minutes=55)):
        assert browser.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("place", "back"),
    [("/patients/?x=1", "/patients/?x=1"), ("https://elsewhere.example/", "/"), ("//elsewhere.example", "/"), ("", "/")],
)
def test_locking_ends_it_and_leads_back_to_the_same_place_and_nowhere_else(browser: Client, place: str, back: str) -> None:
    door = browser.post(LOCK, {"next": place})["Location"]
    assert browser.get(PAGE).status_code == 302
    page = browser.get(door)
    assert "nothing was done for a while" in page.text
    assert page.context["next"] == back


def test_locking_twice_changes_nothing(browser: Client) -> None:
    browser.post(LOCK, {"next": "/"})
    assert browser.post(LOCK, {"next": "/"}).status_code == 302
    assert Event.objects.filter(action="user.signed_out").count() == 1


def test_nobody_has_no_time(client: Client, db: None) -> None:
    assert client.get(LEFT).json() == {"seconds": 0}
    answered: Any = client.post(STAY)
    assert answered.status_code == 302


@pytest.mark.parametrize(
    ("sent_from", "back"),
    [
        ("http://testserver/assessments/7/?x=1", "/assessments/7/%3Fx%3D1"),
        ("https://elsewhere.example/", "/account/sessions/end/"),
        ("http://[", "/account/sessions/end/"),
        ("", "/account/sessions/end/"),
    ],
)
def test_a_form_sent_too_late_leads_back_to_the_page_it_stood_on(client: Client, db: None, sent_from: str, back: str) -> None:
    answered: Any = client.post(reverse("accounts:end_others"), headers={"Referer": sent_from})
    assert answered["Location"] == f"/sign-in/?next={back}"
