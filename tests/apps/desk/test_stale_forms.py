"""Whoever changes what somebody else changed meanwhile is told, sees both, and may send it again on purpose."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.actions import change_clinic, change_person
from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions import decide_step, override_type, sign, start_review, write_note
from calcinosis_app.assessments.models import Review, Step, TypeOverride
from calcinosis_app.followups.actions import close_reminder
from calcinosis_app.laboratory.actions import map_code
from calcinosis_app.laboratory.models import CodeMapping
from tests.at_once import together
from tests.cast import SignIn
from tests.factories.assessment import OFFERED, OTHER_STEP, make_assessment, make_review
from tests.factories.laboratory import csv_of, imported, result_of
from tests.factories.patient import make_patient
from tests.factories.reminder import OF_TREATMENT, make_reminders
from tests.factories.user import make_user

HTMX = {"HX-Request": "true", "HX-Target": "the-form", "HX-Current-URL": "http://testserver/somewhere/?a=b"}


def hidden(text: str, name: str, after: str = "") -> str:
    """The value of a hidden field, from where `after` stands in the page."""
    found = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', text[text.index(after) :])
    assert found is not None, name
    return found.group(1)


@pytest.fixture
def review(clara: User) -> Review:
    return make_review(clara)


@pytest.fixture
def client(clara: User, sign_in: SignIn) -> Client:
    return sign_in(clara)


def page_of(client: Client, review: Review) -> str:
    return client.get(reverse("desk:assessment", args=[review.assessment_id])).text


def step_form(page: str) -> dict[str, str]:
    """What the page's form for the offered option sends before anything is typed."""
    place = f'name="treatment" value="{OFFERED["treatment"]}"'
    return {**OFFERED, "seen": hidden(page, "seen", place)}


def test_a_step_decided_in_another_tab_is_not_overwritten(client: Client, clara: User, review: Review) -> None:
    form = step_form(page_of(client, review))
    decide_step(by=clara, review=review, decision="accept", text="as agreed on Monday", **OFFERED)

    mine = {**form, "decision": "defer", "reason_group": "disagrees", "text": "wait for the <b>surgeon</b>"}
    told = client.post(reverse("desk:decide", args=[review.pk]), mine, headers=HTMX)

    assert told.status_code == 409
    assert (told["HX-Reswap"], told.has_header("HX-Retarget")) == ("innerHTML", False)
    assert "in another tab or window" in told.text
    assert "as agreed on Monday" in told.text
    assert "wait for the &lt;b&gt;surgeon&lt;/b&gt;</textarea>" in told.text
    assert told.text.count("differs</span>") == 3
    assert 'href="/somewhere/?a=b"' in told.text
    assert Step.objects.get().text == "as agreed on Monday"

    again = {**mine, "seen": hidden(told.text, "seen")}
    assert client.post(reverse("desk:decide", args=[review.pk]), again, headers=HTMX).status_code == 200
    assert Step.objects.get().text == "wait for the <b>surgeon</b>"


def test_a_step_taken_back_meanwhile_and_one_taken_back_too_late(client: Client, clara: User, review: Review) -> None:
    decide_step(by=clara, review=review, decision="accept", **OFFERED)
    form = step_form(page_of(client, review))
    decide_step(by=clara, review=review, decision="accept", text="half the dose", **OFFERED)

    assert client.post(reverse("desk:decide", args=[review.pk]), {**form, "withdraw": "1"}, headers=HTMX).status_code == 409
    assert Step.objects.get().text == "half the dose"


def test_the_form_that_comes_back_has_seen_what_it_saved(client: Client, review: Review) -> None:
    form = step_form(page_of(client, review))
    saved = client.post(reverse("desk:decide", args=[review.pk]), {**form, "decision": "accept"}, headers=HTMX)
    after = {**form, "seen": hidden(saved.text, "seen"), "decision": "accept", "text": "from next week on"}
    assert client.post(reverse("desk:decide", args=[review.pk]), after, headers=HTMX).status_code == 200
    assert Step.objects.get().text == "from next week on"


def test_a_type_given_in_another_tab_is_not_overwritten(client: Client, clara: User, review: Review) -> None:
    page = page_of(client, review)
    form = {"lesion": "L1", "seen": hidden(page, "seen", reverse("desk:override_type", args=[review.pk]))}
    override_type(by=clara, review=review, lesion="L1", type="mixed", reason_group="disagrees", text="both causes")
    mine = {**form, "type": "dystrophic", "reason_group": "disagrees", "text": "typical fingertips"}

    told = client.post(reverse("desk:override_type", args=[review.pk]), mine, headers=HTMX)

    assert told.status_code == 409
    assert "both causes" in told.text
    assert "typical fingertips" in told.text
    assert TypeOverride.objects.get().type == "mixed"
    again = {**mine, "seen": hidden(told.text, "seen")}
    assert client.post(reverse("desk:override_type", args=[review.pk]), again, headers=HTMX).status_code == 200
    assert TypeOverride.objects.get().type == "dystrophic"


def test_a_note_written_in_another_tab_stays_beside_the_one_that_was_to_be_signed(client: Client, clara: User, review: Review) -> None:
    page = page_of(client, review)
    write_note(by=clara, review=review, note="Seen with the hand surgeon.")
    mine = {"note": "Ask for\na second opinion.", "note_seen": hidden(page, "note_seen")}

    told = client.post(reverse("desk:sign", args=[review.pk]), mine)

    review.refresh_from_db()
    assert told.status_code == 409
    assert not review.is_signed
    assert review.note == "Seen with the hand surgeon."
    assert "Seen with the hand surgeon." in told.text
    assert "Ask for\na second opinion.</textarea>" in told.text
    assert "Store mine instead, and sign" in told.text
    assert review.assessment.case.patient.family_name in told.text, "the header says who it is about"
    client.post(reverse("desk:sign", args=[review.pk]), {**mine, "note_seen": hidden(told.text, "note_seen")})
    review.refresh_from_db()
    assert (review.is_signed, review.note) == (True, "Ask for\na second opinion.")


def test_nobody_signs_what_the_page_did_not_show(client: Client, clara: User, review: Review) -> None:
    page = page_of(client, review)
    seen = {name: hidden(page, name) for name in ("note_seen", "review_seen")}
    decide_step(by=clara, review=review, decision="accept", **OFFERED)

    told = client.post(reverse("desk:sign", args=[review.pk]), {**seen, "note": "Looks well."})

    review.refresh_from_db()
    assert (told.status_code, review.is_signed) == (409, False)
    assert review.note == "Looks well.", "what was written is kept"
    shown = page_of(client, review)
    client.post(reverse("desk:sign", args=[review.pk]), {"note": "Looks well.", "review_seen": hidden(shown, "review_seen")})
    review.refresh_from_db()
    assert review.is_signed


# --- two reviewers
@pytest.fixture
def ines(clara: User) -> User:
    return make_user("ines", "Dr Ines Roth", "clinician", clinic=clara.clinic)


def test_who_decides_while_another_signs_is_told_and_keeps_everything(clara: User, ines: User, sign_in: SignIn, review: Review) -> None:
    other = start_review(by=ines, assessment=review.assessment)
    decide_step(by=ines, review=other, decision="defer", reason_group="disagrees", text="not before the scan", **OTHER_STEP)
    write_note(by=ines, review=other, note="Unsure about the elbow.")
    decide_step(by=clara, review=review, decision="accept", **OFFERED)
    sign(by=clara, review=review)

    late = {**OFFERED, "decision": "accept", "text": "with dressings"}
    told = sign_in(ines).post(reverse("desk:decide", args=[other.pk]), late, headers=HTMX)

    assert told.status_code == 409
    assert "Dr Clara Winter has signed" in told.text
    assert told["HX-Reswap"] == "none", "the form stays as it was typed"
    page = page_of(sign_in(ines), other)
    assert "Dr Clara Winter signed first" in page
    assert "not before the scan" in page
    assert "Unsure about the elbow." in page
    assert "signed first" not in page_of(sign_in(clara), review)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_at_the_same_moment_one_is_told(clara: User, ines: User, sign_in: SignIn) -> None:
    assessment = make_assessment(clara)
    both = [(clara, start_review(by=clara, assessment=assessment)), (ines, start_review(by=ines, assessment=assessment))]
    browsers = [sign_in(user) for user, _ in both]

    def press(number: int) -> tuple[int, str]:
        answer = browsers[number].post(reverse("desk:sign", args=[both[number][1].pk]), {"note": f"Note of {both[number][0]}."})
        return answer.status_code, answer.text

    heard = dict(sorted(together(2, press)))

    assert set(heard) == {302, 409}
    assert "has signed a review" in heard[409]
    assert Review.objects.filter(signed_at__isnull=False).count() == 1
    assert {one.note for one in Review.objects.all()} == {"Note of Dr Clara Winter.", "Note of Dr Ines Roth."}


# --- reminders, people, clinics, mappings
def test_a_reminder_closed_by_somebody_else_shows_both(clara: User, nadia: User, sign_in: SignIn) -> None:
    reminder = make_reminders(clara)[OF_TREATMENT]
    day = reminder.review.signed_at.date()
    close_reminder(by=nadia, reminder=reminder, outcome="done", text="healing well", done_on=day)
    mine = {"outcome": "not_reached", "done_on": day.isoformat(), "text": "did not come"}

    told = sign_in(clara).post(reverse("followups:close", args=[reminder.pk]), mine)

    assert told.status_code == 409
    for said in ("by Nadia Brook", "healing well", "did not come"):
        assert said in told.text
    assert "Store mine" not in told.text, "closed is final"
    reminder.refresh_from_db()
    assert reminder.text == "healing well"


def test_a_persons_details_changed_meanwhile_show_both(ada: User, clara: User, sign_in: SignIn) -> None:
    browser, address = sign_in(ada), reverse("people:details", args=[clara.pk])
    page = browser.get(reverse("people:person", args=[clara.pk])).text
    shown = {name: hidden(page, name) for name in ("shown_display_name",)} | {"shown_email": clara.email}
    change_person(by=ada, user=clara, display_name="Prof Clara Winter", email="new@riverside.example")

    mine = {**shown, "display_name": "Dr Clara Summer", "email": ""}
    told = browser.post(address, mine)

    assert told.status_code == 409
    assert "Prof Clara Winter" in told.text
    assert "Dr Clara Summer" in told.text
    assert "by Ada Moss" in told.text
    browser.post(address, {**mine, "seen": hidden(told.text, "seen")})
    clara.refresh_from_db()
    assert (clara.display_name, clara.email) == ("Dr Clara Summer", "")


Change = Callable[[User, User], Any]


def _person(ada: User, clara: User) -> str:
    change_person(by=ada, user=clara, display_name="Prof Clara Winter", email=clara.email)
    return reverse("admin:accounts_user_change", args=[clara.pk])


def _clinic(ada: User, clara: User) -> str:
    assert ada.clinic is not None
    change_clinic(by=ada, clinic=ada.clinic, name="Riverside hospital", time_zone="Europe/Berlin", jurisdiction="uk")
    return reverse("admin:accounts_clinic_change", args=[ada.clinic_id])


@pytest.mark.parametrize(
    ("change", "kind", "mine", "theirs"),
    [
        (_person, "user", {"display_name": "Dr Clara Summer", "email": ""}, "Prof Clara Winter"),
        (_clinic, "clinic", {"name": "Riverside ward", "time_zone": "Europe/Berlin", "jurisdiction": "uk"}, "Riverside hospital"),
    ],
)
def test_djangos_administration_overwrites_nothing_either(
    ada: User, clara: User, sign_in: SignIn, change: Callable[[User, User], str], kind: str, mine: dict[str, str], theirs: str
) -> None:
    browser = sign_in(ada)
    pk = clara.pk if kind == "user" else ada.clinic_id
    page = browser.get(reverse(f"admin:accounts_{kind}_change", args=[pk])).text
    seen = hidden(page, "seen")
    address = change(ada, clara)

    told = browser.post(address, {**mine, "seen": seen, "_save": "Save"})

    assert told.status_code == 409
    assert theirs in told.text
    assert next(iter(mine.values())) in told.text
    assert browser.post(address, {**mine, "seen": hidden(told.text, "seen"), "_save": "Save"}).status_code == 302


def test_a_code_mapped_by_somebody_else_shows_both_meanings(nadia: User, clara: User, sign_in: SignIn) -> None:
    imported(nadia, csv_of(result_of(make_patient(clara), code="PHOS", code_system="local")))
    browser = sign_in(clara)
    page = browser.get(reverse("laboratory:queue")).text
    rows = ("laboratory", "system", "code", "seen")
    form = {f"codes-0-{name}": hidden(page, f"codes-0-{name}") for name in rows} | {"codes-TOTAL_FORMS": "1", "codes-INITIAL_FORMS": "1"}
    place = {name: form[f"codes-0-{name}"] for name in ("laboratory", "system", "code")}
    map_code(by=nadia, **place, key="phosphate")

    told = browser.post(reverse("laboratory:codes"), {**form, "codes-0-key": "alp"})

    assert told.status_code == 409
    assert "by Nadia Brook" in told.text
    assert CodeMapping.objects.get().key == "phosphate"
    again = {**form, "codes-0-key": "alp", "codes-0-seen": hidden(told.text, "codes-0-seen")}
    assert browser.post(reverse("laboratory:codes"), again).status_code == 302
    assert CodeMapping.objects.get().key == "alp"


# --- what no version can be shown of
def test_words_that_could_not_be_stored_come_back_to_be_copied(client: Client, clara: User, review: Review) -> None:
    decide_step(by=clara, review=review, decision="accept", **OFFERED)
    sign(by=clara, review=review)

    told = client.post(reverse("desk:sign", args=[review.pk]), {"note": "One more <i>thought</i>.", "password": "hunter2"})

    assert told.status_code == 409
    assert "One more &lt;i&gt;thought&lt;/i&gt;." in told.text
    assert "hunter2" not in told.text
