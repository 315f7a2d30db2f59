"""What waits for a person: codes and units to map, lines to look at."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import LABORATORY_IMPORT
from calcinosis_app.laboratory.access import enter_line
from calcinosis_app.laboratory.actions import set_aside
from calcinosis_app.laboratory.forms import SetAsideForm
from calcinosis_app.laboratory.views.queue_page import show_queue


@require_safe
@needs(LABORATORY_IMPORT)
def queue(request: SignedInRequest) -> HttpResponse:
    """The whole queue of the clinic."""
    return show_queue(request)


@require_POST
@needs(LABORATORY_IMPORT)
def aside(request: SignedInRequest) -> HttpResponse:
    """Sets one line aside; without a reason, back to the queue with the remedy."""
    form = SetAsideForm(request.POST)
    if form.is_valid():
        line = enter_line(by=request.user, line_id=form.cleaned_data["line"])
        if set_aside(by=request.user, line=line, why=form.cleaned_data["why"]):
            messages.success(request, f"Row {line.row} was set aside.")
        else:
            messages.info(request, f"Row {line.row} is in the queue no more.")
        return redirect("laboratory:queue")
    return show_queue(request, asides=form, status=422)
