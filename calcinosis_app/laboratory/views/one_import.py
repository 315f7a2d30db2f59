"""One import: how far it is, and the fate of each line."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import LABORATORY_IMPORT
from calcinosis_app.laboratory.access import enter_import
from calcinosis_app.laboratory.actions import note_opened
from calcinosis_app.laboratory.fates import Fate
from calcinosis_app.laboratory.forms import FilterForm
from calcinosis_app.laboratory.models import Import
from calcinosis_app.laboratory.presentation import fate_in_words, kind_of_run, line_views
from calcinosis_app.laboratory.selectors import counts_of, lines_of

A_PAGE = 100


@require_safe
@needs(LABORATORY_IMPORT)
def one_import(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """Counts, what can be done next, and the lines, all or those of one fate or reason."""
    source = enter_import(by=request.user, import_id=import_id)
    note_opened(by=request.user, source=source)
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = Paginator(lines_of(source, **wanted), A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "laboratory/import.html",
        {**_standing(source), "filter": form, "page": page, "lines": line_views(page, committed=source.committed)},
    )


@require_safe
@needs(LABORATORY_IMPORT)
def progress(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """How far it is, asked once a second while it runs; when it has ended, the whole page loads anew."""
    source = enter_import(by=request.user, import_id=import_id)
    response = render(request, "laboratory/_progress.html", _standing(source))
    if not source.unfinished:
        response["HX-Refresh"] = "true"
    return response


def _standing(source: Import) -> dict[str, Any]:
    counts = counts_of(source)
    return {
        "source": source,
        "counts": counts,
        "kind": kind_of_run(source),
        "imported_word": fate_in_words(Fate.IMPORTED, committed=source.committed),
    }
