"""A new case of a patient."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import CASE_WRITE
from calcinosis_app.core.once import key_of, once
from calcinosis_app.patients import actions
from calcinosis_app.patients.access import enter_patient
from calcinosis_app.patients.forms import CaseForm
from calcinosis_app.patients.selectors import cases_of


@require_POST
@needs(CASE_WRITE)
def open_case(request: SignedInRequest, patient_id: UUID) -> HttpResponse:
    """Opens it and goes there; with a title too long, back to the patient with the reason."""
    patient = enter_patient(by=request.user, permission=CASE_WRITE, patient_id=patient_id)
    form = CaseForm(request.POST)
    if form.is_valid():
        made = once(
            by=request.user,
            key=key_of(request),
            purpose=f"case.open {patient.pk}",
            content=form.cleaned_data,
            act=lambda: actions.open_case(by=request.user, patient=patient, **form.cleaned_data),
        )
        return redirect(made.row)
    return render(
        request,
        "patients/patient.html",
        {"patient": patient, "cases": cases_of(patient), "form": form},
        status=422,
    )
