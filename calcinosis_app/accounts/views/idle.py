"""What the page asks and says while nobody touches it."""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST, require_safe

from calcinosis_app.accounts.actions import signed_out
from calcinosis_app.accounts.decorators import SignedInRequest, signed_in
from calcinosis_app.accounts.models import User


@require_safe
def time_left(request: HttpRequest) -> JsonResponse:
    """Seconds until the session is locked; 0 when it is over. Asking is not activity, so one tab learns what another did."""
    if not request.user.is_authenticated:
        return JsonResponse({"seconds": 0})
    idle = time.time() - request.session.get("active_at", 0)
    return JsonResponse({"seconds": max(0, round(settings.IDLE_MINUTES * 60 - idle))})


@require_POST
@signed_in
def stay(request: SignedInRequest) -> HttpResponse:
    """Says that somebody is there."""
    request.session["active_at"] = time.time()
    return HttpResponse(status=204)


@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Ends the session and goes to the door, from which the person comes back to the same place."""
    place = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(place, allowed_hosts=None):
        place = "/"
    if isinstance(request.user, User):
        signed_out(user=request.user, why="idle")
        logout(request)
    return redirect(f"{reverse('accounts:sign_in')}?{urlencode({'next': place, 'idle': '1'})}")
