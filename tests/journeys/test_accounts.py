"""Coming in, staying in, and being shut out, as people meet it in a browser."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from calcinosis_app.accounts import actions
from calcinosis_app.accounts.models import User
from calcinosis_app.patients.models import DraftEntry
from tests.apps.accounts.second_factors import code_of
from tests.factories.assessment import make_review
from tests.factories.case import make_case
from tests.factories.user import PASSWORD, make_user
from tests.journeys.keyboard import press, reach, sign_in, sign_out, type_into

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = "another walk by the lake"
Accessible = Callable[[Page], None]


@pytest.fixture
def other(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A second browser."""
    context = browser.new_context(base_url=live_server.url)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def strict(settings: Any) -> None:
    """Outside the demo."""
    settings.SECOND_FACTOR_REQUIRED = True


def shown(page: Page) -> str:
    return page.locator("[data-secret]").inner_text()


@pytest.mark.usefixtures("strict")
def test_from_an_invitation_to_the_first_sign_in_with_a_second_factor(
    page: Page, other: Page, ada: User, settings: Any, assert_accessible: Accessible
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    sign_in(page, ada)
    page.goto(reverse("people:invite"))
    assert_accessible(page)
    type_into(page, "#id_display_name", "Olga Reed")
    type_into(page, "#id_username", "olga")
    reach(page, 'input[value="approver"]')
    page.keyboard.press("Space")
    press(page, "form.form button.button--primary")
    link = shown(page)
    assert_accessible(page)
    settings.SECOND_FACTOR_REQUIRED = True

    other.goto(link)
    assert link not in other.url
    assert_accessible(other)
    type_into(other, "#id_new_password1", NEW)
    type_into(other, "#id_new_password2", NEW)
    press(other, "button.button--primary")

    expect(other.get_by_text("First set up a second factor")).to_be_visible()
    other.goto(reverse("rulebooks:overview"))
    expect(other.get_by_text("First set up a second factor")).to_be_visible()
    assert_accessible(other)
    other.get_by_role("link", name="Set up an app").click()
    assert_accessible(other)
    secret = shown(other)
    type_into(other, "#id_code", code_of(secret))
    press(other, "button.button--primary")
    expect(other.get_by_role("heading", name="Recovery codes")).to_be_visible()
    recovery = other.locator(".codes code").first.inner_text()
    assert_accessible(other)
    other.get_by_role("link", name="I have them").click()
    expect(other.get_by_role("heading", name="needs you now")).to_be_visible()

    sign_out(other)
    type_into(other, "#id_username", "olga")
    other.keyboard.type(NEW)
    other.keyboard.press("Enter")
    expect(other.get_by_role("heading", name="Second step")).to_be_visible()
    assert_accessible(other)
    type_into(other, "#id_code", recovery)
    press(other, "button.button--primary")
    expect(other.get_by_role("button", name="Sign out")).to_be_visible()


def test_a_passkey_is_added_and_signs_in_alone(page: Page, clara: User, assert_accessible: Accessible) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": {**key, "automaticPresenceSimulation": True}})
    sign_in(page, clara)
    page.goto(reverse("mfa_add_webauthn"))
    assert_accessible(page)
    reach(page, "#id_name")
    page.keyboard.press("Control+A")
    page.keyboard.type("Ward telephone")
    press(page, "#passkey-add")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(reverse("mfa_index"))
    expect(page.locator("b", has_text="Ward telephone")).to_be_visible()
    assert_accessible(page)

    sign_out(page)
    page.goto(f"{reverse('accounts:sign_in')}?next={reverse('patients:search')}")
    assert_accessible(page)
    press(page, "#passkey-login")
    expect(page.get_by_role("heading", name="Patients")).to_be_visible()

    # After the password it is the second step.
    sign_out(page)
    type_into(page, "#id_username", "clara")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    press(page, "#passkey-use")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_a_browser_without_the_passkey_says_so_in_words(page: Page, clara: User) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": False}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": {**key, "automaticPresenceSimulation": True}})
    page.goto(reverse("accounts:sign_in"))
    press(page, "#passkey-login")
    expect(page.locator("[data-passkey-trouble]")).to_contain_text("Nothing was confirmed")


def test_a_forgotten_password_is_replaced_by_a_link_that_comes_by_mail(
    page: Page, clara: User, settings: Any, monkeypatch: pytest.MonkeyPatch, assert_accessible: Accessible
) -> None:
    settings.RESET_BY_EMAIL = True
    # The bell stays silent: the worker of another test would send the mail from its own process.
    monkeypatch.setattr("calcinosis_app.accounts.views.links.mail_links.apply_async", lambda **_: None)
    User.objects.filter(pk=clara.pk).update(email="clara@riverside.example")
    page.goto(reverse("accounts:sign_in"))
    page.get_by_role("link", name="Password forgotten?").click()
    assert_accessible(page)
    type_into(page, "#id_username", "clara")
    press(page, "button.button--primary")
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    assert_accessible(page)

    actions.mail_links()  # the worker's part, here so that the mail lands in this process
    (sent,) = mail.outbox
    page.goto("/link/" + sent.body.partition("/link/")[2].split("\n")[0])
    type_into(page, "#id_new_password1", NEW)
    type_into(page, "#id_new_password2", NEW)
    press(page, "button.button--primary")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert User.objects.get(pk=clara.pk).check_password(NEW)


def test_a_link_from_the_administrator_lets_one_choose_a_new_password(
    page: Page, other: Page, ada: User, clara: User, assert_accessible: Accessible
) -> None:
    sign_in(page, ada)
    page.goto(reverse("people:list"))
    assert_accessible(page)
    page.get_by_role("link", name="Dr Clara Winter").click()
    assert_accessible(page)
    page.get_by_role("button", name="Make a one-time link").click()
    other.goto(shown(page))
    type_into(other, "#id_new_password1", NEW)
    type_into(other, "#id_new_password2", NEW)
    press(other, "button.button--primary")
    expect(other.get_by_role("button", name="Sign out")).to_be_visible()
    other.goto(reverse("accounts:account"))
    assert_accessible(other)
    assert User.objects.get(pk=clara.pk).check_password(NEW)


def test_deactivating_shuts_the_other_browser_out_at_its_next_request(page: Page, other: Page, ada: User, clara: User) -> None:
    sign_in(other, clara)
    sign_in(page, ada)
    page.goto(reverse("people:person", args=[clara.pk]))
    page.get_by_role("button", name="Deactivate").click()
    expect(page.get_by_text("is deactivated: sessions, tokens and links have ended")).to_be_visible()

    other.get_by_role("link", name="Patients").first.click()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    other.fill("#id_username", "clara")
    other.fill("#id_password", PASSWORD)
    other.keyboard.press("Enter")
    expect(other.get_by_text("do not belong together")).to_be_visible()


# --- the idle lock --------------------------------------------------------------------------------
@pytest.fixture
def impatient(settings: Any) -> None:
    """Six seconds, and a warning after three."""
    settings.IDLE_MINUTES = 0.1
    settings.IDLE_WARNING_SECONDS = 3


@pytest.mark.usefixtures("impatient")
def test_an_idle_page_warns_keeps_what_was_typed_and_comes_back_to_the_same_place(
    page: Page, clara: User, assert_accessible: Accessible
) -> None:
    case = make_case(clara)
    entry = reverse("desk:entry", args=[case.pk])
    sign_in(page, clara)
    page.goto(entry)
    reach(page, "#f-p-albumin-value")
    page.keyboard.type("41")  # and the person is called away: the field is never left
    expect(page.get_by_text("Still there?")).to_be_visible()
    assert_accessible(page)

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_text("nothing was done for a while")).to_be_visible()
    assert DraftEntry.objects.filter(case=case, key="albumin").exists()
    page.fill("#id_username", "clara")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#f-p-albumin-value")).to_have_value("41")
    assert page.url.endswith(entry)


def come_back(page: Page, user: User) -> None:
    """Waits for the lock, and signs in at the door it leads to."""
    page.get_by_text("nothing was done for a while").wait_for()
    page.fill("#id_username", user.username)
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")


def leave(page: Page) -> None:
    """Goes to a quiet page, so that what the last one sends on leaving has arrived before the database is emptied."""
    page.goto(reverse("patients:search"))
    page.wait_for_load_state("networkidle")


def kept(page: Page) -> str:
    """What the tab holds for later."""
    return str(page.evaluate("JSON.stringify(sessionStorage)"))


def forgotten(page: Page, text: str) -> None:
    """Waits until the tab holds nothing of it any more: its script runs when the page has come."""
    for _ in range(50):
        if text not in kept(page):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"The tab still holds {text!r}.")


def open_review(page: Page, clara: User) -> str:
    """A review with a note that is typed and not signed. Returns its address."""
    address = reverse("desk:assessment", args=[make_review(clara).assessment_id])
    sign_in(page, clara)
    page.goto(address)
    page.fill("#note", "Ask Ines on Monday")
    return address


@pytest.mark.usefixtures("impatient", "services")
def test_the_note_of_a_review_outlives_the_lock(page: Page, clara: User, assert_accessible: Accessible) -> None:
    address = open_review(page, clara)
    expect(page.locator("#idle")).to_contain_text("Not saved by itself: Note.")
    come_back(page, clara)
    expect(page.locator("#note")).to_have_value("Ask Ines on Monday")
    expect(page.get_by_text("Restored, not saved yet: Note.")).to_be_visible()
    assert page.url.endswith(address)
    assert "Ines" not in page.url
    assert_accessible(page)


@pytest.mark.usefixtures("impatient")
def test_it_is_kept_for_nobody_else(page: Page, clara: User) -> None:
    open_review(page, clara)
    colleague = make_user("hanna", "Dr Hanna Field", "clinician", clinic=clara.clinic)
    come_back(page, colleague)
    page.get_by_role("button", name="Sign out").wait_for()
    forgotten(page, "Ines")
    expect(page.locator("body")).not_to_contain_text("Ines")


def test_it_is_forgotten_at_sign_out_and_when_it_was_not_needed(page: Page, clara: User) -> None:
    address = open_review(page, clara)
    page.evaluate("document.dispatchEvent(new Event('page:keep'))")
    assert "Ines" in kept(page)
    page.reload()
    forgotten(page, "Ines")
    page.fill("#note", "Ask Ines on Monday")
    page.evaluate("document.dispatchEvent(new Event('page:keep'))")
    sign_out(page)
    forgotten(page, "Ines")
    sign_in(page, clara)
    page.goto(address)
    expect(page.locator("#note")).to_have_value("")


@pytest.mark.parametrize("sent", [True, False])
def test_a_session_that_is_over_already_loses_no_text(page: Page, clara: User, *, sent: bool) -> None:
    """The laptop slept: the server has ended the session, and the person goes on as if nothing had been."""
    sign_in(page, clara)
    if sent:
        page.goto(reverse("patients:create"))
        page.fill("[name=family_name]", "Lind")
        actions.end_sessions(by=clara, user=clara)
        page.get_by_role("button", name="Create patient").click()
        field, text = page.locator("[name=family_name]"), "Lind"
    else:
        case = make_case(clara)
        page.goto(reverse("desk:entry", args=[case.pk]))
        page.fill("#f-p-albumin-value", "41")
        actions.end_sessions(by=clara, user=clara)
        page.locator("#f-p-albumin-value").blur()
        field, text = page.locator("#f-p-albumin-value"), "41"
    page.get_by_role("heading", name="Sign in").wait_for()
    page.fill("#id_username", "clara")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    expect(field).to_have_value(text)
    expect(page.get_by_text("Restored, not saved yet:")).to_be_visible()
    leave(page)


def test_a_page_out_of_sight_sends_the_field_that_was_not_left(page: Page, clara: User) -> None:
    case = make_case(clara)
    sign_in(page, clara)
    page.goto(reverse("desk:entry", args=[case.pk]))
    page.fill("#f-p-albumin-value", "41")
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true }); document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#f-p-albumin-status")).to_contain_text("a unit is required")
    assert DraftEntry.objects.filter(case=case, key="albumin").exists()
    leave(page)


@pytest.mark.usefixtures("impatient")
def test_whoever_says_so_stays_signed_in_in_every_tab(page: Page, clara: User) -> None:
    sign_in(page, clara)
    second = page.context.new_page()
    second.goto(reverse("patients:search"))
    for _ in range(3):
        button = page.get_by_role("button", name="Stay signed in")
        button.wait_for()
        button.click()
        expect(button).to_be_hidden()
    second.bring_to_front()
    second.reload()
    expect(second.get_by_role("heading", name="Patients")).to_be_visible()


def test_the_administration_pages_break_no_content_policy(page: Page, ada: User, clara: User) -> None:
    sign_in(page, ada)
    for address in (
        reverse("admin:index"),
        reverse("admin:accounts_user_changelist"),
        reverse("admin:accounts_user_change", args=[clara.pk]),
        reverse("admin:accounts_clinic_change", args=[ada.clinic_id]),
    ):
        answered = page.goto(address)
        assert answered is not None
        assert answered.status == 200
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
