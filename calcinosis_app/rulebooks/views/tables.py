"""One decision table."""

from django.http import Http404, HttpRequest, HttpResponse

from calcinosis_app.rulebooks.bridge import Rules
from calcinosis_app.rulebooks.presentation.pages import table_page
from calcinosis_app.rulebooks.views.loading import of_release, shown


@of_release
def table(request: HttpRequest, rules: Rules, name: str) -> HttpResponse:
    """Its rows in order: tests, outcome, sources."""
    if name not in rules.content["tables"]:
        raise Http404
    return shown(request, "rulebooks/table.html", rules, part=name, page=table_page(rules, name))
