"""Which checks fall due because a review was signed, and when. Reads, writes nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from calcinosis_app.assessments.bridge import next_window, window
from calcinosis_app.assessments.decisions import IN_USE
from calcinosis_app.assessments.models import Review, Step
from calcinosis_app.assessments.selectors import steps_of
from calcinosis_app.followups.models import Reminder
from calcinosis_app.rulebooks.bridge import Rules, rules_of


@dataclass(frozen=True)
class Occurrence:
    """One check in its first window. `details` is the row of the release."""

    row: str
    treatment: str
    condition: str
    lesion: str
    opens_on: date
    due_on: date
    until_on: date
    step: Step | None
    details: Mapping[str, Any]

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What it checks, whenever it is due."""
        return self.row, self.treatment, self.condition, self.lesion


def first_occurrences(review: Review, signed_on: date) -> list[Occurrence]:
    """The checks of the disease's state, and those of each treatment that is, or will be, in use.

    Windows count from the day of signing: a treatment accepted a week after the assessment starts a week later.
    """
    rules = rules_of(review.assessment.release)
    in_use = {(step.treatment, step.lesion): step for step in steps_of(review) if step.treatment and step.decision in IN_USE}
    delay = max(signed_on - review.assessment.on, timedelta(0))
    scheduled = list(_scheduled(review, rules, in_use, delay))
    return [*scheduled, *_unscheduled(rules, in_use, {(one.treatment, one.lesion) for one in scheduled}, signed_on)]


def next_occurrence(reminder: Reminder, done_on: date) -> tuple[date, date, date] | None:
    """From, due and until of the check that follows, counted from the day it was done; None when it is done once.

    It never falls on the day of the one before: whoever is early would otherwise be asked for the same again.
    """
    details = check_of(rules_of(reminder.review.assessment.release), reminder.row)
    found = next_window(dict(details), done_on)
    if found is None:
        return None
    opens, due, until = found
    late = max(reminder.due_on + timedelta(days=1) - due, timedelta(0))
    return opens + late, due + late, until + late


def check_of(rules: Rules, row: str) -> Mapping[str, Any]:
    """The follow-up check of this id. A treatment's response may bear the same id, so its list is named."""
    return rules.rows[f"follow_up:{row}"]


def _scheduled(review: Review, rules: Rules, in_use: Mapping[tuple[str, str], Step], delay: timedelta) -> Iterator[Occurrence]:
    for item in review.assessment.outcome["schedule"]:
        treatment, lesion = item.get("treatment", ""), item["lesion"] or ""
        step = in_use.get((treatment, lesion))
        details = check_of(rules, item["row"])
        if (treatment and step is None) or (details["phase"] == "response" and not in_use):
            continue  # nothing was accepted whose effect could be watched
        opens, due, until = (date.fromisoformat(item[name]) + delay for name in ("from", "due", "until"))
        yield Occurrence(item["row"], treatment, item.get("condition", ""), lesion, opens, due, until, step, details)


def _unscheduled(
    rules: Rules, in_use: Mapping[tuple[str, str], Step], scheduled: set[tuple[str, str]], signed_on: date
) -> Iterator[Occurrence]:
    """The checks of treatments that the assessment did not expect to be accepted: overrides, and what was ordered already."""
    for (treatment, lesion), step in in_use.items():
        if (treatment, lesion) in scheduled:
            continue
        for details in rules.content["lists"]["follow_up"]:
            if details.get("treatment") == treatment:
                yield Occurrence(details["row"], treatment, "", lesion, *window(dict(details), signed_on), step, details)
