"""Reminders, and the plans from which they were written."""

from calcinosis_app.followups.models.plan import Plan
from calcinosis_app.followups.models.reminder import Reminder

__all__ = ["Plan", "Reminder"]
