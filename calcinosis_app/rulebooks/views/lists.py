"""Lists of a release: follow-up, work-up, advice, referrals, controversies, references."""

from django.http import Http404, HttpRequest, HttpResponse

from calcinosis_app.rulebooks.bridge import Rules
from calcinosis_app.rulebooks.presentation.pages import LIST_TITLES, list_page
from calcinosis_app.rulebooks.presentation.words import humanised
from calcinosis_app.rulebooks.views.loading import of_release, shown


@of_release
def listing(request: HttpRequest, rules: Rules, name: str) -> HttpResponse:
    """One list, grouped by what its rows belong to."""
    if name not in rules.content["lists"]:
        raise Http404
    title = LIST_TITLES.get(name, humanised(name))
    return shown(request, "rulebooks/list.html", rules, part=name, title=title, sections=list_page(rules, name))


@of_release
def references(request: HttpRequest, rules: Rules) -> HttpResponse:
    """The sources, by key."""
    return shown(request, "rulebooks/references.html", rules, part="references", references=rules.content["references"])
