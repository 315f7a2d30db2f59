"""Closing a reminder, in the list or on a page of its own."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import REMINDER_WORK
from calcinosis_app.core.errors import about
from calcinosis_app.followups.access import enter_reminder
from calcinosis_app.followups.actions import OutcomeRefused, close_reminder
from calcinosis_app.followups.forms import CloseForm
from calcinosis_app.followups.models import Reminder
from calcinosis_app.followups.presentation import item
from calcinosis_app.followups.selectors import today_in


@require_http_methods(["GET", "POST"])
@needs(REMINDER_WORK)
def close(request: SignedInRequest, reminder_id: UUID) -> HttpResponse:
    """The form, and afterwards the closed reminder with the one that follows."""
    reminder = enter_reminder(by=request.user, reminder_id=reminder_id)
    today = today_in(reminder.clinic)
    entry = item(reminder, today)
    form = CloseForm(request.POST or None, today=today, repeats=entry.repeats, auto_id=f"id_{reminder.pk}_%s")
    if form.is_valid():
        try:
            with about(patient=reminder.patient):
                close_reminder(by=request.user, reminder=reminder, **form.cleaned_data)
        except OutcomeRefused as refused:
            form.add_error(refused.field, refused.say)
        else:
            return _closed(request, reminder)
    in_list = bool(request.headers.get("HX-Request"))
    return render(
        request,
        "followups/_entry.html" if in_list else "followups/reminder.html",
        {"entry": entry, "form": form, "patient": reminder.patient.survivor},
        status=422 if form.is_bound else 200,
    )


def _closed(request: SignedInRequest, reminder: Reminder) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect("followups:reminder", reminder.pk)
    closed = enter_reminder(by=request.user, reminder_id=reminder.pk)
    return render(request, "followups/_closed.html", {"entry": item(closed, today_in(closed.clinic))})
