"""What can be known under a release."""

from django.http import HttpRequest, HttpResponse

from calcinosis_app.rulebooks.bridge import Rules
from calcinosis_app.rulebooks.presentation import facts as tables
from calcinosis_app.rulebooks.presentation.pages import derived_page
from calcinosis_app.rulebooks.views.loading import of_release, shown


@of_release
def facts(request: HttpRequest, rules: Rules) -> HttpResponse:
    """What is asked, by section."""
    return shown(request, "rulebooks/facts.html", rules, part="facts", groups=tables.fact_sections(rules))


@of_release
def laboratory(request: HttpRequest, rules: Rules) -> HttpResponse:
    """Each result with its units and its ranges by age and sex."""
    return shown(request, "rulebooks/laboratory.html", rules, part="laboratory", analytes=tables.analytes(rules))


@of_release
def conditions(request: HttpRequest, rules: Rules) -> HttpResponse:
    """Each condition with codes and synonyms."""
    return shown(request, "rulebooks/conditions.html", rules, part="conditions", groups=tables.conditions(rules))


@of_release
def drugs(request: HttpRequest, rules: Rules) -> HttpResponse:
    """The coded drug list, and what each drug counts as."""
    return shown(request, "rulebooks/drugs.html", rules, part="drugs", drugs=tables.drugs(rules))


@of_release
def derived(request: HttpRequest, rules: Rules) -> HttpResponse:
    """What is worked out of other facts, and how."""
    return shown(request, "rulebooks/list.html", rules, part="derived", title="Derived facts", sections=derived_page(rules))
