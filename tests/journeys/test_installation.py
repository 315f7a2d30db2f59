"""The page about the installation, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from calcinosis_app.accounts.models import User
from calcinosis_app.core.heartbeats import beat
from calcinosis_app.core.models import Part
from tests.browsing import let_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_administrator_finds_it_and_everybody_can_read_it(page: Page, ada: User, look: Callable[[], None]) -> None:
    beat(Part.WORKER)
    let_in(page, ada)
    page.goto("/")
    page.get_by_role("link", name="Installation").click()
    page.get_by_role("heading", name="How the installation is doing").wait_for()
    assert page.get_by_text("less than a minute ago").count() == 1
    look()
