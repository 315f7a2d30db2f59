"""The list as a browser shows it: a nurse closes a reminder by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from calcinosis_app.accounts.models import User
from calcinosis_app.followups.models import Reminder
from tests.browsing import let_in
from tests.factories.reminder import OF_TREATMENT, make_reminders
from tests.factories.user import PASSWORD
from tests.journeys.keyboard import press


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_reminder_is_closed_by_keyboard(page: Page, clara: User, nadia: User, look: Callable[[], None]) -> None:
    reminder = make_reminders(clara)[OF_TREATMENT]

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
    entry.get_by_text("clean, smaller").wait_for()
    look()
    assert entry.get_by_text("Next due").is_visible()
    assert "Next due" in page.get_by_role("status").inner_text()
    assert Reminder.objects.get(pk=reminder.pk).closed_by == nadia


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_focus_goes_on_to_the_next_reminder(page: Page, clara: User, nadia: User) -> None:
    make_reminders(clara)
    let_in(page, nadia)
    page.goto("/reminders/?whose=all")
    first, second = (one.get_attribute("id") for one in page.locator(".reminder:has([data-close])").all()[:2])

    press(page, f"#{first} [data-close]")
    expect(page.locator(f"#{first} input[type=radio]").first).to_be_focused()
    press(page, f"#{first} a.button--plain")
    expect(page.locator(f"#{first} [data-close]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"#{first} input[type=radio]").first).to_be_focused()
    page.keyboard.press(" ")
    press(page, f"#{first} .button--primary")
    expect(page.locator(f"#{second} [data-close]")).to_be_focused()
    assert "Closed:" in page.get_by_role("status").inner_text()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_every_target_of_the_list_can_be_hit(page: Page, clara: User, nadia: User) -> None:
    make_reminders(clara)
    let_in(page, nadia)
    page.goto("/reminders/?whose=all")
    press(page, "[data-close]")
    page.locator("input[type=radio]").first.wait_for()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for target in page.locator("main a, main button, main summary, main label:has(input), main input[type=text], main textarea").all():
            box = target.bounding_box()
            assert box and box["height"] >= 24, f"{target.inner_text()}: {box} at {width}"
