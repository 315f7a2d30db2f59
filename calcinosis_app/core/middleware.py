"""What holds for every answer the server gives."""

from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from calcinosis_app.core.errors import Conflict
from calcinosis_app.core.readable import UNSEEN, made_visible

Answer = Callable[[HttpRequest], HttpResponse]
# The fields in which people write; a password is in none of them.
WORDS = ("note", "text", "details", "title", "why", "reason", "label", "number", "family_name", "given_name", "birth_date")
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
            text = response.content.decode(response.charset)
            if UNSEEN.search(text):
                response.content = made_visible(text).encode(response.charset)
        return response


class ConflictMiddleware:
    """Turns a Conflict raised anywhere below into the page that explains it: with both versions, and with what was typed."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Passes through; the work is done when a view raises."""
        return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The 409 page for a Conflict, or the fragment that stands in its form's place; nothing for any other exception."""
        if not isinstance(exception, Conflict):
            return None
        target = request.headers.get("HX-Target", "")
        is_fragment = request.headers.get("HX-Request") == "true"
        context = {
            **exception.context,
            "say": str(exception),
            "versions": exception.versions,
            "typed": _typed(request),
            "resend": _resend(request, exception),
            "in_place": target if is_fragment else "",
            "back": _page_before(request),
        }
        response = render(request, "core/_conflict.html" if is_fragment else "core/409.html", context, status=409)
        if is_fragment:
            # Without both versions the form stays as it is, with everything that was typed, and page.js says the sentence.
            response["HX-Reswap"] = "innerHTML" if exception.versions else "none"
            if exception.versions and not target:
                response["HX-Retarget"] = "#main"
        return response


def _typed(request: HttpRequest) -> list[str]:
    """The words of a person in the form that was sent, so that they can be copied; nothing secret is repeated."""
    return [text for name in WORDS for text in request.POST.getlist(name) if text.strip()]


def _resend(request: HttpRequest, conflict: Conflict) -> list[tuple[str, str]]:
    """What the form sent besides the fields that are shown: so that it can be sent again, having seen the version of now."""
    if conflict.versions is None:
        return []
    shown = {one.name for one in conflict.versions.fields} | {conflict.versions.seen_as, "csrfmiddlewaretoken"}
    return [(name, text) for name, texts in request.POST.lists() if name not in shown for text in texts]


def _page_before(request: HttpRequest) -> str:
    """The page on which the form stood, where it can be told."""
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return ""
    parts = urlsplit(came_from)
    return urlunsplit(("", "", parts.path or "/", parts.query, ""))
