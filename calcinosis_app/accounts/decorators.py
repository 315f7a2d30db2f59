"""Guards that stand before a view, so that its body tells only the story."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.policy import require

P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    """A request of which it is certain who makes it."""

    user: User


def needs(
    permission: str,
) -> Callable[
    [Callable[Concatenate[SignedInRequest, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """Lets a view begin only for a signed-in person who holds `permission`."""

    def guard(
        view: Callable[Concatenate[SignedInRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            require(request.user, permission)
            return view(request, *args, **kwargs)  # type: ignore[arg-type]  # the person is signed in

        return guarded

    return guard


def signed_in(
    view: Callable[Concatenate[SignedInRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Lets a view begin only for a signed-in person, whatever the person may do: for pages about oneself."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return view(request, *args, **kwargs)  # type: ignore[arg-type]  # the person is signed in

    return guarded


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; for a fragment, the whole page moves there instead of the fragment."""
    if request.headers.get("HX-Request") != "true":
        return redirect_to_login(_page_of(request), reverse("accounts:sign_in"))
    try:
        page = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]  # set by its middleware
    except ValueError:  # the header holds no address
        page = "/"
    back = urlencode({"next": page})
    return moved(request, f"{reverse('accounts:sign_in')}?{back}")


def _page_of(request: HttpRequest) -> str:
    """Where to come back to: for a form that was sent too late, the page it stood on, where its text waits."""
    sent_from = request.headers.get("Referer", "")
    if request.method in ("GET", "HEAD") or not url_has_allowed_host_and_scheme(sent_from, {request.get_host()}):
        return request.get_full_path()
    parts = urlsplit(sent_from)
    return urlunsplit(("", "", parts.path or "/", parts.query, ""))


def moved(request: HttpRequest, address: str) -> HttpResponse:
    """Sends the browser to another page, also when it asked for a fragment only."""
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(address)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response
