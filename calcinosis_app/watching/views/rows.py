"""How often rows counted."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import RULES_READ
from calcinosis_app.watching.presentation.table import Chosen, Table, context
from calcinosis_app.watching.selectors import Counted, assessed_by_release, by_release, last_counted


@require_safe
@needs(RULES_READ)
def rows(request: SignedInRequest) -> HttpResponse:
    """All rows that counted, or all there are."""
    table = Table(request.user, Chosen.of(request.user, request.GET.dict()))
    every = "every" in request.GET
    shown = {**context(table), "here": "rows", "groups": table.groups(every=every), "every": every, "counted": last_counted()}
    return render(request, "watching/rows.html", shown)


@require_safe
@needs(RULES_READ)
def row(request: SignedInRequest, row: str) -> HttpResponse:
    """One row: over a period, and under each release."""
    table = Table(request.user, Chosen.of(request.user, request.GET.dict()))
    if row not in table.rows:
        raise Http404
    found, scope = by_release(row, table.chosen.scope.clinic), table.chosen.scope
    lines = [
        (number, scope.cell(cases), *_numbers(table, found.get(number, Counted())))
        for number, cases in sorted(assessed_by_release(scope.clinic).items(), reverse=True)
    ]
    one = table.rows[row]
    why = next((said for asking, said in table.asking if asking == one), "")
    shown = {**context(table), "here": "rows", "line": table.line(one), "releases": lines, "why": why, "counted": last_counted()}
    return render(request, "watching/row.html", shown)


def _numbers(table: Table, of: Counted) -> tuple[str, str, str]:
    cell = table.chosen.scope.cell
    return cell(of.fired), cell(of.decided), cell(of.against)
