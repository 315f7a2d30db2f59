"""The page on which administrators see what is due, hold records back, and set the clinic's years."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from calcinosis_app.patients.actions import hold_back
from calcinosis_app.patients.models import RecordHold, RetentionRule
from tests.cast import SignIn
from tests.factories.patient import make_patient

LIST, YEARS, HOLD = (reverse(f"retention:{name}") for name in ("list", "years", "hold"))


def test_numbers_are_due_and_no_names(sign_in: SignIn, clara: User, sven: User, ada: User) -> None:
    make_patient(clara, number="A-17")
    make_patient(sven, number="H-1")
    browser = sign_in(ada)
    assert "No record is due." in browser.get(LIST).text

    with time_machine.travel(datetime(2070, 1, 1, tzinfo=UTC), tick=False):
        page = sign_in(ada).get(LIST).text

    assert "A-17" in page
    assert "not exported" in page
    assert "Lind" not in page
    assert "H-1" not in page


def test_a_record_is_held_back_and_let_go(sign_in: SignIn, clara: User, ada: User) -> None:
    make_patient(clara, number="A-17")
    browser = sign_in(ada)
    for sent, expected in (
        ({"number": "A-17"}, "The reason is missing"),
        ({"number": "x", "reason": "study"}, "No patient of your clinic"),
    ):
        page = browser.post(HOLD, sent)
        assert page.status_code == 422
        assert expected in page.text

    assert browser.post(HOLD, {"number": "A-17", "reason": "study"})["Location"] == LIST
    hold = RecordHold.objects.get()
    assert (hold.held_by, hold.reason) == (ada, "study")
    assert "study" in browser.get(LIST).text
    for _ in range(2):
        assert browser.post(reverse("retention:lift", args=[hold.pk])).status_code == 302
    assert RecordHold.objects.get().lifted_by == ada
    assert [Event.objects.filter(action=f"record.{action}").count() for action in ("held_back", "hold_lifted")] == [1, 1]


def test_the_years_are_changed(sign_in: SignIn, ada: User) -> None:
    browser = sign_in(ada)
    for years in ("0", "ten", "101", ""):
        assert browser.post(YEARS, {"years": years, "until_age": "28"}).status_code == 422
    assert browser.post(YEARS, {"years": "30", "until_age": "17"}).status_code == 422

    browser.post(YEARS, {"years": "30", "until_age": "25"})

    rule = RetentionRule.objects.get()
    assert (rule.years, rule.until_age, rule.changed_by) == (30, 25, ada)
    assert Event.objects.get(action="retention.changed").detail == {"before": [10, 28], "years": 30, "until_age": 25}
    assert "30 years after the last activity" in browser.get(LIST).text


@pytest.mark.parametrize("address", [LIST, YEARS, HOLD, reverse("retention:lift", args=[1])])
def test_doors(client: Client, sign_in: SignIn, clara: User, address: str) -> None:
    method = "get" if address == LIST else "post"

    assert getattr(client, method)(address).status_code == 302
    assert getattr(sign_in(clara), method)(address).status_code == 403


def test_a_hold_of_another_clinic_is_not_there(sign_in: SignIn, clara: User, sven: User, ada: User) -> None:
    hold = hold_back(by=ada, patient=make_patient(clara), reason="study")
    hold.patient.clinic = sven.clinic
    hold.patient.save(update_fields=["clinic"])

    assert sign_in(ada).post(reverse("retention:lift", args=[hold.pk])).status_code == 404
    assert sign_in(ada).post(reverse("retention:lift", args=[hold.pk + 1])).status_code == 404
