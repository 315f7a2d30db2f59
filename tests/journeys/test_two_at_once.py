"""Two people and two tabs in one case, in real browsers: the second is told, sees both, and decides which counts."""

import time

from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from calcinosis_app.accounts.models import User
from calcinosis_app.patients.models import Case, DraftEntry, Patient
from tests.factories.assessment import make_review
from tests.factories.case import make_case
from tests.factories.patient import make_patient
from tests.journeys.keyboard import sign_in, sign_out

FIELD = "#f-p-phosphate"


def type_phosphate(page: Page, value: str) -> None:
    page.fill(f"{FIELD}-value", value)
    page.press(f"{FIELD}-value", "Tab")


def stored(key: str = "phosphate") -> str:
    entry = DraftEntry.objects.filter(key=key).first()
    return entry.raw["value"] if entry else ""


def test_two_people_in_one_field_and_two_tabs_of_one_of_them(browser: Browser, live_server: LiveServer, clara: User, nadia: User) -> None:
    """In visits of their own: the usual one fails for any 409 that the browser reports."""
    case = make_case(clara)
    address = reverse("desk:entry", args=[case.pk])
    hers, nurse = (browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}) for _ in range(2))
    first, other = hers.new_page(), nurse.new_page()
    sign_in(first, clara)
    sign_in(other, nadia)
    second = hers.new_page()
    for page in (first, other, second):
        page.goto(address)

    type_phosphate(other, "1.4")
    expect(other.locator(f"{FIELD}-status")).to_contain_text("1.4")
    type_phosphate(first, "1.6")
    both = first.locator(f"{FIELD} .both")
    expect(both).to_contain_text("Nadia Brook changed this field while you were typing")
    expect(both).to_contain_text("1.6")
    expect(both).to_contain_text("1.4")
    assert first.input_value(f"{FIELD}-value") == "1.6"
    assert stored() == "1.4"

    # Another field is not disturbed, and neither does recording go over the one in question.
    first.fill("#f-p-crp-value", "12")
    first.press("#f-p-crp-value", "Tab")
    expect(first.locator("#f-p-crp-status")).not_to_be_empty()

    first.get_by_role("button", name="Keep mine").click()
    expect(both).to_have_count(0)
    assert stored() == "1.6"
    type_phosphate(first, "1.7")  # goes on in the same page: nobody asks again
    expect(first.locator(f"{FIELD} .both")).to_have_count(0)
    expect(first.locator(f"{FIELD}-status")).to_contain_text("1.7")

    type_phosphate(second, "9")
    expect(second.locator(f"{FIELD} .both")).to_contain_text("You changed this field in another tab or window")
    second.get_by_role("button", name="Take the other").click()
    expect(second.locator(f"{FIELD}-value")).to_have_value("1.7")
    assert stored() == "1.7"
    hers.close()
    nurse.close()


def test_back_and_pressed_again_makes_one_case_and_says_so(page: Page, clara: User) -> None:
    patient = make_patient(clara)
    sign_in(page, clara)
    page.goto(reverse("patients:patient", args=[patient.pk]))
    page.get_by_role("button", name="Open case").click()
    page.wait_for_url("**/cases/**")
    opened = page.url

    page.go_back()
    page.get_by_role("button", name="Open case").click()
    page.wait_for_url("**/cases/**")

    assert page.url == opened
    assert Case.objects.count() == 1
    page.goto(reverse("patients:patient", args=[patient.pk]))  # a page opened anew is another intention
    page.get_by_role("button", name="Open case").click()
    page.wait_for_url("**/cases/**")
    assert Case.objects.count() == 2


def test_after_signing_out_back_shows_nothing_and_an_old_tab_saves_nothing_in_the_next_persons_name(
    browser: Browser, live_server: LiveServer, clara: User, nadia: User
) -> None:
    case = make_case(clara)
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    left, tab = context.new_page(), context.new_page()
    sign_in(left, clara)
    name = Patient.objects.get().family_name
    left.goto(reverse("desk:entry", args=[case.pk]))
    left.goto(reverse("desk:case", args=[case.pk]))
    tab.goto(reverse("desk:entry", args=[case.pk]))
    sign_out(left)

    left.go_back()
    left.wait_for_load_state()
    expect(left.get_by_role("heading", name="Sign in")).to_be_visible()
    assert name not in left.content()

    sign_in(left, nadia)
    type_phosphate(tab, "1.6")
    expect(tab.locator(f"{FIELD}-status")).to_contain_text("Not saved")
    assert not DraftEntry.objects.exists()
    assert "1.6" not in left.content()
    context.close()
    time.sleep(0.3)
    assert not DraftEntry.objects.exists(), "not even by what a closing page still sends"


def test_a_decision_of_the_other_tab_stands_beside_mine(browser: Browser, live_server: LiveServer, clara: User) -> None:
    review = make_review(clara)
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    first = context.new_page()
    sign_in(first, clara)
    second = context.new_page()
    for page, text in ((first, ""), (second, "")):
        page.goto(reverse("desk:assessment", args=[review.assessment_id]) + text)

    def decide(page: Page, text: str) -> None:
        form = page.locator(".decision__form").first
        form.evaluate("form => { for (let at = form; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true; }")
        form.locator("input[value=defer]").check()
        form.locator("[name=reason_group]").select_option("disagrees")
        form.locator("[name=text]").fill(text)
        form.get_by_role("button", name="Save decision").click()

    decide(second, "the surgeon first")
    expect(second.locator(".decision__made").first).to_contain_text("the surgeon first")
    decide(first, "the scan first")

    versions = first.locator(".versions")
    expect(versions).to_contain_text("the surgeon first")
    expect(versions.locator("textarea[name=text]")).to_have_value("the scan first")
    versions.get_by_role("button", name="Store mine instead").click()
    expect(first.locator(".decision__made").first).to_contain_text("the scan first")
    context.close()
