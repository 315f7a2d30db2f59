"""The door to one reminder: found, allowed, and the patient written down as opened."""

from uuid import UUID

from django.http import Http404

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import REMINDER_WORK
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import opened
from calcinosis_app.followups.models import Reminder
from calcinosis_app.followups.selectors import complete


def enter_reminder(*, by: User, reminder_id: UUID) -> Reminder:
    """The reminder with its patient. Raises PermissionDenied, or Http404 when not there or of another clinic."""
    require(by, REMINDER_WORK)
    reminder = complete(Reminder.objects.filter(pk=reminder_id)).first()
    if reminder is None:
        raise Http404
    require(by, REMINDER_WORK, reminder)
    opened(by=by, patient=reminder.patient.survivor)
    return reminder
