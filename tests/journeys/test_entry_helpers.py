"""What makes case entry fast: answers from the panel, facts found by search, a second result of one analyte."""

import time

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from calcinosis_app.accounts.models import User
from calcinosis_app.patients.models import DraftEntry, Finding
from tests.browsing import let_in
from tests.factories.case import make_case, only_lesion, record_finding
from tests.journeys.keyboard import press, reach, saved, type_into

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_assumption_is_confirmed_and_a_condition_found_by_keyboard(page: Page, clara: User) -> None:
    case = make_case(clara)
    record_finding(clara, case, "any_connective_tissue_disease", answer="yes")
    let_in(page, clara)
    page.goto(reverse("desk:entry", args=[case.pk]))
    live = page.get_by_role("complementary", name="What the rules say so far")
    expect(live).to_contain_text("nothing was injected")

    press(page, "aside .live-assumptions button[value=no]")
    expect(live).not_to_contain_text("nothing was injected")
    expect(page.locator("#live-title")).to_be_focused()
    expect(page.locator("#f-L1-any_exposure_at_site input:checked")).to_have_value("no")

    page.goto(reverse("desk:entry", args=[case.pk]))
    type_into(page, "#find-drugs", "prednis")
    expect(page.locator("#hits-drugs")).to_contain_text("Prednisolone")
    press(page, "#hits-drugs button[value=yes]")
    expect(page.locator("#asked-drugs")).to_contain_text("Prednisolone")
    expect(page.locator("#hits-drugs")).to_contain_text("Yes, saved")
    expect(page.locator("#hits-drugs button[value=yes]").first).to_be_focused()
    expect(page.locator("#f-p-drug_prednisolone input:checked")).to_have_value("yes")
    assert DraftEntry.objects.get(key="drug_prednisolone").raw == {"answer": "yes"}


def test_a_second_result_of_one_analyte_gets_a_line_of_its_own(page: Page, clara: User) -> None:
    case = make_case(clara)
    let_in(page, clara)
    page.goto(reverse("desk:entry", args=[case.pk]))
    type_into(page, "#sample-day", "2026-01-02")
    type_into(page, "#f-p-phosphate-value", "3.4")
    type_into(page, "#f-p-phosphate [name=unit]", "mg/dL")
    saved(page, "f-p-phosphate")
    expect(page.locator("#f-p-phosphate [name=date]")).to_have_value("2026-01-02")

    page.goto(reverse("desk:entry", args=[case.pk]))
    type_into(page, "#find-laboratory", "phosph")
    press(page, '#hits-laboratory a[data-field="f-p-phosphate"]')
    expect(page.locator("#f-p-phosphate-1-value")).to_be_focused()
    page.keyboard.type("4.1")
    page.keyboard.press("Tab")
    page.keyboard.type("mg/dL")
    page.keyboard.press("Tab")
    saved(page, "f-p-phosphate-1")
    assert [entry.raw["value"] for entry in DraftEntry.objects.filter(key="phosphate").order_by("slot")] == ["3.4", "4.1"]


def test_a_lesion_is_added_and_removed(page: Page, clara: User) -> None:
    case = make_case(clara)
    let_in(page, clara)
    page.goto(reverse("desk:entry", args=[case.pk]))
    first = only_lesion(case)

    press(page, "form[action$='/lesions/'] button")
    page.get_by_role("heading", name="Lesion L2").wait_for()
    press(page, ".entry-remove > summary")
    press(page, ".entry-lesions form[action$='/remove/'] button")
    page.get_by_role("heading", name="Lesion L1").wait_for()
    expect(page.get_by_text("L2 was removed.")).to_be_visible()
    assert only_lesion(case) == first


def test_what_was_typed_and_not_left_is_kept_when_the_page_closes(page: Page, clara: User) -> None:
    case = make_case(clara)
    let_in(page, clara)
    page.goto(reverse("desk:entry", args=[case.pk]))
    reach(page, "#f-p-crp-value")
    page.keyboard.type("<5")
    assert not DraftEntry.objects.exists()

    page.goto("about:blank")

    for _ in range(100):
        if DraftEntry.objects.exists():
            break
        time.sleep(0.05)
    assert DraftEntry.objects.get(key="crp").raw["value"] == "<5"


def test_a_field_that_could_not_be_sent_says_so_and_is_sent_again(browser: Browser, live_server: LiveServer, clara: User) -> None:
    """In a visit of its own: the usual one fails for any trouble that the browser reports."""
    case = make_case(clara)
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    let_in(page, clara)
    page.goto(reverse("desk:entry", args=[case.pk]))
    context.set_offline(True)
    type_into(page, "#f-p-phosphate-value", "1.2")
    expect(page.locator("#f-p-phosphate-status")).to_contain_text("Not saved")
    expect(page.locator("#trouble")).to_be_visible()
    trouble, header = page.locator("#trouble").bounding_box(), page.locator(".patient-header").bounding_box()
    assert trouble is not None
    assert header is not None
    assert trouble["y"] >= header["y"] + header["height"]

    context.set_offline(False)
    expect(page.locator("#f-p-phosphate-status")).not_to_contain_text("Not saved")
    expect(page.locator("#trouble")).to_be_hidden()
    context.close()
    assert DraftEntry.objects.get(key="phosphate").raw["value"] == "1.2"


def test_record_waits_for_the_field_that_was_just_left(page: Page, clara: User) -> None:
    case = make_case(clara)
    let_in(page, clara)
    page.goto(reverse("desk:entry", args=[case.pk]))
    page.fill("#f-p-phosphate-value", "1.2")
    page.fill("#f-p-phosphate [name=unit]", "mmol/L")
    page.click("#record button:not([name])")

    expect(page.get_by_text("One finding recorded.")).to_be_visible()
    assert Finding.objects.get(key="phosphate").unit == "mmol/L"


def test_few_tabs_lead_to_the_panel_and_to_record(page: Page, clara: User) -> None:
    case = make_case(clara)
    let_in(page, clara)
    for name, target in (("Skip to what the rules say", "live-title"), ("Skip to record", "record")):
        page.goto(reverse("desk:entry", args=[case.pk]))
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent") == name:
                break
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == target


def test_on_a_narrow_screen_the_focus_is_never_behind_the_bar(page: Page, clara: User) -> None:
    case = make_case(clara)
    let_in(page, clara)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(reverse("desk:entry", args=[case.pk]))
    hidden = []
    for _ in range(120):
        page.keyboard.press("Tab")
        place = page.evaluate("""() => {
            const at = document.activeElement, bar = document.getElementById("live-bar");
            if (at === bar || at === document.body) return "";
            return at.getBoundingClientRect().bottom > bar.getBoundingClientRect().top + 1 ? at.outerHTML.slice(0, 80) : "";
        }""")
        if place:
            hidden.append(place)
    assert not hidden
