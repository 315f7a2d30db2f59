"""What holds for every request of a signed-in person."""

import time
from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from calcinosis_app.accounts.actions import signed_out
from calcinosis_app.accounts.decorators import moved
from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.selectors import has_second_factor, must_have_second_factor

Answer = Callable[[HttpRequest], HttpResponse]
# The page locks itself when the time is up; the server gives it this long to bring in what was typed last, also where a browser
# lets a page out of sight run only once a minute.
GRACE_SECONDS = 180
# Sent with what a page asks or sends by itself, while nobody touches it.
BY_ITSELF = "Calcinosis-Background"
NOTED_EVERY_SECONDS = 30
LONGEST_SECONDS = timedelta(hours=12).total_seconds()


class ClinicTimeZoneMiddleware:
    """Activates the time zone of the signed-in person's clinic for one request."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Times are stored in UTC; without a clinic they are shown in UTC, too."""
        user = request.user
        if not isinstance(user, User) or user.clinic is None:
            return self.answer(request)
        with timezone.override(user.clinic.zone):
            return self.answer(request)


class IdleMiddleware:
    """Ends a session that was left alone for too long, or that is older than a working day, and notes when one was used last."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """What a page asks by itself is not activity: how much time is left, how far the work is, a field sent because nobody is there."""
        user = request.user
        if isinstance(user, User):
            now = time.time()
            why = self._over(request, now)
            if why:
                signed_out(user=user, why=why)
                logout(request)
            elif BY_ITSELF not in request.headers and request.path != reverse("accounts:time_left"):
                self._note(request, now)
        return self.answer(request)

    def _over(self, request: HttpRequest, now: float) -> str:
        limit = settings.IDLE_MINUTES * 60 + GRACE_SECONDS
        if now - request.session.get("active_at", now) > limit:
            return "idle"
        return "long" if now - request.session.get("began_at", now) > LONGEST_SECONDS else ""

    def _note(self, request: HttpRequest, now: float) -> None:
        request.session.setdefault("began_at", now)
        if now - request.session.get("active_at", 0) < min(NOTED_EVERY_SECONDS, settings.IDLE_MINUTES * 6):
            return
        request.session["active_at"] = now
        UserSession.objects.create_from_request(request)


class SecondFactorMiddleware:
    """Leads people whose permissions need a second factor to set one up before anything else."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Passes through; the work is done when the view is known."""
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """The page where a second factor is set up, in the place of any other."""
        user = request.user
        if not isinstance(user, User):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in WITHOUT_SECOND_FACTOR or not must_have_second_factor(user) or has_second_factor(user):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"errors": [{"case": "", "lesion": None, "key": "", "value": "", "say": SET_UP}]}, status=403)
        return moved(request, reverse("mfa_index"))


SET_UP = "Your roles need a second factor. Set one up in the browser first, under your name, Second factor."
WITHOUT_SECOND_FACTOR = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "account_reauthenticate",
        "account_login",
        "accounts:sign_in",
        "accounts:sign_out",
        "accounts:time_left",
        "accounts:stay",
        "accounts:lock",
        "accounts:open_link",
        "accounts:use_link",
        "core:healthz",
        "core:favicon",
    }
)
