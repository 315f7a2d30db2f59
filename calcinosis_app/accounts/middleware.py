"""Shows times as the clock on the clinic's wall does."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from calcinosis_app.accounts.models import User


class ClinicTimeZoneMiddleware:
    """Activates the time zone of the signed-in person's clinic for one request."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Times are stored in UTC; without a clinic they are shown in UTC, too."""
        user = request.user
        if not isinstance(user, User) or user.clinic is None:
            return self.answer(request)
        with timezone.override(user.clinic.zone):
            return self.answer(request)
