"""Reminders in words, for lists and paper."""

from dataclasses import dataclass
from datetime import date

from calcinosis_app.followups.due import check_of
from calcinosis_app.followups.models import Reminder
from calcinosis_app.patients.models import Patient
from calcinosis_app.rulebooks.bridge import Rules, rules_of
from calcinosis_app.rulebooks.presentation.places import url_of_row


@dataclass(frozen=True)
class ReminderItem:
    """One reminder, ready to be shown. `standing` is overdue, due, upcoming, done or closed."""

    reminder: Reminder
    patient: Patient
    standing: str
    what: str
    because: str
    method: str
    threshold: str
    action: str
    expectation: str
    interval: str
    rule_url: str
    repeats: bool
    following: Reminder | None


def item(reminder: Reminder, today: date) -> ReminderItem:
    """The reminder with what the release says of the check."""
    rules = rules_of(reminder.review.assessment.release)
    check = check_of(rules, reminder.row)
    return ReminderItem(
        reminder=reminder,
        patient=reminder.patient,
        standing=standing(reminder, today),
        what=check["what_to_check"],
        because=_because(reminder, rules),
        method=check.get("method", ""),
        threshold=check.get("action_threshold", ""),
        action=check.get("action", ""),
        expectation=check.get("expectation", ""),
        interval=check["interval"],
        rule_url=url_of_row(rules, f"follow_up:{reminder.row}") or "",
        repeats="repeat_days" in check,
        following=getattr(reminder, "followed_by", None),
    )


def standing(reminder: Reminder, today: date) -> str:
    """Where it stands on a day: its window decides while it is open, its outcome afterwards."""
    if not reminder.is_open:
        return reminder.state
    if reminder.until_on < today:
        return "overdue"
    return "due" if reminder.opens_on <= today else "upcoming"


def _because(reminder: Reminder, rules: Rules) -> str:
    """What it belongs to: "Diltiazem", "Wound care, L1", "systemic sclerosis"."""
    if reminder.treatment:
        treatment = rules.treatments.get(reminder.treatment)
        name = treatment.name if treatment else reminder.treatment
    else:
        name = "calcinosis" if reminder.condition == "all" else reminder.condition.replace("_", " ")
    return f"{name}, {reminder.lesion}" if reminder.lesion else str(name)
