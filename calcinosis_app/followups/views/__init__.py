"""Pages of the follow-up."""

from calcinosis_app.followups.views.close import close
from calcinosis_app.followups.views.reminder import reminder
from calcinosis_app.followups.views.worklist import worklist

__all__ = ["close", "reminder", "worklist"]
