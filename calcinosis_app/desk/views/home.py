"""What needs me now."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import RULES_READ
from calcinosis_app.desk.home import groups_for


@require_safe
@needs(RULES_READ)
def home(request: SignedInRequest) -> HttpResponse:
    """The groups that the person's permissions open, most urgent first."""
    groups = groups_for(request.user)
    context = {
        "groups": [one for one in groups if one.items],
        "quiet": [one.empty for one in groups if one.empty and not one.items],
        "is_quiet": not any(one.items for one in groups if one.waits),
    }
    return render(request, "desk/home.html", context)
