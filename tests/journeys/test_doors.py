"""What must not happen, as people meet it: the wrong role, another clinic's patient, an impossible unit, a missing result."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from calcinosis_app.accounts.models import User
from tests.browsing import let_in
from tests.factories.case import make_case
from tests.journeys.keyboard import answer, press, reach, saved, type_into

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def status_of(page: Page, address: str) -> int:
    answered = page.goto(address)
    assert answered is not None
    return answered.status


def test_a_curator_sees_rules_and_no_patients(page: Page, clara: User, karl: User) -> None:
    case = make_case(clara)
    let_in(page, karl)
    page.goto("/")

    expect(page.get_by_role("heading", name="What needs you now")).to_be_visible()  # sources that nobody has looked at
    expect(page.get_by_role("link", name="Patients")).to_have_count(0)
    for address in (reverse("desk:entry", args=[case.pk]), reverse("desk:case", args=[case.pk])):
        assert status_of(page, address) == 403
        expect(page.locator("body")).not_to_contain_text("Lind")


def test_a_nurse_enters_findings_and_leaves_assessing_to_the_clinician(page: Page, nadia: User) -> None:
    case = make_case(nadia)
    let_in(page, nadia)
    page.goto(reverse("desk:entry", args=[case.pk]))

    answer(page, "f-L1-painful", "y")
    expect(page.get_by_role("button", name="Record and assess")).to_have_count(0)
    press(page, "#record button:not([name])")
    expect(page.get_by_text("One finding recorded.")).to_be_visible()


def test_another_clinics_patient_is_not_there(page: Page, clara: User, sven: User) -> None:
    case = make_case(clara)
    let_in(page, sven)

    for address in (
        reverse("desk:entry", args=[case.pk]),
        reverse("desk:case", args=[case.pk]),
        reverse("patients:patient", args=[case.patient_id]),
    ):
        assert status_of(page, address) == 404
        expect(page.locator("body")).not_to_contain_text("Lind")


def test_an_impossible_value_stays_as_typed_and_is_left_out(page: Page, clara: User) -> None:
    case = make_case(clara)
    let_in(page, clara)
    page.goto(reverse("desk:entry", args=[case.pk]))
    type_into(page, "#f-p-ca_total-value", "9.8")
    type_into(page, "#f-p-ca_total [name=unit]", "mmol/L")

    expect(page.locator("#f-p-ca_total-status")).to_contain_text("looks like mg/dL")
    live = page.get_by_role("complementary", name="What the rules say so far")
    expect(live).to_contain_text("Left out")
    press(page, "#record button:not([name])")
    expect(page.get_by_text("Nothing was recorded yet")).to_be_visible()
    expect(page.locator("#f-p-ca_total-value")).to_have_value("9.8")

    # The list leads back to the line; the right unit mends it.
    press(page, "[data-error-summary] a")
    reach(page, "#f-p-ca_total [name=unit]")
    page.keyboard.press("Control+A")
    page.keyboard.type("mg/dL")
    page.keyboard.press("Tab")
    expect(page.locator("#f-p-ca_total-status")).to_contain_text("2.45 mmol/L")
    expect(live).not_to_contain_text("Left out")
    press(page, "#record button:not([name])")
    expect(page.get_by_text("One finding recorded.")).to_be_visible()


def test_a_missing_result_leaves_the_type_open_and_leads_to_its_field(page: Page, clara: User) -> None:
    case = make_case(clara)
    let_in(page, clara)
    page.goto(reverse("desk:entry", args=[case.pk]))
    for field in ("f-L1-any_exposure_at_site", "f-L1-any_definite_skin_sign", "f-L1-any_early_skin_sign"):
        answer(page, field, "n")
    answer(page, "f-p-any_connective_tissue_disease", "y")
    for field in ("f-p-any_mineral_disease", "f-p-any_mineral_treatment"):
        answer(page, field, "n")

    live = page.get_by_role("complementary", name="What the rules say so far")
    expect(live).to_contain_text("open")
    press(page, 'aside .live-settle a[data-field="f-p-phosphate"]')
    assert page.evaluate("document.activeElement.id") == "f-p-phosphate-value"
    page.keyboard.type("3.4")
    page.keyboard.press("Tab")
    page.keyboard.type("mg/dL")
    page.keyboard.press("Tab")
    saved(page, "f-p-phosphate")
    expect(page.locator('aside .live-settle a[data-field="f-p-phosphate"]')).to_have_count(0)


def test_what_was_typed_is_there_again_after_the_browser_was_closed(page: Page, clara: User) -> None:
    case = make_case(clara)
    let_in(page, clara)
    page.goto(reverse("desk:entry", args=[case.pk]))
    type_into(page, "#f-p-albumin-value", "4,1")
    saved_text = page.locator("#f-p-albumin-status")
    expect(saved_text).to_contain_text("write 4.1")
    page.goto("about:blank")

    page.goto(reverse("desk:entry", args=[case.pk]))
    expect(page.locator("#f-p-albumin-value")).to_have_value("4,1")
    expect(page.locator("#f-p-albumin-status")).to_contain_text("write 4.1")
