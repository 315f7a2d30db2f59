"""Every page the product has: whole at 390 px and at 200 % zoom, accessible, and to be walked through by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from calcinosis_app.accounts.models import User
from calcinosis_app.patients.actions import save_entry
from tests.apps.accounts.second_factors import give_app
from tests.browsing import is_whole, let_in
from tests.everywhere.matrix import ROLES, Cell, cells
from tests.everywhere.visits import address
from tests.everywhere.world import make_world

TELEPHONE = {"width": 390, "height": 844}
ZOOMED = {"width": 640, "height": 450}  # 1280 x 900 at 200 %
STEPS = 8
# What holds the focus, whether it is seen to hold it, and whether anything lies over it.
FOCUS = """() => {
    const it = document.activeElement, box = it.getBoundingClientRect(), style = getComputedStyle(it);
    const x = Math.min(Math.max(box.x + Math.min(box.width / 2, 8), 0), innerWidth - 1);
    const y = Math.min(Math.max(box.y + Math.min(box.height / 2, 8), 0), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    return {
        name: it.tagName + ' ' + (it.id || it.name || it.textContent.trim().slice(0, 30)),
        body: it === document.body,
        marked: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
        free: !top || it.contains(top) || top.contains(it) || (it.labels && [...it.labels].some(label => label.contains(top))),
    };
}"""

PAGES = [cell for cell in cells() if cell.method == "GET" and cell.own]
# The rules' pages have a sweep of their own (tests/apps/rulebooks/test_face.py).
OF_THE_RULES = [cell for cell in PAGES if cell.route.startswith("rules/")]
OTHERS = [cell for cell in PAGES if cell not in OF_THE_RULES]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "pages", [pytest.param(OF_THE_RULES, marks=pytest.mark.thorough), OTHERS[::2], OTHERS[1::2]], ids=["rules", "one half", "other half"]
)
def test_every_page(
    pages: list[Cell], page: Page, live_server: LiveServer, assert_accessible: Callable[[Page], None], request: pytest.FixtureRequest
) -> None:
    people: dict[str, User] = dict(zip(ROLES.values(), map(request.getfixturevalue, ("clara", "nadia", "karl", "aya", "ada")), strict=True))
    world = make_world(people["clinician"], people["nurse"], request.getfixturevalue("tilda"))
    save_entry(by=people["clinician"], case=world.case, key="phosphate", raw={"value": "9,7", "unit": "mg/dL"})
    wrong: list[str] = []
    looked_at = 0
    for role in ROLES.values():
        give_app(people[role])
        let_in(page, people[role])
        for cell in [one for one in pages if min(one.own) == role]:
            url = address(cell.route, cell.thing, world)
            answer = page.request.get(url)
            if answer.url != live_server.url + url or "<html" not in answer.text():
                continue  # a way to another page that is looked at under its own address; a part of a page; a file
            looked_at += 1
            page.goto(url)
            wrong += [f"{cell.route}: {problem}" for problem in problems(page, assert_accessible)]
    assert not wrong, "\n".join(wrong)
    assert looked_at > 10


def problems(page: Page, assert_accessible: Callable[[Page], None]) -> list[str]:
    """What a person with a telephone, a magnifier or no mouse would complain of."""
    found: list[str] = []
    for size in (ZOOMED, TELEPHONE):
        page.set_viewport_size(size)
        if not is_whole(page):
            found.append(f"wider than {size['width']} px")
    try:
        assert_accessible(page)
    except AssertionError as error:
        found.append(str(error)[:600])
    for step in range(STEPS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus["body"]:
            if step == 0:
                found.append("no element can be reached by Tab")
            break
        if not focus["marked"] or not focus["free"]:
            found.append(f"the focus on {focus['name']!r} is {'covered' if focus['marked'] else 'not seen'}")
    return found
