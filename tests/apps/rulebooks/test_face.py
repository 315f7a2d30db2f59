"""The rules as a browser shows them: accessible, and whole on a narrow screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from calcinosis_app.accounts.models import User
from tests.factories.user import PASSWORD

PAGES = [
    "/rules/",
    "/rules/1/tables/classification/",
    "/rules/1/tables/choice/",
    "/rules/1/treatments/",
    "/rules/1/treatments/diltiazem/",
    "/rules/1/lists/follow_up/",
    "/rules/1/lists/controversies/",
    "/rules/1/facts/",
    "/rules/1/laboratory/",
    "/rules/1/conditions/",
    "/rules/1/derived/",
    "/rules/1/references/",
]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_every_kind_of_page(page: Page, karl: User, assert_accessible: Callable[[Page], None]) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Sign-in name").fill("karl")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").wait_for()
    for url in PAGES:
        page.goto(url)
        assert_accessible(page)
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), f"{url} at {width}"
