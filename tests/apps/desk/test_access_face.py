"""Emergency access, transfer and who has seen a patient, as a browser shows them."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from calcinosis_app.accounts.models import Clinic, User
from tests.factories.case import make_case
from tests.factories.emergency import REASON, make_offer
from tests.factories.patient import make_patient
from tests.factories.user import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("release")]


def test_an_emergency_from_both_sides_and_a_transfer(page: Page, clara: User, sven: User, hill: Clinic, look: Callable[[], None]) -> None:
    vera = make_case(clara, make_patient(clara, number="A-17")).patient
    offer = make_offer(clara, make_patient(clara, number="A-18"), hill)

    def come(name: str, to: str) -> None:
        page.context.clear_cookies()
        page.goto(to)
        page.get_by_label("Sign-in name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").first.click()
        page.get_by_role("button", name="Sign out").wait_for()

    come("sven", reverse("access:emergency"))
    page.get_by_label("Clinic").select_option(label="Riverside clinic")
    page.get_by_label("Patient number").fill("A-17")
    page.get_by_label("Family name").fill("Lint")
    page.get_by_label("Birth date", exact=True).fill("1961-05-04")
    page.get_by_label("What is the emergency?").fill(REASON)
    page.get_by_role("button", name="Open for reading").click()
    page.get_by_text("No patient of this clinic has exactly these particulars").wait_for()
    look()
    page.get_by_label("Family name").fill("Lind")
    page.get_by_role("button", name="Open for reading").click()
    page.get_by_text("Emergency access: reading only.").wait_for()
    look()
    page.goto(reverse("access:transfer", args=[offer.pk]))
    look()
    page.goto(reverse("access:transfers"))
    look()

    come("clara", reverse("access:list"))
    look()
    page.get_by_role("link", name="Who has seen this patient").click()
    page.get_by_role("heading", name="Who has seen this patient").wait_for()
    look()
    page.goto(reverse("access:offer", args=[vera.pk]))
    look()
    page.goto(reverse("access:list"))
    page.get_by_role("button", name="Mark as seen").click()
    page.get_by_text("Marked as seen by Dr Clara Winter").wait_for()
