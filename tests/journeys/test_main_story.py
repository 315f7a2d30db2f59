"""The main job, by keyboard alone: a published case entered, assessed, a gate answered, signed; a reminder closed.

The case is Case Rep Dermatol 2014;6:85-90: a plaque of the forearm where calcium was infused.
"""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from calcinosis_app.accounts.models import User
from calcinosis_app.celery import app
from calcinosis_app.followups.models import Reminder
from tests.factories.case import make_case
from tests.factories.patient import make_patient
from tests.journeys.keyboard import answer, choose, press, reach, saved, sign_in, sign_out, type_into

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_an_empty_case_to_a_closed_reminder(page: Page, look: Callable[[], None], worker: None, clara: User, nadia: User) -> None:
    make_case(clara, make_patient(clara), title="Forearm")
    sign_in(page, clara)
    look()
    open_case(page)
    look()
    enter_the_published_case(page)
    look()
    press(page, "button[name=assess]")
    page.get_by_role("heading", name="Assessment of").wait_for()
    expect(page.locator("#headline")).to_have_text("Iatrogenic")
    look()
    answer_a_gate(page)
    accept_and_sign(page)
    look()
    sign_out(page)
    wait_for_reminders()
    sign_in(page, nadia)
    close_one_reminder(page, look)
    assert Reminder.objects.filter(closed_by=nadia).count() == 1


def open_case(page: Page) -> None:
    press(page, 'nav a[href="/patients/"]')
    page.get_by_role("heading", name="Patients").wait_for()
    type_into(page, "#id_text", "Lind")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Lind, Vera").wait_for()
    press(page, "th a")
    page.get_by_role("heading", name="Cases").wait_for()
    press(page, ".link-row")
    page.get_by_role("heading", name="Lesion L1").wait_for()


def enter_the_published_case(page: Page) -> None:
    choose(page, "f-L1-site", "forearm")
    choose(page, "f-L1-side", "left")
    choose(page, "f-L1-form", "plaque")
    type_into(page, "#f-L1-lesion_size-value", "65")
    type_into(page, "#f-L1-lesion_size [name=unit]", "mm")
    saved(page, "f-L1-lesion_size")
    answer(page, "f-L1-any_definite_skin_sign", "n")
    answer(page, "f-L1-any_early_skin_sign", "n")
    answer(page, "f-L1-ulcerated", "y")
    # What would settle it leads to its field.
    live = page.get_by_role("complementary", name="What the rules say so far")
    expect(live).to_contain_text("What would settle it")
    press(page, 'aside a[data-field="f-L1-any_exposure_at_site"]')
    assert page.evaluate("document.activeElement.closest('form').id") == "f-L1-any_exposure_at_site"
    press(page, "#panel-imaging > summary")
    answer(page, "f-L1-calcification_on_biopsy", "y")
    choose(page, "f-L1-infusion_site", "at this site")
    expect(live).to_contain_text("Iatrogenic")
    expect(live).to_contain_text("decided")
    type_into(page, "#f-p-ca_total-value", "9.6")
    type_into(page, "#f-p-ca_total [name=unit]", "mg/dL")
    expect(page.locator("#f-p-ca_total-status")).to_contain_text("2.40 mmol/L")
    expect(page.locator("#f-p-ca_total-status")).to_contain_text("in range")


def answer_a_gate(page: Page) -> None:
    option = page.locator("#option-sts_topical-L1")
    expect(option.locator("summary").first).to_contain_text("Cannot be assessed yet")
    press(page, "details:has(> #option-sts_topical-L1) > summary")
    press(page, "#option-sts_topical-L1 > summary")
    reach(page, "#option-sts_topical-L1 button[name=none]")
    page.keyboard.press("Enter")
    page.wait_for_url("**open=option-sts_topical-L1**")
    expect(option.locator("summary").first).not_to_contain_text("Cannot be assessed yet")
    expect(option).to_contain_text("Recorded: 1 \u00d7 no (allergy to thiosulfate)")
    expect(page.locator("#option-sts_topical-L1 > summary")).to_be_focused()


def accept_and_sign(page: Page) -> None:
    press(page, "#review form button")
    page.get_by_role("button", name="Sign the review").wait_for()
    assert page.locator("input[name=decision]:checked").count() == 0, "nothing is chosen beforehand"
    for option in ("option-sts_topical-L1", "option-wound_care_offload-L1"):
        press(page, f"#{option} > summary")
        reach(page, f"#{option} input[name=decision]")
        page.keyboard.press("Space")
        press(page, f"#{option} .decision__fold button")
        expect(page.locator(f"#{option}-said")).to_contain_text("accept")
    press(page, "#review form[action$='/sign/'] button")
    expect(page.get_by_text("Signed by Dr Clara Winter")).to_be_visible()


def wait_for_reminders() -> None:
    """The worker does what beat asks it to do once a minute."""
    app.send_task("calcinosis_app.followups.tasks.sweep")
    for _ in range(100):
        if Reminder.objects.exists():
            return
        time.sleep(0.1)
    raise AssertionError("The sweep wrote no reminders.")


def close_one_reminder(page: Page, look: Callable[[], None]) -> None:
    press(page, 'nav a[href="/reminders/"]')
    page.get_by_role("heading", name="Overdue").wait_for()
    look()
    press(page, ".reminder a[href$='/close/']")
    page.get_by_role("button", name="Close reminder").wait_for()
    reach(page, "input[name=outcome]")
    page.keyboard.press("Space")
    press(page, ".reminder__close button")
    expect(page.get_by_text("closed by Nadia Brook")).to_be_visible()
