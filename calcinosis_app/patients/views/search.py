"""Finding a patient."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import PATIENT_READ
from calcinosis_app.patients.forms import SearchForm
from calcinosis_app.patients.selectors import left_with_number, opened_lately_by, search_patients

MOST_SHOWN = 50


@require_http_methods(["GET", "POST"])
@needs(PATIENT_READ)
def search(request: SignedInRequest) -> HttpResponse:
    """The search field; below it what was found, or who was opened lately.

    What is typed travels in the body, never in the address: addresses are kept in logs.
    """
    form = SearchForm(request.POST or None)
    if not form.is_valid():
        return render(
            request,
            "patients/search.html",
            {"form": form, "lately": opened_lately_by(request.user)},
            status=422 if form.is_bound else 200,
        )
    text = form.cleaned_data["text"]
    found = search_patients(request.user, text)[: MOST_SHOWN + 1]
    return render(
        request,
        "patients/search.html",
        {"form": form, "found": found[:MOST_SHOWN], "more": len(found) > MOST_SHOWN, "left": left_with_number(request.user, text)},
    )
