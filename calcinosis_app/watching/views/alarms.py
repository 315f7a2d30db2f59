"""One alarm: what differs, and taking it as right."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import RULES_READ
from calcinosis_app.accounts.policy import may
from calcinosis_app.rulebooks.bridge import current
from calcinosis_app.watching.actions import take_as_right
from calcinosis_app.watching.actions.alarms import CLOSES
from calcinosis_app.watching.forms import CloseForm
from calcinosis_app.watching.models import Alarm
from calcinosis_app.watching.models.alarm import Kind
from calcinosis_app.watching.presentation.table import of_rules
from calcinosis_app.watching.selectors import answers_of

MOST_ANSWERS = 20


@require_http_methods(["GET", "POST"])
@needs(RULES_READ)
def alarm(request: SignedInRequest, alarm_id: int) -> HttpResponse:
    """Reading it is for everybody who reads the rules; closing it is for whom it concerns."""
    found = Alarm.objects.select_related("release").defer("release__content").filter(pk=alarm_id).first()
    if found is None:
        raise Http404
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        note = form.cleaned_data["note"] if form.is_valid() else ""
        try:
            take_as_right(by=request.user, alarm=found, note=note)
        except ValidationError as error:
            if not form.errors:
                form.add_error(None, error)
        else:
            messages.success(request, "The alarm is closed: the same is no alarm again.")
            return redirect("watching:overview")
    shown = {
        **of_rules(current()),
        "here": "overview",
        "alarm": found,
        "answers": answers_of(found.subject, found.release)[:MOST_ANSWERS] if found.kind == Kind.ANSWER else (),
        "form": form,
        "may_close": found.is_open and may(request.user, CLOSES[Kind(found.kind)]),
    }
    return render(request, "watching/alarm.html", shown, status=422 if form.errors else 200)
