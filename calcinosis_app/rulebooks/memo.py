"""One request sees one release: what was looked up once is kept until the request ends, never longer."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

Found = TypeVar("Found")
_kept: ContextVar[dict[Callable[[], Any], Any] | None] = ContextVar("kept for this request", default=None)


class OneReleasePerRequestMiddleware:
    """Opens the memory of one request, and closes it."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """A release that is published meanwhile is seen by the next request."""
        token = _kept.set({})
        try:
            return self.answer(request)
        finally:
            _kept.reset(token)


def per_request(look_up: Callable[[], Found]) -> Callable[[], Found]:
    """Makes `look_up` ask once in each request; outside a request it asks every time."""

    @wraps(look_up)
    def remembered() -> Found:
        kept = _kept.get()
        if kept is None:
            return look_up()
        if look_up not in kept:
            kept[look_up] = look_up()
        found: Found = kept[look_up]
        return found

    return remembered
