"""What every page of a release does first."""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import RULES_READ
from calcinosis_app.rulebooks.beside import BesideRows
from calcinosis_app.rulebooks.bridge import Rules, current, rules_of
from calcinosis_app.rulebooks.presentation.pages import contents
from calcinosis_app.rulebooks.presentation.search import LONGEST, matching
from calcinosis_app.rulebooks.selectors import numbered_release

Line = TypeVar("Line")
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


class Filter:
    """What somebody looks for on a page (`?q=`), and how many of its lines hold it."""

    def __init__(self, request: HttpRequest) -> None:
        self.query = request.GET.get("q", "").strip()[:LONGEST]
        self.found = 0
        self.total = 0

    def lines(self, lines: Iterable[Line]) -> list[Line]:
        """Those that hold what is looked for."""
        every = list(lines)
        kept = matching(every, self.query)
        self.total += len(every)
        self.found += len(kept)
        return kept

    def groups(self, groups: Mapping[str, Iterable[Line]]) -> dict[str, list[Line]]:
        """The groups of lines; one in which nothing is found is left out."""
        kept = {name: self.lines(lines) for name, lines in groups.items()}
        return {name: lines for name, lines in kept.items() if lines}


def shown(request: HttpRequest, template: str, rules: Rules, *, part: str, **context: Any) -> HttpResponse:
    """The page, with the list of the release's parts. `part` is the address of the one that is open."""
    beside = BesideRows(request.user, rules) if isinstance(request.user, User) else None
    return render(request, template, {"rules": rules, "contents": contents(rules), "part": part, "beside": beside, **context})
