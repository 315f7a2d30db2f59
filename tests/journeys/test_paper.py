"""Paper as the browser makes it: one page for every worked case and the demo, more only where it cannot fit; and the gallery by hand."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions import assess_case, override_type, start_review, write_note
from calcinosis_app.assessments.models import Assessment
from calcinosis_app.assessments.reasons import ReasonGroup
from calcinosis_app.desk.demo.load import load
from calcinosis_app.desk.worked.cases import worked_cases
from calcinosis_app.patients.actions import add_lesion, record, save_entry
from calcinosis_app.patients.selectors import lesions_of
from calcinosis_app.rulebooks.bridge import current
from tests.browsing import let_in
from tests.cast import SignIn
from tests.factories.assessment import make_assessment
from tests.factories.case import make_case
from tests.factories.user import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("release")]

PAGES = re.compile(rb"/Type\s*/Page\b(?!s)")
WIDER = """() => [...document.querySelectorAll(".sheet__status")].filter(status =>
    status.getBoundingClientRect().right > status.closest("td").getBoundingClientRect().right + 1).map(status => status.textContent)"""
SITES = ("finger", "elbow", "knee", "hip", "forearm", "buttock", "heel", "toe")


def sheets_of(client: Client, addresses: list[str]) -> list[str]:
    """The sheet of each page."""
    answered = [client.get(address).text for address in addresses]
    return [f"<article{text.split('<article', 1)[1].split('</article>', 1)[0]}</article>" for text in answered]


def pages(page: Page, sheets: list[str], paper: str) -> int:
    """How many pages these sheets make, each beginning on a new one. `page` is open at any sheet, for its style."""
    page.evaluate(
        """sheets => {
            document.querySelector("main").innerHTML = sheets.join("");
            document.querySelectorAll("article").forEach((sheet, at) => { if (at) sheet.style.breakBefore = "page"; });
        }""",
        sheets,
    )
    return len(PAGES.findall(page.pdf(format=paper)))


def test_every_worked_case_and_the_demo_fit_on_one_page_each(page: Page, clara: User, sign_in: SignIn) -> None:
    client = sign_in(clara)
    sheets = sheets_of(client, [reverse("gallery:print", args=[one.id]) for one in worked_cases(current())])
    let_in(page, clara)
    page.goto(reverse("gallery:print", args=["O11"]))

    assert len(sheets) == 94
    assert {paper: pages(page, sheets, paper) for paper in ("A4", "Letter")} == {"A4": 94, "Letter": 94}


def test_each_assessment_of_the_demo_fits_on_one_page(page: Page, sign_in: SignIn) -> None:
    load(password=PASSWORD)
    clara = User.objects.get(username="clara")
    found = Assessment.objects.filter(case__patient__clinic=clara.clinic)
    sheets = sheets_of(sign_in(clara), [reverse("desk:print", args=[one.pk]) for one in found])
    let_in(page, clara)
    page.goto(reverse("desk:print", args=[found[0].pk]))

    assert len(sheets) >= 4
    assert any("Cannot be assessed yet" in sheet for sheet in sheets)
    assert {paper: pages(page, sheets, paper) for paper in ("A4", "Letter")} == {"A4": len(sheets), "Letter": len(sheets)}
    for media in ("print", "screen"):
        page.emulate_media(media=media)  # type: ignore[arg-type]
        assert page.evaluate(WIDER) == [], "a status that lies over the name beside it"


def test_eight_lesions_go_on_in_good_order_and_no_row_is_cut(page: Page, clara: User) -> None:
    case = make_case(clara)
    for _ in SITES[1:]:
        add_lesion(by=clara, case=case)
    for number, (lesion, site) in enumerate(zip(lesions_of(case), SITES, strict=True)):
        save_entry(by=clara, case=case, key="site", raw={"code": site}, lesion=lesion)
        save_entry(by=clara, case=case, key="lesion_depth", raw={"value": str(1 + number), "unit": "mm"}, lesion=lesion)
        save_entry(by=clara, case=case, key="painful", raw={"answer": ("yes", "no")[number % 2]}, lesion=lesion)
    record(by=clara, case=case)
    review = start_review(by=clara, assessment=assess_case(by=clara, case=case))
    for lesion in lesions_of(case):
        override_type(
            by=clara, review=review, lesion=lesion.label, type="idiopathic", reason_group=ReasonGroup.values[0], text="Seen. " * 100
        )
    write_note(by=clara, review=review, note="Talked over at the board. " * 100)
    let_in(page, clara)
    page.goto(reverse("desk:print", args=[review.assessment_id]))

    assert 2 <= len(PAGES.findall(page.pdf(format="A4"))) <= 4
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1043})
    assert page.evaluate("document.documentElement.scrollWidth") == 718
    rows = page.locator(".sheet tr, .sheet li, .sheet__lesion").evaluate_all(
        "rows => rows.map(row => [getComputedStyle(row).breakInside, row.getBoundingClientRect().height])"
    )
    assert {how for how, _ in rows} == {"avoid"}
    assert max(height for _, height in rows) < 500
    # The head with the person's name is repeated: it is a table's, and small enough.
    assert page.locator(".sheet__head").evaluate("head => getComputedStyle(head).display") == "table-header-group"
    assert [text.split(" ")[0] for text in page.locator(".sheet__lesion h2").all_inner_texts()] == sorted(
        text.split(" ")[0] for text in page.locator(".sheet__lesion h2").all_inner_texts()
    )


def test_nothing_of_the_screen_is_on_paper(page: Page, clara: User) -> None:
    assessment = make_assessment(clara)
    let_in(page, clara)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1043})
    for address in (
        reverse("desk:print", args=[assessment.pk]),
        reverse("patients:case", args=[assessment.case_id]),
        reverse("desk:assessment", args=[assessment.pk]),
        reverse("followups:list"),
        "/rules/1/tables/classification/",
        reverse("gallery:list"),
        reverse("gallery:case", args=["O11"]),
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 718, address
        for hidden in (".bar", ".skip-link", "nav", "button", "main form"):
            assert page.locator(f"{hidden}:visible").count() == 0, (address, hidden)


def test_a_worked_case_is_found_practised_and_put_away(page: Page, clara: User, look: Callable[[], None]) -> None:
    let_in(page, clara)
    page.goto("/")
    page.get_by_role("link", name="Worked cases").press("Enter")
    look()
    page.get_by_label("Find").fill("knee sclerosis")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Nodules of the knee in systemic sclerosis").press("Enter")
    look()
    page.get_by_role("link", name="One page for paper").press("Enter")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    look()
    page.get_by_role("link", name="Back to the worked case").press("Enter")
    page.get_by_role("button", name="Open in the entry form").press("Enter")
    expect(page.get_by_text("Practice: nobody real.")).to_be_visible()
    expect(page.get_by_label("Where is the deposit?")).to_have_value("knee")
    look()
    page.get_by_role("link", name="Worked cases").press("Enter")
    look()
    page.get_by_role("button", name="Put away O11").press("Enter")
    expect(page.get_by_text("Your practice of O11 is put away.")).to_be_visible()
    expect(page.get_by_text("Your practice cases")).to_have_count(0)
