"""What can be known under a release."""

from django.http import HttpRequest, HttpResponse

from calcinosis_app.rulebooks.bridge import Rules
from calcinosis_app.rulebooks.presentation import facts as tables
from calcinosis_app.rulebooks.presentation.pages import derived_page
from calcinosis_app.rulebooks.views.lists import found_sections
from calcinosis_app.rulebooks.views.loading import Filter, of_release, shown


@of_release
def facts(request: HttpRequest, rules: Rules) -> HttpResponse:
    """What is asked, by section."""
    search = Filter(request)
    groups = search.groups(tables.fact_sections(rules))
    return shown(request, "rulebooks/facts.html", rules, part="facts", groups=groups, search=search)


@of_release
def laboratory(request: HttpRequest, rules: Rules) -> HttpResponse:
    """Each result with its units and its ranges by age and sex."""
    search = Filter(request)
    analytes = search.lines(tables.analytes(rules))
    return shown(request, "rulebooks/laboratory.html", rules, part="laboratory", analytes=analytes, search=search)


@of_release
def conditions(request: HttpRequest, rules: Rules) -> HttpResponse:
    """Each condition with codes and synonyms."""
    search = Filter(request)
    groups = search.groups(tables.conditions(rules))
    return shown(request, "rulebooks/conditions.html", rules, part="conditions", groups=groups, search=search)


@of_release
def drugs(request: HttpRequest, rules: Rules) -> HttpResponse:
    """The coded drug list, and what each drug counts as."""
    search = Filter(request)
    return shown(request, "rulebooks/drugs.html", rules, part="drugs", drugs=search.lines(tables.drugs(rules)), search=search)


@of_release
def derived(request: HttpRequest, rules: Rules) -> HttpResponse:
    """What is worked out of other facts, and how."""
    search = Filter(request)
    sections = found_sections(derived_page(rules), search)
    return shown(request, "rulebooks/list.html", rules, part="derived", title="Derived facts", sections=sections, search=search)
