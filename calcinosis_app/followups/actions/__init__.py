"""The one door for changes to reminders."""

from calcinosis_app.followups.actions.close import OutcomeRefused, close_reminder
from calcinosis_app.followups.actions.sweep import sweep
from calcinosis_app.followups.actions.write import write_plan

__all__ = ["OutcomeRefused", "close_reminder", "sweep", "write_plan"]
