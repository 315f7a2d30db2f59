"""Which check is meant, and when the next one falls due."""

from datetime import date

import pytest

from calcinosis_app.accounts.models import User
from calcinosis_app.followups.due import check_of, next_occurrence
from calcinosis_app.followups.models import Reminder
from calcinosis_app.rulebooks.bridge import shipped
from tests.factories.reminder import OF_TREATMENT, ONCE, REPEATED, make_reminders


def test_a_check_is_not_mistaken_for_the_response_of_the_same_id() -> None:
    rules = shipped()

    assert "outcome" in rules.rows["diltiazem.response.3"]
    assert "what_to_check" in check_of(rules, "diltiazem.response.3")


@pytest.mark.parametrize(
    ("row", "done_on", "due"),
    [
        (ONCE, date(2027, 1, 10), None),
        (REPEATED, date(2028, 1, 11), date(2029, 1, 10)),
        (OF_TREATMENT, date(2027, 1, 20), date(2027, 1, 27)),
    ],
)
def test_the_next_one_counts_from_the_day_it_was_done(clara: User, row: str, done_on: date, due: date | None) -> None:
    reminder: Reminder = make_reminders(clara)[row]
    reminder.due_on = date(2027, 1, 17)

    window = next_occurrence(reminder, done_on)

    assert (window and window[1]) == due
