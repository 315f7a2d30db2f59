"""One reminder."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import REMINDER_WORK
from calcinosis_app.followups.access import enter_reminder
from calcinosis_app.followups.presentation import item
from calcinosis_app.followups.selectors import today_in


@require_safe
@needs(REMINDER_WORK)
def reminder(request: SignedInRequest, reminder_id: UUID) -> HttpResponse:
    """The reminder on a page of its own, or as an entry of the list."""
    found = enter_reminder(by=request.user, reminder_id=reminder_id)
    entry = item(found, today_in(found.clinic))
    template = "followups/_entry.html" if request.headers.get("HX-Request") else "followups/reminder.html"
    return render(request, template, {"entry": entry, "patient": found.patient.survivor})
