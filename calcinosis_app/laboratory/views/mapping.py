"""Mapping codes and units; the lines concerned are run again at once."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import LABORATORY_IMPORT
from calcinosis_app.core.errors import Conflict
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
    chosen = [form for form in forms if form.cleaned_data.get("key")]
    return _mapped(request, [(form, "key", partial(map_code, by=request.user, **_meant(form))) for form in chosen])


@require_POST
@needs(LABORATORY_IMPORT)
def units(request: SignedInRequest) -> HttpResponse:
    """Maps every unit for which something was chosen."""
    forms = UnitForms(request.POST, prefix="units")
    if not forms.is_valid():
        return _refused(request, ["The form could not be read. Choose again."])
    chosen = [form for form in forms if form.cleaned_data.get("unit")]
    return _mapped(request, [(form, "unit", partial(map_unit, by=request.user, **_meant(form))) for form in chosen])


def _meant(form: Form) -> dict[str, Any]:
    data = form.cleaned_data
    return {**data, "key": "" if data["key"] == NOT_NEEDED else data["key"], "seen": data["seen"] or None}


def _mapped(request: SignedInRequest, mappings: Iterable[tuple[Form, str, Callable[[], int]]]) -> HttpResponse:
    made = lines = 0
    refused: list[str] = []
    try:
        for form, name, make in mappings:
            try:
                lines += make()
            except MappingRefused as problem:
                refused.append(str(problem))
            except Conflict as conflict:
                raise _in_form(conflict, form, name) from conflict
            else:
                made += 1
    finally:
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


def _in_form(conflict: Conflict, form: Form, name: str) -> Conflict:
    """Both versions under the names that the form on the page has, one of many, so that it can be sent again."""
    if conflict.versions is None:
        return conflict
    choices = tuple(form.fields[name].choices)  # type: ignore[attr-defined]  # the stubs know a field without choices
    fields = tuple(
        replace(one, name=form.add_prefix(name), mine=one.mine or NOT_NEEDED, theirs=one.theirs or NOT_NEEDED, choices=choices)
        for one in conflict.versions.fields
    )
    return Conflict(str(conflict), replace(conflict.versions, fields=fields, seen_as=form.add_prefix("seen")))
