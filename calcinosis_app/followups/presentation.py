"""Reminders in words, for lists and paper."""

from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst

from calcinosis_app.followups.due import check_of
from calcinosis_app.followups.models import Reminder
from calcinosis_app.patients.models import Patient
from calcinosis_app.rulebooks.bridge import Rules, rules_of
from calcinosis_app.rulebooks.presentation.places import url_of_row
from calcinosis_app.rulebooks.presentation.words import state_label

# The gravest priority of the release, in words; the others only order the list.
PRIORITY_WORDS = {1: "harm if missed"}


@dataclass(frozen=True)
class ReminderItem:
    """One reminder, ready to be shown. `standing` is overdue, due, upcoming, done or closed.

    `when` says of an open one by when, beside a badge that already says how it stands. `plan_outdated`: something was
    recorded after the plan was signed.
    """

    reminder: Reminder
    patient: Patient
    standing: str
    when: str
    what: str
    because: str
    priority: str
    method: str
    threshold: str
    action: str
    expectation: str
    interval: str
    rule_url: str
    repeats: bool
    plan_outdated: bool
    following: Reminder | None


def item(reminder: Reminder, today: date) -> ReminderItem:
    """The reminder with what the release says of the check."""
    rules = rules_of(reminder.review.assessment.release)
    check = check_of(rules, reminder.row)
    stands = standing(reminder, today)
    return ReminderItem(
        reminder=reminder,
        patient=reminder.patient.survivor,
        standing=stands,
        when=_when(reminder, stands),
        what=capfirst(check["what_to_check"]),
        because=capfirst(_because(reminder, rules)),
        priority=PRIORITY_WORDS.get(reminder.priority, ""),
        method=check.get("method", ""),
        threshold=check.get("action_threshold", ""),
        action=check.get("action", ""),
        expectation=check.get("expectation", ""),
        interval=check["interval"],
        rule_url=url_of_row(rules, f"follow_up:{reminder.row}") or "",
        repeats="repeat_days" in check,
        plan_outdated=reminder.is_open and bool(getattr(reminder, "plan_outdated", False)),
        following=getattr(reminder, "followed_by", None),
    )


def standing(reminder: Reminder, today: date) -> str:
    """Where it stands on a day: its window decides while it is open, its outcome afterwards."""
    if not reminder.is_open:
        return reminder.state
    if reminder.until_on < today:
        return "overdue"
    return "due" if reminder.opens_on <= today else "upcoming"


def _when(reminder: Reminder, standing: str) -> str:
    """By when: "24 Nov 2026, at the latest 8 Dec 2026", "since 8 Dec 2026"; nothing once it is closed."""
    due, until = (f"{day:%-d %b %Y}" for day in (reminder.due_on, reminder.until_on))
    if not reminder.is_open:
        return ""
    if standing == "overdue":
        return f"since {until}"
    return due if due == until else f"{due}, at the latest {until}"


def _because(reminder: Reminder, rules: Rules) -> str:
    """What it belongs to: "Diltiazem", "Wound care, L1", "Systemic sclerosis"."""
    if reminder.treatment:
        treatment = rules.treatments.get(reminder.treatment)
        name = treatment.name if treatment else reminder.treatment
    else:
        name = state_label(rules, reminder.condition)
    return f"{name}, {reminder.lesion}" if reminder.lesion else str(name)
