"""Lists of a release: follow-up, work-up, advice, referrals, controversies, references."""

from collections.abc import Iterable
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse

from calcinosis_app.rulebooks.bridge import Rules
from calcinosis_app.rulebooks.presentation.pages import LIST_TITLES, Section, folded, list_page
from calcinosis_app.rulebooks.presentation.words import humanised
from calcinosis_app.rulebooks.views.loading import Filter, of_release, shown

# A list of more sections than this is folded: nobody finds anything by scrolling through it.
MOST_OPEN = 12


@of_release
def listing(request: HttpRequest, rules: Rules, name: str) -> HttpResponse:
    """One list, grouped by what its rows belong to."""
    if name not in rules.content["lists"]:
        raise Http404
    title = LIST_TITLES.get(name, humanised(name))
    search = Filter(request)
    sections = found_sections(list_page(rules, name), search)
    # What was looked for is shown open; so is everything when it is asked for.
    kinds = folded(sections) if len(sections) > MOST_OPEN and not search.query and "all" not in request.GET else {}
    return shown(request, "rulebooks/list.html", rules, part=name, title=title, sections=sections, kinds=kinds, search=search)


def found_sections(sections: Iterable[Section], search: Filter) -> list[Section]:
    """The sections with the rows that hold what is looked for, in their own or in the section's words."""
    kept = []
    for section in sections:
        named = search.lines((section.title, row) for row in section.rows)
        if named:
            kept.append(replace(section, rows=tuple(row for _, row in named)))
    return kept


@of_release
def references(request: HttpRequest, rules: Rules) -> HttpResponse:
    """The sources, by key."""
    search = Filter(request)
    references = search.lines(rules.content["references"])
    return shown(request, "rulebooks/references.html", rules, part="references", references=references, search=search)
