"""What watching has found, on one page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import RULES_READ
from calcinosis_app.watching.models import Alarm
from calcinosis_app.watching.presentation.sources import due_sources
from calcinosis_app.watching.presentation.table import Chosen, Table, context
from calcinosis_app.watching.selectors import closed_alarms, last_check, last_counted, last_run, open_alarms

MOST_ENDED = 10
MOST_SOURCES = 10


@require_safe
@needs(RULES_READ)
def overview(request: SignedInRequest) -> HttpResponse:
    """Alarms, rows that ask for a review, silent rows, sources that are due, and when each was looked at last."""
    table = Table(request.user, Chosen.of(request.user, request.GET.dict()))
    due = due_sources(table.chosen.rules, request.user.clinic)
    alarms: list[Alarm] = list(open_alarms())
    return render(
        request,
        "watching/overview.html",
        {
            **context(table),
            "here": "overview",
            "alarms": alarms,
            "ended": closed_alarms()[:MOST_ENDED],
            "due": due[:MOST_SOURCES],
            "due_all": len(due),
            "run": last_run(),
            "check": last_check(),
            "counted": last_counted(),
        },
    )
