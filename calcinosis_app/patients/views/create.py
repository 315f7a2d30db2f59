"""A new patient."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import PATIENT_WRITE
from calcinosis_app.core.once import key_of, once
from calcinosis_app.patients.actions import create_patient
from calcinosis_app.patients.forms import PatientForm


@require_http_methods(["GET", "POST"])
@needs(PATIENT_WRITE)
def create(request: SignedInRequest) -> HttpResponse:
    """The form, and the new patient's page once it is right."""
    form = PatientForm(request.POST or None)
    if form.is_valid():
        try:
            made = once(
                by=request.user,
                key=key_of(request),
                purpose="patient.create",
                content=form.cleaned_data,
                act=lambda: create_patient(by=request.user, **form.cleaned_data),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("patients:patient", made.row.pk)
    return render(request, "patients/create.html", {"form": form}, status=422 if form.is_bound else 200)
