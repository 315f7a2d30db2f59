"""What every page of a release does first."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import RULES_READ
from calcinosis_app.rulebooks.bridge import Rules, current, rules_of
from calcinosis_app.rulebooks.presentation.pages import contents
from calcinosis_app.rulebooks.selectors import numbered_release

PageOfRelease = Callable[..., HttpResponse]


def of_release(page: PageOfRelease) -> Callable[..., HttpResponse]:
    """Lets in who may read the rules, and hands the page the release named in the address, else the current one."""

    @require_safe
    @needs(RULES_READ)
    @wraps(page)
    def loaded(request: SignedInRequest, /, *args: Any, **named: Any) -> HttpResponse:
        return page(request, rules_numbered(named.pop("number", None)), **named)

    return loaded


def rules_numbered(number: int | None) -> Rules:
    """The rules of one release; without a number the current ones. Raises Http404 for a number never given."""
    if number is None:
        return current()
    release = numbered_release(number)
    if release is None:
        raise Http404
    return rules_of(release)


def shown(request: HttpRequest, template: str, rules: Rules, *, part: str, **context: Any) -> HttpResponse:
    """The page, with the list of the release's parts. `part` is the address of the one that is open."""
    return render(request, template, {"rules": rules, "contents": contents(rules), "part": part, **context})
