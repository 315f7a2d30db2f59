"""What is due in the clinic."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import REMINDER_WORK
from calcinosis_app.followups import selectors
from calcinosis_app.followups.presentation import item


@require_safe
@needs(REMINDER_WORK)
def worklist(request: SignedInRequest) -> HttpResponse:
    """Overdue, due, upcoming and done: what a role of the person owns, or everybody's with `?whose=all`."""
    only_mine = request.GET.get("whose") != "all"
    found = selectors.worklist(request.user, only_mine=only_mine)
    parts = [
        ("overdue", "Overdue", found.overdue, "Nothing is overdue."),
        ("due", "Due", found.due, "Nothing is due today."),
        ("upcoming", f"Upcoming, {selectors.UPCOMING_DAYS} days", found.upcoming, "Nothing is due in the coming weeks."),
        ("done", f"Done or closed, last {selectors.DONE_DAYS} days", found.done, "Nothing was closed lately."),
    ]
    return render(
        request,
        "followups/worklist.html",
        {
            "parts": [
                {"key": key, "title": title, "entries": [item(one, found.today) for one in reminders], "empty": empty}
                for key, title, reminders, empty in parts
            ],
            "only_mine": only_mine,
            "most": selectors.MOST_SHOWN,
        },
    )
