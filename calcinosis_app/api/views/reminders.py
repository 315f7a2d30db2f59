"""What is due."""

from typing import Any
from uuid import UUID

from calcinosis_app.accounts.permissions import REMINDER_WORK
from calcinosis_app.accounts.policy import require
from calcinosis_app.api.endpoint import Endpoint
from calcinosis_app.api.operation import Call, operation
from calcinosis_app.api.paging import a_page
from calcinosis_app.api.shapes.parts import PAGING, a_page_of, one_of
from calcinosis_app.api.shapes.reminders import CLOSE, REMINDER, reminder
from calcinosis_app.followups.access import enter_reminder
from calcinosis_app.followups.actions import close_reminder
from calcinosis_app.followups.selectors import DONE_DAYS, STANDINGS, UPCOMING_DAYS, listed, today_in
from calcinosis_app.patients.typed import day

TAG = "reminders"


class RemindersView(Endpoint):
    """The list of the clinic."""

    @operation(
        "list_reminders",
        "The clinic's reminders of one standing",
        f"Overdue, due or upcoming ({UPCOMING_DAYS} days) by the day on which they are due, then the gravest first; done or closed in the "
        f"last {DONE_DAYS} days with the last one first.",
        tag=TAG,
        gives=a_page_of(REMINDER),
        query={
            **PAGING,
            "standing": one_of(STANDINGS, "Which part of the list.", example="due"),
            "whose": one_of(("mine", "all"), "What a role of yours owns, which is meant unless said, or all of the clinic.", example="all"),
        },
        needed=["standing"],
    )
    def get(self, call: Call) -> Any:
        """What waits."""
        require(call.by, REMINDER_WORK)
        found = listed(call.by, call.query["standing"], only_mine=call.query.get("whose") != "all")
        return a_page(found, call.query, lambda one: reminder(one, today_in(one.clinic)))


class ReminderView(Endpoint):
    """One reminder."""

    @operation("read_reminder", "One reminder", tag=TAG, gives=REMINDER, places=["reminder_id"])
    def get(self, call: Call, reminder_id: UUID) -> Any:
        """With what its release says of the check."""
        found = enter_reminder(by=call.by, reminder_id=reminder_id)
        return reminder(found, today_in(found.clinic))


class CloseReminderView(Endpoint):
    """The end of a reminder."""

    @operation(
        "close_reminder",
        "Close a reminder; the next one is written where it repeats",
        "Closing it again with the same outcome changes nothing.",
        tag=TAG,
        body=CLOSE,
        gives=REMINDER,
        places=["reminder_id"],
        refuses="The day lies in the future or long before signing, or a text is missing.",
        conflicts="Somebody closed it otherwise meanwhile.",
    )
    def post(self, call: Call, reminder_id: UUID) -> Any:
        """As it is now; `followed_by` names the next one."""
        found = enter_reminder(by=call.by, reminder_id=reminder_id)
        done_on = call.body.get("done_on")
        close_reminder(by=call.by, reminder=found, **{**call.body, "done_on": day(done_on) if done_on else None})
        return reminder(enter_reminder(by=call.by, reminder_id=reminder_id), today_in(found.clinic))
