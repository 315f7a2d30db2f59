"""Two records of what may be one person: compared, merged, said to be two, and unmerged."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import PATIENT_MERGE, PATIENT_WRITE
from calcinosis_app.core.errors import Conflict
from calcinosis_app.desk.comparing import Comparison, Unmerging
from calcinosis_app.desk.merge_forms import MergeForm, OtherForm, UnmergeForm
from calcinosis_app.patients.access import enter_patient
from calcinosis_app.patients.actions import merge_patients, say_not_same, unmerge_patients
from calcinosis_app.patients.models import Patient
from calcinosis_app.patients.pairs import merge_into
from calcinosis_app.patients.selectors import patient_numbered


@require_http_methods(["GET", "POST"])
@needs(PATIENT_MERGE)
def choose_other(request: SignedInRequest, patient_id: UUID) -> HttpResponse:
    """Asks for the number of the record with which to compare."""
    patient = enter_patient(by=request.user, permission=PATIENT_MERGE, patient_id=patient_id)
    form = OtherForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        other = patient_numbered(request.user, form.cleaned_data["number"])
        if other is not None and other.pk != patient.pk:
            return redirect("desk:compare", patient.pk, other.pk)
        say = "This is the number of this very record." if other else "No patient of your clinic has this number."
        form.add_error("number", f"{say} Write the number of the other one.")
    context = {"patient": patient, "form": form}
    return render(request, "desk/merge/choose.html", context, status=422 if form.is_bound else 200)


@require_safe
@needs(PATIENT_WRITE)
def compare(request: SignedInRequest, patient_id: UUID, other_id: UUID) -> HttpResponse:
    """Both side by side, and what merging them would change. For whoever can say something about it: nobody does in an emergency."""
    one, other = _both(request, PATIENT_WRITE, patient_id, other_id)
    if one.pk == other.pk:
        return redirect("patients:patient", one.pk)
    return _compared(request, one, other, MergeForm(one, other))


@require_POST
@needs(PATIENT_MERGE)
def merge(request: SignedInRequest, patient_id: UUID, other_id: UUID) -> HttpResponse:
    """Merges the two, and goes to the one that stays."""
    one, other = _both(request, PATIENT_MERGE, patient_id, other_id)
    if one.pk == other.pk:
        messages.info(request, "The two are merged already.")
        return redirect("patients:patient", one.pk)
    form = MergeForm(one, other, request.POST)
    if not form.is_valid():
        return _compared(request, one, other, form, status=422)
    stays, goes = (one, other) if form.cleaned_data["stays"] == str(one.pk) else (other, one)
    merge_patients(by=request.user, survivor=stays, duplicate=goes, reason=form.cleaned_data["reason"])
    messages.success(request, f"Merged. Number {goes.number} leads here from now on, and its findings count in every case.")
    return redirect("patients:patient", stays.pk)


@require_POST
@needs(PATIENT_WRITE)
def not_same(request: SignedInRequest, patient_id: UUID, other_id: UUID) -> HttpResponse:
    """Remembers that these are two people."""
    one, other = _both(request, PATIENT_WRITE, patient_id, other_id)
    if one.pk == other.pk:
        raise Conflict("The two records are merged. Unmerge them first if they are of two people.")
    say_not_same(by=request.user, patient=one, other=other)
    messages.success(request, f"Noted: number {other.number} is somebody else.")
    return redirect("patients:patient", one.pk)


@require_http_methods(["GET", "POST"])
@needs(PATIENT_MERGE)
def unmerge(request: SignedInRequest, patient_id: UUID, duplicate_id: UUID) -> HttpResponse:
    """Says what goes where, and then does it."""
    patient = enter_patient(by=request.user, permission=PATIENT_MERGE, patient_id=patient_id)
    found = merge_into(patient, duplicate_id)
    if found is None:
        return _not_merged(request, patient, duplicate_id)
    form = UnmergeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            unmerge_patients(by=request.user, duplicate=found.duplicate, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"Unmerged. Number {found.duplicate.number} is a patient of its own again.")
            return redirect("patients:patient", found.duplicate_id)
    context = {"patient": patient, "form": form, "unmerging": Unmerging(found), "merge": found}
    return render(request, "desk/merge/unmerge.html", context, status=422 if form.is_bound else 200)


def _not_merged(request: SignedInRequest, patient: Patient, duplicate_id: UUID) -> HttpResponse:
    """Somebody unmerged it before, or the address was never right. Raises Http404 as the door to the other does."""
    other = enter_patient(by=request.user, permission=PATIENT_MERGE, patient_id=duplicate_id)
    if request.method != "POST" or other.pk == patient.pk:
        raise Http404
    messages.info(request, "The two were unmerged already.")
    return redirect("patients:patient", other.pk)


def _both(request: SignedInRequest, permission: str, patient_id: UUID, other_id: UUID) -> tuple[Patient, Patient]:
    one = enter_patient(by=request.user, permission=permission, patient_id=patient_id)
    return one, enter_patient(by=request.user, permission=permission, patient_id=other_id)


def _compared(request: SignedInRequest, one: Patient, other: Patient, form: MergeForm, status: int = 200) -> HttpResponse:
    context = {"page": Comparison(one, other), "form": form}
    return render(request, "desk/merge/compare.html", context, status=status)
