"""Closing a reminder, and writing the one that follows."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import REMINDER_WORK
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.core.errors import Both, Conflict, Versions
from calcinosis_app.followups.due import next_occurrence
from calcinosis_app.followups.models import Reminder
from calcinosis_app.followups.models.reminder import TEXT_LENGTH
from calcinosis_app.followups.outcomes import CHOSEN_BY_PEOPLE, ENDS_AND_NEEDS_A_TEXT, STATE_AFTER, Outcome, State
from calcinosis_app.followups.selectors import today_in
from calcinosis_app.patients.actions.locking import hold_patient

# A check that was done shortly before the plan was signed may count for it; a mistyped year may not.
LONGEST_BEFORE_SIGNING = timedelta(days=30)


class OutcomeRefused(Exception):
    """A reminder cannot be closed like this. `field` is what has to be mended, the text says how."""

    def __init__(self, field: str, say: str) -> None:
        super().__init__(say)
        self.field = field
        self.say = say


@transaction.atomic
def close_reminder(
    *, by: User, reminder: Reminder, outcome: str, text: str = "", done_on: date | None = None, ends: bool = False
) -> Reminder | None:
    """Closes it, and returns the next occurrence: none when the check is done once, or ends here.

    `done_on` is the day on which it was done or given up, by default today on the clinic's calendar; the next one
    counts from it. `ends` stops a repeated check. Pressed twice with the same outcome it closes once. Raises
    OutcomeRefused naming the field to mend, and Conflict when somebody closed it otherwise in the meantime.
    """
    require(by, REMINDER_WORK, reminder)
    hold_patient(reminder.patient)
    # Held first, read afterwards: what is joined while waiting is as old as the moment at which the waiting began.
    Reminder.objects.select_for_update().only("pk").get(pk=reminder.pk)
    held = Reminder.objects.select_related("review__assessment__release", "clinic", "closed_by").get(pk=reminder.pk)
    if not held.is_open:
        if held.outcome == outcome and held.closed_by == by:
            return Reminder.objects.filter(follows=held).first()
        raise _closed_otherwise(held, outcome, text, done_on)
    today = today_in(held.clinic)
    done_on = done_on or today
    signed_at = held.review.signed_at or timezone.now()
    earliest = timezone.localdate(signed_at, held.clinic.zone) - LONGEST_BEFORE_SIGNING
    _check(outcome, text, done_on, today, earliest)
    _close(held, by, Outcome(outcome), text.strip(), done_on)
    following = None if ends or outcome == ENDS_AND_NEEDS_A_TEXT else _follow(held, done_on)
    record(
        by=by,
        action="reminder.closed",
        subject=held,
        patient=held.patient_id,
        row=held.row,
        outcome=outcome,
        ends=following is None,
    )
    return following


def _closed_otherwise(held: Reminder, outcome: str, text: str, done_on: date | None) -> Conflict:
    """What was sent beside how it was closed. Closed is final: the text may be copied, and is not sent again."""
    by = str(held.closed_by or "a newer plan")
    choices = tuple((one.value, str(one.label)) for one in Outcome)
    fields = (
        Both("outcome", "What became of it", mine=outcome, theirs=held.outcome, choices=choices),
        Both("done_on", "On which day", mine=_day(done_on), theirs=_day(held.done_on)),
        Both("text", "Result or reason", mine=text.strip(), theirs=held.text, long=True),
    )
    say = f"This was closed already: {held.get_outcome_display()}, by {by}. Load the list again."
    return Conflict(say, Versions(fields, version="", by=by, at=held.closed_at))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _check(outcome: str, text: str, done_on: date, today: date, earliest: date) -> None:
    if outcome not in [choice.value for choice in CHOSEN_BY_PEOPLE]:
        raise OutcomeRefused("outcome", "Choose what became of it.")
    if outcome == ENDS_AND_NEEDS_A_TEXT and not text.strip():
        raise OutcomeRefused("text", "Say in a few words why it is no longer needed: this ends the check.")
    if len(text) > TEXT_LENGTH:
        raise OutcomeRefused("text", f"The text has {len(text)} letters and may have {TEXT_LENGTH}: shorten it.")
    if done_on > today:
        raise OutcomeRefused("done_on", f"{done_on} lies in the future. Correct the day, or close it then.")
    if done_on < earliest:
        raise OutcomeRefused("done_on", f"{done_on} lies long before the plan was signed. Correct the day.")


def _close(reminder: Reminder, by: User, outcome: Outcome, text: str, done_on: date) -> None:
    reminder.state = STATE_AFTER[outcome]
    reminder.outcome = outcome
    reminder.text = text
    reminder.done_on = done_on
    reminder.closed_at = timezone.now()
    reminder.closed_by = by
    reminder.save(update_fields=["state", "outcome", "text", "done_on", "closed_at", "closed_by"])


def _follow(reminder: Reminder, done_on: date) -> Reminder | None:
    window = next_occurrence(reminder, done_on)
    if window is None:
        return None
    opens_on, due_on, until_on = window
    return Reminder.objects.create(
        clinic_id=reminder.clinic_id,
        patient_id=reminder.patient_id,
        review_id=reminder.review_id,
        step_id=reminder.step_id,
        follows=reminder,
        row=reminder.row,
        treatment=reminder.treatment,
        condition=reminder.condition,
        lesion=reminder.lesion,
        opens_on=opens_on,
        due_on=due_on,
        until_on=until_on,
        owner_role=reminder.owner_role,
        priority=reminder.priority,
        state=State.OPEN,
    )
