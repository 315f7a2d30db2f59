"""The list as a browser shows it: a nurse closes a reminder by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from calcinosis_app.accounts.models import User
from calcinosis_app.followups.models import Reminder
from tests.factories.reminder import OF_TREATMENT, make_reminders
from tests.factories.user import PASSWORD


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_reminder_is_closed_by_keyboard(page: Page, clara: User, nadia: User, assert_accessible: Callable[[Page], None]) -> None:
    reminder = make_reminders(clara)[OF_TREATMENT]

    def look() -> None:
        assert_accessible(page)
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), f"{page.url} at {width}"

    page.goto("/reminders/?whose=all")
    page.get_by_label("Sign-in name").fill("nadia")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    entry = page.locator(f"#reminder-{reminder.pk}")
    entry.get_by_role("link", name="Close").press("Enter")
    entry.get_by_role("radio", name="not done: no longer needed").press(" ")
    look()
    entry.get_by_role("button", name="Close reminder").press("Enter")
    entry.get_by_text("Say in a few words why").first.wait_for()
    look()
    entry.get_by_role("radio", name="done", exact=True).press(" ")
    entry.get_by_label("Result or reason").fill("clean, smaller")
    entry.get_by_role("button", name="Close reminder").press("Enter")
    entry.get_by_role("status").get_by_text("clean, smaller").wait_for()
    look()
    assert entry.get_by_text("Next due").is_visible()
    assert Reminder.objects.get(pk=reminder.pk).closed_by == nadia
