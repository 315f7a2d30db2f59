"""Which sources are due, and saying that one was looked at."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import RULES_EDIT, RULES_READ
from calcinosis_app.accounts.policy import require
from calcinosis_app.core.once import key_of, once
from calcinosis_app.rulebooks.bridge import current
from calcinosis_app.rulebooks.presentation.places import url_of_row
from calcinosis_app.watching.actions import change_interval, check_source
from calcinosis_app.watching.forms import HOLDS, IntervalForm, SourceForm
from calcinosis_app.watching.models import SourceCheck
from calcinosis_app.watching.presentation.sources import rows_resting_on
from calcinosis_app.watching.presentation.sources import sources as all_sources
from calcinosis_app.watching.presentation.table import of_rules
from calcinosis_app.watching.selectors import interval_of


@require_safe
@needs(RULES_READ)
def sources(request: SignedInRequest) -> HttpResponse:
    """What is due, and what is not yet."""
    return _page(request, IntervalForm(initial={"months": interval_of(request.user.clinic)}))


@require_POST
@needs(RULES_EDIT)
def interval(request: SignedInRequest) -> HttpResponse:
    """Sets the clinic's months."""
    form = IntervalForm(request.POST)
    if form.is_valid():
        change_interval(by=request.user, months=form.cleaned_data["months"])
        messages.success(request, "The clinic's months were changed.")
        return redirect("watching:sources")
    return _page(request, form, status=422)


@require_http_methods(["GET", "POST"])
@needs(RULES_READ)
def source(request: SignedInRequest, key: str) -> HttpResponse:
    """One source: what rests on it, who looked at it, and saying what one has found."""
    rules = current()
    if key not in rules.references:
        raise Http404
    form = SourceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(request.user, RULES_EDIT)
        if form.is_valid():
            try:
                once(
                    by=request.user,
                    key=key_of(request),
                    purpose=f"source.check {key}",
                    content=form.cleaned_data,
                    act=lambda: check_source(
                        by=request.user, key=key, still_holds=form.cleaned_data["found"] == HOLDS, note=form.cleaned_data["note"]
                    ),
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, f"It is noted that you looked at {key}.")
                return redirect("watching:sources")
    rows = [(row, url_of_row(rules, row)) for row in rows_resting_on(rules, key)]
    found = next(one for one in all_sources(rules, request.user.clinic) if one.key == key)
    shown = {
        **of_rules(rules),
        "here": "sources",
        "source": found,
        "is_due": found.is_due(timezone.localdate()),
        "reference": rules.references[key],
        "rows": rows,
        "form": form,
        "checks": SourceCheck.objects.filter(key=key).select_related("checked_by"),
    }
    return render(request, "watching/source.html", shown, status=422 if form.errors else 200)


def _page(request: SignedInRequest, form: IntervalForm, status: int = 200) -> HttpResponse:
    rules, today = current(), timezone.localdate()
    every = all_sources(rules, request.user.clinic)
    due = [one for one in every if one.is_due(today)]
    later = [one for one in every if not one.is_due(today)]
    shown = {
        **of_rules(rules),
        "here": "sources",
        "due": due,
        "later": later,
        "months": interval_of(request.user.clinic),
        "form": form,
    }
    return render(request, "watching/sources.html", shown, status=status)
