"""One line in the log for each request: what was asked in general, how it ended, how long it took. Never about whom."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject

from calcinosis_app.core.logs import REQUEST_ID, route_of

ID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
logger = logging.getLogger("calcinosis_app.work")


class RequestLogMiddleware:
    """Gives each request an identifier, or keeps the proxy's, and writes its line."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with the identifier as X-Request-ID, so that a person can name the line that tells of a trouble."""
        given = request.headers.get("X-Request-ID", "")
        # Only what cannot be a name: it is written down.
        identifier = given if settings.BEHIND_PROXY and ID.fullmatch(given) else uuid.uuid4().hex
        token = REQUEST_ID.set(identifier)
        began = time.perf_counter()
        try:
            response = self.answer(request)
            response["X-Request-ID"] = identifier
            if not _is_of_no_interest(request, response):
                logger.info("request", extra={"fields": _fields(request, response, began)})
            return response
        finally:
            REQUEST_ID.reset(token)


def _is_of_no_interest(request: HttpRequest, response: HttpResponse) -> bool:
    """Style sheets, and the monitor's question when all is well."""
    return request.path.startswith(settings.STATIC_URL) or (request.path == "/healthz" and response.status_code == 200)


def _fields(request: HttpRequest, response: HttpResponse, began: float) -> dict[str, object]:
    return {
        "method": request.method if request.method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "(other)",
        "route": route_of(request),
        "status": response.status_code,
        "ms": round((time.perf_counter() - began) * 1000),
        "user": _user(request),
    }


def _user(request: HttpRequest) -> str:
    """A stand-in for who asked, the same for the same person; nothing when nobody looked. It asks the database nothing."""
    user = request.__dict__.get("user")
    if type(user) is SimpleLazyObject:
        user = request.__dict__.get("_cached_user")
    key = getattr(user, "pk", None)
    return salted_hmac("calcinosis log", str(key)).hexdigest()[:12] if key else ""
