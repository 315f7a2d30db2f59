"""Makes reminders the way the product does: a plan is signed, the sweep finds it."""

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.models import Review
from calcinosis_app.followups.actions import sweep
from calcinosis_app.followups.models import Reminder
from tests.factories.assessment import make_plan

# Checks of release 1 that the plan of the sclerosis case brings: for everybody with calcinosis, once; for sclerosis, yearly;
# and for the wound care that was accepted.
ONCE = "all.baseline.1"
REPEATED = "systemic_sclerosis.surveillance.1"
OF_TREATMENT = "wound_care_offload.response.x64"


def make_reminders(by: User, plan: Review | None = None) -> dict[str, Reminder]:
    """The reminders of a signed plan, by row."""
    plan = plan or make_plan(by)
    sweep()
    return {reminder.row: reminder for reminder in Reminder.objects.filter(review=plan)}
