"""Reading another clinic's patient in an emergency, and hearing of it in the patient's clinic."""

from contextlib import suppress
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from calcinosis_app.accounts import tasks
from calcinosis_app.accounts.access import enter_notice, enter_own_emergency
from calcinosis_app.accounts.actions import TooManyTries, end_emergency, mark_emergency_seen
from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import ACCESS_WATCH, EMERGENCY_READ
from calcinosis_app.accounts.selectors import emergencies_in, emergencies_to_see, live_emergencies_of
from calcinosis_app.desk.access_forms import EmergencyForm, FindForm
from calcinosis_app.desk.watching import MOST, openings, records, refused_lately
from calcinosis_app.patients.actions import break_glass

# One answer for a wrong particular and for a patient who is not there: nobody learns who is a patient elsewhere.
NO_FIT = "No patient of this clinic has exactly these particulars. Check each of them, or call the clinic. What was asked is written down."
TOO_MANY = "That did not fit too often. Nothing more is looked up for you within the hour: call the patient's clinic."


@require_http_methods(["GET", "POST"])
@needs(EMERGENCY_READ)
def emergency(request: SignedInRequest) -> HttpResponse:
    """The form; when everything fits, the patient."""
    form = EmergencyForm(request.POST or None, user=request.user)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            access = break_glass(by=request.user, **form.particulars)
        except ValidationError as error:
            form.add_error(None, error)
        except TooManyTries:
            form.add_error(None, TOO_MANY)
            status = 429
        else:
            if access is not None:
                _ring()
                return redirect("patients:patient", access.record_id)
            form.add_error(None, NO_FIT)
    live = list(live_emergencies_of(request.user))
    whose = records(live)
    context = {"form": form, "live": [(access, whose.get(access.record_id)) for access in live]}
    return render(request, "desk/access/emergency.html", context, status=status)


def _ring() -> None:
    """Has the notice mailed now, where there is a mail server; beat rings again within a minute, so a broker that is away is no matter."""
    if settings.RESET_BY_EMAIL:
        with suppress(OperationalError):
            tasks.mail_emergencies.apply_async(retry=False)


@require_POST
@needs(EMERGENCY_READ)
def end(request: SignedInRequest, access_id: UUID) -> HttpResponse:
    """Ends one's own access before its time."""
    end_emergency(by=request.user, access=enter_own_emergency(by=request.user, access_id=access_id))
    messages.success(request, "Emergency access has ended.")
    return redirect("access:emergency")


@require_safe
@needs(ACCESS_WATCH)
def watch(request: SignedInRequest) -> HttpResponse:
    """Every emergency access to the clinic's patients, and whose particulars did not fit."""
    clinic = request.user.clinic
    context = {
        "to_see": openings(request.user, emergencies_to_see(clinic)) if clinic else [],
        "seen": openings(request.user, emergencies_in(clinic).exclude(seen_at=None)[:MOST]) if clinic else [],
        "most": MOST,
        "refused": refused_lately(clinic) if clinic else [],
        "form": FindForm(),
    }
    return render(request, "desk/access/watch.html", context)


@require_POST
@needs(ACCESS_WATCH)
def mark_seen(request: SignedInRequest, access_id: UUID) -> HttpResponse:
    """Takes notice, by name."""
    held = mark_emergency_seen(by=request.user, access=enter_notice(by=request.user, access_id=access_id))
    messages.success(request, f"Marked as seen by {held.seen_by}.")
    return redirect("access:list")
