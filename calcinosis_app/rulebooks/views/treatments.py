"""The treatments of a release."""

from django.http import Http404, HttpRequest, HttpResponse

from calcinosis_app.rulebooks.bridge import PHASE_LABELS, Rules
from calcinosis_app.rulebooks.presentation.pages import treatment_page
from calcinosis_app.rulebooks.views.loading import Filter, of_release, shown


@of_release
def treatments(request: HttpRequest, rules: Rules) -> HttpResponse:
    """All of them, by phase."""
    phases: dict[str, list[dict[str, object]]] = {label: [] for label in PHASE_LABELS.values()}
    for block in rules.content["treatments"].values():
        phases[PHASE_LABELS[block["treatment"]["phase"]]].append(block["treatment"])
    search = Filter(request)
    return shown(request, "rulebooks/treatments.html", rules, part="treatments", phases=search.groups(phases), search=search)


@of_release
def treatment(request: HttpRequest, rules: Rules, name: str) -> HttpResponse:
    """Doses, responses, gates, stop rules, monitoring and follow-up of one."""
    if name not in rules.content["treatments"]:
        raise Http404
    return shown(request, "rulebooks/treatment.html", rules, part="treatments", page=treatment_page(rules, name))
