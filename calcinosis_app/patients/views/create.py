"""A new patient."""

from uuid import UUID

from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import PATIENT_WRITE
from calcinosis_app.core.once import key_of, once
from calcinosis_app.patients.actions import MayBeSame, create_patient
from calcinosis_app.patients.forms import PatientForm
from calcinosis_app.patients.look_alikes import LookAlike


@require_http_methods(["GET", "POST"])
@needs(PATIENT_WRITE)
def create(request: SignedInRequest) -> HttpResponse:
    """The form, and the new patient's page once it is right; beside it whoever of the clinic may be the same person."""
    form = PatientForm(request.POST or None)
    alike: list[LookAlike] = []
    somebody_else = _somebody_else(request.POST)
    if form.is_valid():
        try:
            made = once(
                by=request.user,
                key=key_of(request),
                purpose="patient.create",
                content=form.cleaned_data,
                act=lambda: create_patient(by=request.user, **form.cleaned_data, somebody_else=somebody_else),
            )
        except ValidationError as error:
            form.add_error(None, error)
        except MayBeSame as found:
            alike = list(found.found)
        else:
            return redirect("patients:patient", made.row.pk)
    return render(request, "patients/create.html", {"form": form, "alike": alike}, status=422 if form.is_bound else 200)


def _somebody_else(sent: QueryDict) -> list[UUID]:
    """The patients of whom the person has just said that they are not this one: those that the page showed, and no others."""
    try:
        return [UUID(one) for one in sent.get("somebody_else", "").split()]
    except ValueError as error:
        raise BadRequest("The form names patients in no form of ours.") from error
