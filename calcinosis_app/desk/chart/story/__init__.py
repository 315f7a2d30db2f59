"""The story of a patient: everything that happened, newest first, each entry with the page where it stands."""

from datetime import date

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import LABORATORY_IMPORT, REMINDER_WORK
from calcinosis_app.accounts.policy import may
from calcinosis_app.desk.chart.lesions import LesionCourse
from calcinosis_app.desk.chart.record import Record
from calcinosis_app.desk.chart.story import cases, findings, judgements, reminders
from calcinosis_app.desk.chart.story.entry import Year, years_of


def story_of(record: Record, lesions: tuple[LesionCourse, ...], user: User, on: date) -> tuple[Year, ...]:
    """All of it. Links lead only where the person may go."""
    return years_of(
        [
            *cases.entries(record, lesions),
            *findings.entries(record, imports_of=user.clinic_id if may(user, LABORATORY_IMPORT) else None),
            *judgements.entries(record),
            *reminders.entries(record, on, may_open=may(user, REMINDER_WORK, record.patient)),
        ]
    )
