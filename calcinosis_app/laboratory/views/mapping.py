"""Mapping codes and units; the lines concerned are run again at once."""

from collections.abc import Callable, Iterable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import LABORATORY_IMPORT
from calcinosis_app.laboratory.actions import MappingRefused, map_code, map_unit
from calcinosis_app.laboratory.forms import NOT_NEEDED, CodeForms, UnitForms
from calcinosis_app.laboratory.tasks import ring
from calcinosis_app.laboratory.views.queue_page import show_queue


@require_POST
@needs(LABORATORY_IMPORT)
def codes(request: SignedInRequest) -> HttpResponse:
    """Maps every code for which something was chosen."""
    forms = CodeForms(request.POST, prefix="codes")
    if not forms.is_valid():
        return _refused(request, ["The form could not be read. Choose again."])
    chosen = [data for data in forms.cleaned_data if data.get("key")]
    meant = [{**data, "key": "" if data["key"] == NOT_NEEDED else data["key"]} for data in chosen]
    return _mapped(request, [partial(map_code, by=request.user, **data) for data in meant])


@require_POST
@needs(LABORATORY_IMPORT)
def units(request: SignedInRequest) -> HttpResponse:
    """Maps every unit for which something was chosen."""
    forms = UnitForms(request.POST, prefix="units")
    if not forms.is_valid():
        return _refused(request, ["The form could not be read. Choose again."])
    chosen = [data for data in forms.cleaned_data if data.get("unit")]
    return _mapped(request, [partial(map_unit, by=request.user, **data) for data in chosen])


def _mapped(request: SignedInRequest, mappings: Iterable[Callable[[], int]]) -> HttpResponse:
    made = lines = 0
    refused: list[str] = []
    for make in mappings:
        try:
            lines += make()
        except MappingRefused as problem:
            refused.append(str(problem))
        else:
            made += 1
    ring()
    if refused:
        return _refused(request, refused)
    if made:
        kept = "Findings that came from an earlier mapping stay: the table of mappings counts them."
        messages.success(request, f"{made} mapped. {lines} lines run again. {kept}")
    else:
        messages.info(request, "Nothing was chosen, so nothing was mapped.")
    return redirect("laboratory:queue")


def _refused(request: SignedInRequest, refused: Iterable[str]) -> HttpResponse:
    return show_queue(request, refused=tuple(refused), status=422)
