"""The rules as a browser shows them: accessible, and whole on a narrow screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from calcinosis_app.accounts.models import User
from tests.browsing import assert_whole, let_in

PAGES = [
    "/rules/",
    "/rules/1/tables/classification/",
    "/rules/1/tables/choice/",
    "/rules/1/treatments/",
    "/rules/1/treatments/diltiazem/",
    "/rules/1/facts/",
    "/rules/1/laboratory/",
    "/rules/1/conditions/",
    "/rules/1/derived/",
    "/rules/1/references/",
]
# Lists that look like no other; every other kind of page is looked at in tests/everywhere/.
LISTS = ["/rules/1/lists/follow_up/", "/rules/1/lists/controversies/"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_every_kind_of_page_is_whole_and_names_its_parts(page: Page, karl: User, assert_accessible: Callable[[Page], None]) -> None:
    let_in(page, karl)
    for url in (*LISTS, *PAGES):
        page.goto(url)
        if url in LISTS:
            assert_accessible(page)
        assert_whole(page)
        for landmarks in (page.get_by_role("region"), page.get_by_role("navigation")):
            names = [one.get_attribute("aria-label") or one.get_attribute("aria-labelledby") for one in landmarks.all()]
            assert len(names) == len(set(names)), f"{url}: {names}"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_row_that_a_link_names_is_in_sight_and_marked(page: Page, karl: User) -> None:
    let_in(page, karl)
    for url, marked in (
        ("/rules/rows/diltiazem.contraindication.3", ".rule:target"),
        ("/rules/rows/C6", ".rule:target"),
        ("/rules/rows/follow_up:diltiazem.response.3", ".rule:target"),  # its section is folded
        ("/rules/facts/phosphate", ".panel__head:has(:target)"),
        ("/rules/facts/ssc", "tr:target > th"),
    ):
        page.goto(url)
        row = page.locator(marked)
        box = row.bounding_box()
        assert box and 0 <= box["y"] < 900, f"{url}: {box}"
        assert "inset" in row.evaluate("row => getComputedStyle(row).boxShadow"), url


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_row_keeps_its_name_and_outcome_when_its_table_is_scrolled(page: Page, karl: User) -> None:
    let_in(page, karl)
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto("/rules/1/tables/classification/")
    scroller = page.get_by_role("region", name="Rows side by side")
    outcome = scroller.locator("td").first
    assert outcome.bounding_box()["x"] < 300
    before = scroller.locator("tbody th").first.bounding_box()
    scroller.evaluate("it => it.scrollLeft = 400")
    assert scroller.locator("tbody th").first.bounding_box() == before
