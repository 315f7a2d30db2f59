"""What makes case entry fast: answers from the panel, facts found by search, a second result of one analyte."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from calcinosis_app.accounts.models import User
from calcinosis_app.patients.models import DraftEntry
from tests.factories.case import make_case, only_lesion, record_finding
from tests.journeys.keyboard import press, saved, sign_in, type_into

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_assumption_is_confirmed_and_a_condition_found_by_keyboard(page: Page, clara: User) -> None:
    case = make_case(clara)
    record_finding(clara, case, "any_connective_tissue_disease", answer="yes")
    sign_in(page, clara)
    page.goto(reverse("desk:entry", args=[case.pk]))
    live = page.get_by_role("complementary", name="What the rules say so far")
    expect(live).to_contain_text("nothing was injected")

    press(page, "aside .live-assumptions button[value=no]")
    expect(live).not_to_contain_text("nothing was injected")
    expect(page.locator("#f-L1-any_exposure_at_site input:checked")).to_have_value("no")

    page.goto(reverse("desk:entry", args=[case.pk]))
    type_into(page, "#find-drugs", "prednis")
    expect(page.locator("#hits-drugs")).to_contain_text("Prednisolone")
    press(page, "#hits-drugs button[value=yes]")
    expect(page.locator("#asked-drugs")).to_contain_text("Prednisolone")
    expect(page.locator("#f-p-drug_prednisolone input:checked")).to_have_value("yes")
    assert DraftEntry.objects.get(key="drug_prednisolone").raw == {"answer": "yes"}


def test_a_second_result_of_one_analyte_gets_a_line_of_its_own(page: Page, clara: User) -> None:
    case = make_case(clara)
    sign_in(page, clara)
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
    sign_in(page, clara)
    page.goto(reverse("desk:entry", args=[case.pk]))
    first = only_lesion(case)

    press(page, "form[action$='/lesions/'] button")
    page.get_by_role("heading", name="Lesion L2").wait_for()
    press(page, ".entry-lesions form[action$='/remove/'] button")
    page.get_by_role("heading", name="Lesion L1").wait_for()
    assert only_lesion(case) == first
