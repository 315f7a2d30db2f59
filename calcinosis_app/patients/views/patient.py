"""One patient."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import PATIENT_READ
from calcinosis_app.patients.access import enter_patient
from calcinosis_app.patients.forms import CaseForm
from calcinosis_app.patients.selectors import cases_of


@require_safe
@needs(PATIENT_READ)
def patient(request: SignedInRequest, patient_id: UUID) -> HttpResponse:
    """Who the patient is, the cases, and the form that opens one more."""
    patient = enter_patient(by=request.user, permission=PATIENT_READ, patient_id=patient_id)
    if patient.pk != patient_id:
        messages.info(request, f"This record was merged into number {patient.number}. What was entered under it counts here.")
        return redirect("patients:patient", patient.pk)
    return render(
        request,
        "patients/patient.html",
        {"patient": patient, "cases": cases_of(patient), "form": CaseForm()},
    )
