"""From the name of a row or fact to where it is shown."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from calcinosis_app.rulebooks.bridge import Rules
from calcinosis_app.rulebooks.presentation.places import url_of_fact, url_of_row
from calcinosis_app.rulebooks.views.loading import of_release


@of_release
def row(request: HttpRequest, rules: Rules, row: str) -> HttpResponse:
    """Goes to the row on its page."""
    return _go(url_of_row(rules, row))


@of_release
def fact(request: HttpRequest, rules: Rules, key: str) -> HttpResponse:
    """Goes to the fact on its page."""
    return _go(url_of_fact(rules, key))


def _go(url: str | None) -> HttpResponse:
    if url is None:
        raise Http404
    return redirect(url)
