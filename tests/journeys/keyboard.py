"""Working a page by keyboard alone, as the journeys do."""

from playwright.sync_api import Page, expect

from calcinosis_app.accounts.models import User
from tests.factories.user import PASSWORD

MOST_STEPS = 400


def sign_in(page: Page, user: User) -> None:
    """Signs in without touching the mouse."""
    page.goto("/sign-in/")
    reach(page, "#id_username")
    page.keyboard.type(user.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").wait_for()


def sign_out(page: Page) -> None:
    """Leaves, by keyboard."""
    press(page, "button.bar__leave")
    page.get_by_role("heading", name="Sign in").wait_for()


def reach(page: Page, selector: str) -> None:
    """Presses Tab until the focus is on what the selector names; fails when no Tab leads there."""
    for _ in range(MOST_STEPS):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by keyboard")


def press(page: Page, selector: str) -> None:
    """Goes to it and presses Enter."""
    reach(page, selector)
    page.keyboard.press("Enter")


def type_into(page: Page, selector: str, text: str) -> None:
    """Goes to a field and types; it is saved when it is left."""
    reach(page, selector)
    page.keyboard.type(text)
    page.keyboard.press("Tab")


def answer(page: Page, field: str, key: str) -> None:
    """Answers a yes-or-no question with one key, Y, N or U, and waits until it is saved."""
    reach(page, f"#{field} input")
    page.keyboard.press(key)
    saved(page, field)


def choose(page: Page, field: str, beginning: str) -> None:
    """Chooses from a list by typing the beginning of the choice."""
    reach(page, f"#{field}-code")
    page.keyboard.type(beginning)
    page.keyboard.press("Tab")
    saved(page, field)


def saved(page: Page, field: str) -> None:
    """Waits for the tick."""
    expect(page.locator(f"#{field}-status")).to_contain_text("saved")
