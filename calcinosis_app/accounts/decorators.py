"""Guards that stand before a view, so that its body tells only the story."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

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
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        return guarded

    return guard


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; for a fragment, the whole page moves there instead of the fragment."""
    if request.headers.get("HX-Request") != "true":
        return redirect_to_login(request.get_full_path(), reverse("accounts:sign_in"))
    response = HttpResponse(status=204)
    try:
        page = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
    except ValueError:  # the header holds no address
        page = "/"
    back = urlencode({"next": page})
    response["HX-Redirect"] = f"{reverse('accounts:sign_in')}?{back}"
    return response
