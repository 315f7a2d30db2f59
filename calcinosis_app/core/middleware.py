"""What holds for every answer the server gives."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from calcinosis_app.core.errors import Conflict
from calcinosis_app.core.readable import made_visible

Answer = Callable[[HttpRequest], HttpResponse]
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class NoStoreMiddleware:
    """Keeps what a signed-in person saw out of every cache, also the browser's own.

    Without it the next person at a shared desk reads the last patient with the Back button.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Marks the answer when somebody is signed in, before or after the request."""
        was_signed_in = request.user.is_authenticated
        response = self.answer(request)
        if was_signed_in or request.user.is_authenticated:
            add_never_cache_headers(response)
        return response


class WholeCookiesMiddleware:
    """Drops cookies that hold the character NUL, before anything looks them up: no server of ours set them."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The request goes on without them."""
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\x00" not in value}
        return self.answer(request)


class WholeTextMiddleware:
    """Refuses forms that hold the character NUL: no keyboard types it, and the database cannot keep it."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Passes through; the work is done when the view is known, so that an exception becomes a page."""
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Raises BadRequest for such a form. The interface reads its own body, and never as a form."""
        if request.content_type not in FORMS or getattr(view, "csrf_exempt", False):
            return
        if any("\x00" in text for name, texts in request.POST.lists() for text in (name, *texts)):
            raise BadRequest("The form holds the character NUL.")


class VisibleTextMiddleware:
    """Writes out, on every page, the characters that nobody sees: stored text must not change the order in which a page is read."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Changes pages only; files and the interface give what is stored."""
        response = self.answer(request)
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            response.content = made_visible(response.content.decode(response.charset)).encode(response.charset)
        return response


class ConflictMiddleware:
    """Turns a Conflict raised anywhere below into the page that explains it."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Passes through; the work is done when a view raises."""
        return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The 409 page for a Conflict, nothing for any other exception."""
        if not isinstance(exception, Conflict):
            return None
        return render(request, "core/409.html", {"say": str(exception)}, status=409)
