"""Reminders that were closed, and those that still wait."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.text import capfirst

from calcinosis_app.desk.chart.record import Record
from calcinosis_app.desk.chart.story.entry import Entry, Mark
from calcinosis_app.followups.presentation import ReminderItem, item


def entries(record: Record, on: date, *, may_open: bool) -> Iterator[Entry]:
    """One entry for each reminder that was closed, at the moment of closing."""
    for reminder in record.reminders:
        if reminder.closed_at is None:
            continue
        told = item(reminder, on)
        done = f"on {reminder.done_on:%-d %b %Y}" if reminder.done_on else ""
        by = f", closed by {reminder.closed_by}" if reminder.closed_by else ""
        yield Entry(
            at=reminder.closed_at,
            kind="reminder",
            title=told.what,
            says=tuple(text for text in (f"{capfirst(reminder.get_outcome_display())} {done}{by}", told.because, reminder.text) if text),
            marks=(Mark(*(("done", "good") if reminder.state == "done" else ("not done", "quiet"))),),
            url=reverse("followups:reminder", args=[reminder.pk]) if may_open else "",
            link="Reminder",
        )


def waiting(record: Record, on: date) -> tuple[ReminderItem, ...]:
    """The reminders that still wait, the earliest first."""
    return tuple(item(one, on) for one in record.reminders if one.is_open)
