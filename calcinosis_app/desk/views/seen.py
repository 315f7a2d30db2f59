"""Who has seen a patient."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import ACCESS_WATCH, PATIENT_READ
from calcinosis_app.accounts.policy import may
from calcinosis_app.desk.access_forms import FindForm, SeenForm
from calcinosis_app.desk.seen import MOST, everybody, seen_by
from calcinosis_app.patients.access import enter_patient
from calcinosis_app.patients.selectors import patients_of


@require_safe
@needs(ACCESS_WATCH)
def seen(request: SignedInRequest, patient_id: UUID) -> HttpResponse:
    """Everybody who opened or changed anything of the patient, and the events. Whoever sees no patients reads the number alone."""
    patient = enter_patient(by=request.user, permission=ACCESS_WATCH, patient_id=patient_id)
    people = everybody(patient)
    form = SeenForm(request.GET or None, people=people)
    asked = form.cleaned_data if form.is_valid() else {}
    context = {
        "form": form,
        "number": patient.number,
        "patient_id": patient.pk,
        "found": seen_by(patient, patient.clinic, **asked),
        "asked": {name: value for name, value in asked.items() if value},
        "asked_person": dict(people).get(asked.get("person", ""), ""),
        "most": MOST,
        **({"patient": patient} if may(request.user, PATIENT_READ, patient) else {}),
    }
    return render(request, "desk/access/seen.html", context, status=422 if form.is_bound and not form.is_valid() else 200)


@require_POST
@needs(ACCESS_WATCH)
def find(request: SignedInRequest) -> HttpResponse:
    """To the page of the patient with this number; the number travels in the body, never in the address."""
    form = FindForm(request.POST)
    if form.is_valid():
        found = patients_of(request.user).filter(number=form.cleaned_data["number"].strip()).first()
        if found is not None:
            return redirect("access:seen", found.pk)
        form.add_error("number", "No patient of your clinic has this number. Write it exactly as it was given.")
    return render(request, "desk/access/find.html", {"form": form}, status=422)
