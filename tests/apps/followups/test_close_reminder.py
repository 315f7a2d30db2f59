"""Closing a reminder keeps what became of it, and writes the next one."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.selectors import events_about
from calcinosis_app.core.errors import Conflict
from calcinosis_app.followups.actions import OutcomeRefused, close_reminder
from calcinosis_app.followups.models import Reminder
from tests.factories.reminder import OF_TREATMENT, ONCE, REPEATED, make_reminders

SIGNED = datetime(2027, 1, 10, 9, tzinfo=UTC)


@pytest.fixture
def reminders(clara: User) -> dict[str, Reminder]:
    with time_machine.travel(SIGNED, tick=False):
        return make_reminders(clara)


def close(by: User, reminder: Reminder, on: date = date(2027, 4, 20), **changes: Any) -> Reminder | None:
    with time_machine.travel(datetime(on.year, on.month, on.day, 9, tzinfo=UTC), tick=False):
        return close_reminder(by=by, reminder=reminder, **{"outcome": "done", **changes})


def test_it_is_done_and_by_whom(nadia: User, reminders: dict[str, Reminder]) -> None:
    following = close(nadia, reminders[ONCE], text="photograph taken")

    done = Reminder.objects.get(pk=reminders[ONCE].pk)
    assert following is None
    assert (done.state, done.outcome, done.text, done.closed_by) == ("done", "done", "photograph taken", nadia)
    assert done.done_on == date(2027, 4, 20)
    (event,) = events_about(done)
    assert (event.action, event.detail["outcome"]) == ("reminder.closed", "done")
    assert "photograph" not in str(event.detail)


def test_the_next_one_counts_from_the_day_it_was_done(nadia: User, reminders: dict[str, Reminder]) -> None:
    following = close(nadia, reminders[REPEATED], done_on=date(2027, 4, 15))

    assert following is not None
    assert following.due_on == date(2027, 4, 15) + timedelta(days=365)
    assert following.follows == reminders[REPEATED]
    assert (following.row, following.state, following.review) == (REPEATED, "open", reminders[REPEATED].review)


@pytest.mark.parametrize("outcome", ["done_elsewhere", "declined", "not_reached", "not_possible"])
def test_the_next_one_follows_also_when_it_was_not_done_here(nadia: User, reminders: dict[str, Reminder], outcome: str) -> None:
    following = close(nadia, reminders[REPEATED], outcome=outcome)

    assert following is not None
    assert Reminder.objects.get(pk=reminders[REPEATED].pk).state == ("done" if outcome == "done_elsewhere" else "closed")


def test_early_it_is_never_due_again_on_the_same_day(nadia: User, reminders: dict[str, Reminder]) -> None:
    due = reminders[OF_TREATMENT].due_on  # weekly: a week after signing
    following = close(nadia, reminders[OF_TREATMENT], on=SIGNED.date())

    assert following is not None
    assert following.due_on == due + timedelta(days=1)


def test_it_may_end_here(nadia: User, reminders: dict[str, Reminder]) -> None:
    assert close(nadia, reminders[REPEATED], ends=True) is None
    assert close(nadia, reminders[OF_TREATMENT], outcome="not_needed", text="healed") is None
    assert not Reminder.objects.filter(follows__isnull=False).exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"outcome": ""}, "outcome"),
        ({"outcome": "taken_over"}, "outcome"),
        ({"outcome": "not_needed"}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"done_on": date(2027, 4, 21)}, "done_on"),
    ],
)
def test_it_is_refused_with_the_field_to_mend(nadia: User, reminders: dict[str, Reminder], wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(OutcomeRefused) as refused:
        close(nadia, reminders[ONCE], **wrong)

    assert refused.value.field == field
    assert Reminder.objects.get(pk=reminders[ONCE].pk).is_open


def test_a_second_press_closes_once(nadia: User, reminders: dict[str, Reminder]) -> None:
    first, second = close(nadia, reminders[REPEATED]), close(nadia, reminders[REPEATED])

    assert first == second
    assert Reminder.objects.filter(row=REPEATED).count() == 2


def test_closed_by_somebody_else_in_the_meantime(clara: User, nadia: User, reminders: dict[str, Reminder]) -> None:
    close(nadia, reminders[ONCE])

    with pytest.raises(Conflict, match="closed already: done, by Nadia Brook"):
        close(clara, reminders[ONCE], outcome="declined")


def test_a_curator_cannot(karl: User, reminders: dict[str, Reminder]) -> None:
    with pytest.raises(PermissionDenied):
        close(karl, reminders[ONCE])


def test_the_stranger_finds_nothing(sven: User, reminders: dict[str, Reminder]) -> None:
    with pytest.raises(Http404):
        close(sven, reminders[ONCE])


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "done"},
        {"outcome": "done"},
        {"closed_at": SIGNED},
        {"state": "closed", "outcome": "declined", "closed_at": SIGNED, "done_on": SIGNED.date()},
        {"due_on": date(2020, 1, 1)},
        {"until_on": date(2020, 1, 1)},
        {"condition": ""},
        {"treatment": "diltiazem"},
        {"owner_role": ""},
    ],
)
def test_the_database_refuses_what_cannot_be(reminders: dict[str, Reminder], wrong: dict[str, Any]) -> None:
    reminder = reminders[ONCE]
    for name, value in wrong.items():
        setattr(reminder, name, value)

    with pytest.raises(IntegrityError), transaction.atomic():
        reminder.save()


def test_a_day_long_before_the_plan_is_a_slip(nadia: User, reminders: dict[str, Reminder]) -> None:
    with pytest.raises(OutcomeRefused, match="long before the plan was signed") as refused:
        close(nadia, reminders[REPEATED], done_on=date(1027, 4, 15))

    assert refused.value.field == "done_on"
    assert close(nadia, reminders[REPEATED], done_on=date(2027, 1, 4)) is not None
