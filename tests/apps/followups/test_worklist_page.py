"""The nurse's list: overdue, due, upcoming and done, each with whom it is about."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions import assess_case
from calcinosis_app.assessments.selectors import outdated
from calcinosis_app.followups.actions import close_reminder
from calcinosis_app.followups.models import Reminder
from calcinosis_app.followups.selectors import waiting_for, worklist
from tests.cast import SignIn
from tests.factories.assessment import make_plan
from tests.factories.case import make_case, only_lesion, record_finding
from tests.factories.patient import make_patient
from tests.factories.reminder import OF_TREATMENT, ONCE, REPEATED, make_reminders

URL = "/reminders/"
SIGNED = datetime(2027, 1, 10, 9, tzinfo=UTC)


@pytest.fixture
def reminders(clara: User) -> dict[str, Reminder]:
    with time_machine.travel(SIGNED, tick=False):
        return make_reminders(clara)


def part(page: str, key: str) -> str:
    found = re.search(rf'aria-labelledby="part-{key}">(.*?)</section>', page, re.DOTALL)
    assert found
    return found.group(1)


def look(client: Client, on: datetime, query: str = "") -> str:
    with time_machine.travel(on, tick=False):
        response = client.get(f"{URL}{query}")
    assert response.status_code == 200
    return response.text


def test_each_reminder_stands_where_its_window_says(nadia: User, sign_in: SignIn, reminders: dict[str, Reminder]) -> None:
    with time_machine.travel(SIGNED, tick=False):
        client = sign_in(nadia)
        page = look(client, SIGNED)
        assert ONCE in part(page, "due")
        assert OF_TREATMENT in part(look(client, SIGNED, "?whose=all"), "upcoming")
        assert REPEATED not in page  # a year ahead
    with time_machine.travel(datetime(2027, 1, 14, 9, tzinfo=UTC), tick=False):
        client = sign_in(nadia)
        close_reminder(by=nadia, reminder=reminders[OF_TREATMENT], outcome="declined", text="not today")
        page = look(client, datetime(2027, 1, 14, 9, tzinfo=UTC), "?whose=all")
    assert ONCE in part(page, "overdue")
    assert "not today" in part(page, "done")


def test_the_day_turns_at_midnight_in_the_clinic(nadia: User, reminders: dict[str, Reminder]) -> None:
    last_day = reminders[ONCE].until_on
    before = datetime(last_day.year, last_day.month, last_day.day, 22, 59, tzinfo=UTC)
    with time_machine.travel(before, tick=False):
        assert reminders[ONCE] in worklist(nadia, only_mine=True).due
    with time_machine.travel(before.replace(hour=23, minute=1), tick=False):
        assert reminders[ONCE] in worklist(nadia, only_mine=True).overdue


def test_an_entry_says_for_whom_what_why_and_by_which_rule(nadia: User, sign_in: SignIn, reminders: dict[str, Reminder]) -> None:
    with time_machine.travel(SIGNED, tick=False):
        page = part(look(sign_in(nadia), SIGNED), "due")

    patient = reminders[ONCE].patient
    for said in (
        patient.name,
        "4 May 1961",
        f"number {patient.number}",
        "Site, size (long axis mm)",
        "Everybody with calcinosis",
        "nurse",
        f"/rules/1/lists/follow_up/#{ONCE}",
    ):
        assert said in page


def test_what_is_due_is_said_once_and_in_words(nadia: User, sign_in: SignIn, reminders: dict[str, Reminder]) -> None:
    with time_machine.travel(SIGNED, tick=False):
        page = part(look(sign_in(nadia), SIGNED), "due")
    with time_machine.travel(datetime(2027, 1, 14, 9, tzinfo=UTC), tick=False):
        late = part(look(sign_in(nadia), datetime(2027, 1, 14, 9, tzinfo=UTC)), "overdue")

    assert "10 Jan 2027, at the latest 11 Jan 2027" in page
    assert "due 10 Jan" not in page
    assert "since 11 Jan 2027" in late
    assert "priority" not in page
    assert "Close with outcome" in page


def test_a_result_after_signing_makes_the_plan_of_a_reminder_outdated(clara: User, nadia: User, sign_in: SignIn) -> None:
    reminder, client = make_reminders(clara)[ONCE], sign_in(nadia)
    alone = f"{URL}{reminder.pk}/"
    assert "plan outdated" not in client.get(URL).text + client.get(alone).text

    record_finding(clara, reminder.review.assessment.case, "phosphate", value="2.4", unit="mmol/L")

    assert outdated(reminder.review)
    for url in (URL, alone):
        assert "plan outdated" in client.get(url).text
    assert "after Dr Clara Winter signed" in client.get(alone).text


def test_only_what_belongs_to_the_case_makes_it_outdated(clara: User, nadia: User, sign_in: SignIn) -> None:
    review = make_reminders(clara)[ONCE].review
    patient = review.assessment.case.patient
    another = make_case(clara, patient)
    record_finding(clara, another, "painful", lesion=only_lesion(another), answer="yes")
    record_finding(clara, make_case(clara, make_patient(clara)), "on_dialysis", answer="yes")

    assert not outdated(review)
    assert "plan outdated" not in sign_in(nadia).get(URL).text


def test_a_newer_plan_knows_what_the_older_did_not(clara: User, nadia: User, sign_in: SignIn) -> None:
    case = make_reminders(clara)[ONCE].review.assessment.case
    record_finding(clara, case, "phosphate", value="1.1", unit="mmol/L")
    make_reminders(clara, make_plan(clara, assess_case(by=clara, case=case)))

    assert "plan outdated" not in sign_in(nadia).get(f"{URL}?whose=all").text


def test_mine_is_what_my_role_owns(clara: User, nadia: User, sign_in: SignIn, reminders: dict[str, Reminder]) -> None:
    with time_machine.travel(SIGNED, tick=False):
        hers, his, everybodys = (look(sign_in(who), SIGNED, query) for who, query in ((nadia, ""), (clara, ""), (nadia, "?whose=all")))

    for reminder in reminders.values():
        if reminder.opens_on <= SIGNED.date():
            assert (reminder.row in hers) == (reminder.owner_role == "nurse")
            assert (reminder.row in his) == (reminder.owner_role == "clinician")
            assert reminder.row in everybodys


def test_another_clinics_reminders_are_not_there(sven: User, sign_in: SignIn, reminders: dict[str, Reminder]) -> None:
    page = sign_in(sven).get(f"{URL}?whose=all").text

    assert "Nothing is overdue." in page
    assert ONCE not in page


def test_nobody_signed_in_is_sent_to_sign_in(release: object) -> None:
    assert Client().get(URL)["Location"] == f"/sign-in/?next={URL}"


@pytest.mark.parametrize("who", ["karl", "aya", "ada"])
def test_the_wrong_role(who: str, request: pytest.FixtureRequest, sign_in: SignIn) -> None:
    assert sign_in(request.getfixturevalue(who)).get(URL).status_code == 403


def test_a_long_list_asks_the_database_as_often_as_a_short_one(clara: User, nadia: User, sign_in: SignIn) -> None:
    client = sign_in(nadia)
    client.get(URL)
    asked = []
    for _ in range(3):
        make_reminders(clara)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"{URL}?whose=all").text
        asked.append(len(queries))
    assert page.count(ONCE) >= 3
    assert asked == [asked[0]] * 3
    assert asked[0] <= 24


def test_the_home_page_hears_what_needs_the_person_now(nadia: User, clara: User, reminders: dict[str, Reminder]) -> None:
    with time_machine.travel(SIGNED, tick=False):
        now = waiting_for(nadia)
    with time_machine.travel(datetime(2027, 2, 10, tzinfo=UTC), tick=False):
        later = waiting_for(nadia)

    assert now.overdue == 0
    assert reminders[ONCE] in now.first
    assert all(reminder.owner_role == "nurse" for reminder in now.first)
    assert later.overdue >= now.due
    assert reminders[ONCE] in later.first
