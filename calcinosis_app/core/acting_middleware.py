"""Tells the database, for one request, who acts."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from calcinosis_app.core.acting import acting, now_acting


class ActingMiddleware:
    """Everything that a request changes is the change of the person who is signed in, on the page that was called."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Somebody who has not signed in is nobody; a program's token is read later, by the interface."""
        user = request.user
        with acting(user if user.is_authenticated else None):
            return self.answer(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Adds the name of the page, once it is known."""
        if request.resolver_match is not None:
            now_acting(None, way=f"page {request.resolver_match.view_name}")
