"""Correcting who a patient is."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import PATIENT_WRITE
from calcinosis_app.core.errors import about
from calcinosis_app.core.stale import seen_of
from calcinosis_app.patients.access import enter_patient
from calcinosis_app.patients.actions import correct_patient, version_of_particulars
from calcinosis_app.patients.forms import PatientForm


@require_http_methods(["GET", "POST"])
@needs(PATIENT_WRITE)
def correct(request: SignedInRequest, patient_id: UUID) -> HttpResponse:
    """The form with what is stored, and the patient's page once it is right."""
    patient = enter_patient(by=request.user, permission=PATIENT_WRITE, patient_id=patient_id)
    if patient.pk != patient_id:
        return redirect("patients:correct", patient.pk)
    form = PatientForm(request.POST or None, initial={name: getattr(patient, name) for name in PatientForm.base_fields})
    seen = seen_of(request) if form.is_bound else version_of_particulars(patient)
    if form.is_valid():
        try:
            with about(patient=patient, back=reverse("patients:patient", args=[patient.pk])):
                correct_patient(by=request.user, patient=patient, **form.cleaned_data, seen=seen)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "The particulars are stored. What they were stays in the history.")
            return redirect("patients:patient", patient.pk)
    context = {"patient": patient, "form": form, "seen": seen}
    return render(request, "patients/correct.html", context, status=422 if form.is_bound else 200)
