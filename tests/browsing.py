"""What tests in a browser do again and again, where it is not what they are about."""

from django.test import Client
from playwright.sync_api import Page

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.selectors import has_second_factor, must_have_second_factor
from tests.apps.accounts.second_factors import give_app

WIDTHS = (320, 390, 1280)


def let_in(page: Page, person: User) -> None:
    """The browser is signed in as the person, without the form; with a second factor, where the person needs one."""
    if must_have_second_factor(person) and not has_second_factor(person):
        give_app(person)
    client = Client()
    client.force_login(person)
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "domain": "localhost", "path": "/"}])


def is_whole(page: Page) -> bool:
    """Whether nothing of the page stands outside the screen to the right."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def assert_whole(page: Page) -> None:
    """The page is whole from a narrow screen to a wide one; afterwards the screen is as it was."""
    before = page.viewport_size
    assert before is not None
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": before["height"]})
        assert is_whole(page), f"{page.url} at {width}"
    page.set_viewport_size(before)
