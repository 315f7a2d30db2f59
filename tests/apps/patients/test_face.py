"""The pages as a browser shows them: accessible, and whole on a narrow screen."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from calcinosis_app.accounts.models import User
from tests.factories.case import make_case, record_finding
from tests.factories.user import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("release")]


def test_every_page_by_keyboard(page: Page, clara: User, look: Callable[[], None]) -> None:
    case = make_case(clara)
    record_finding(clara, case, "phosphate", value="9.7", unit="mg/dL")

    page.goto(reverse("patients:search"))
    look()
    page.keyboard.type("clara")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").wait_for()
    look()
    page.keyboard.type("lind")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("1 found").wait_for()
    look()
    page.get_by_role("link", name="Lind, Vera").press("Enter")
    page.get_by_role("heading", name="Open a case").wait_for()
    look()
    page.get_by_role("link", name="Fingertips").press("Enter")
    page.get_by_role("link", name="Record", exact=True).press("Enter")
    page.get_by_role("heading", name="Findings").wait_for()
    look()
    page.goto(reverse("patients:create"))
    page.get_by_label("Birth date").press("Enter")
    page.get_by_text("The family name is missing").first.wait_for()
    look()
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")


def test_the_first_tab_leads_past_the_bar(page: Page) -> None:
    page.goto("/nothing/")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
