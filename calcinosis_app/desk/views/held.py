"""Taking everything out that is held on a patient, and the rule by which it is removed in the end."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import PATIENT_EXPORT, RETENTION_MANAGE
from calcinosis_app.accounts.policy import require
from calcinosis_app.desk.held.due import due_in, rule_of
from calcinosis_app.desk.held.export import NAME, export_patient
from calcinosis_app.desk.held_forms import HoldForm, YearsForm
from calcinosis_app.patients.access import enter_patient
from calcinosis_app.patients.actions import change_retention, hold_back, lift_hold
from calcinosis_app.patients.models import RecordHold
from calcinosis_app.patients.selectors import patient_numbered

MOST_SHOWN = 200


@require_http_methods(["GET", "POST"])
@needs(PATIENT_EXPORT)
def export(request: SignedInRequest, patient_id: UUID) -> HttpResponse:
    """Says what the file holds, and hands it over when that is asked for."""
    patient = enter_patient(by=request.user, permission=PATIENT_EXPORT, patient_id=patient_id)
    if request.method != "POST":
        return render(request, "desk/held/export.html", {"patient": patient})
    file = HttpResponse(export_patient(by=request.user, patient=patient).content, content_type="application/zip")
    file["Content-Disposition"] = f'attachment; filename="{NAME}"'
    return file


@require_safe
@needs(RETENTION_MANAGE)
def retention(request: SignedInRequest) -> HttpResponse:
    """The clinic's years, the numbers that are due, and those that are held back."""
    return _page(request, YearsForm(), HoldForm())


@require_POST
@needs(RETENTION_MANAGE)
def change_years(request: SignedInRequest) -> HttpResponse:
    """Sets the clinic's years."""
    form = YearsForm(request.POST)
    if form.is_valid():
        try:
            change_retention(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "The clinic's years were changed.")
            return redirect("retention:list")
    return _page(request, form, HoldForm(), status=422)


@require_POST
@needs(RETENTION_MANAGE)
def hold(request: SignedInRequest) -> HttpResponse:
    """Holds the record of a number back."""
    form = HoldForm(request.POST)
    if form.is_valid():
        patient = patient_numbered(request.user, form.cleaned_data["number"])
        if patient is not None:
            hold_back(by=request.user, patient=patient, reason=form.cleaned_data["reason"])
            messages.success(request, f"Number {patient.number} is held back until somebody lifts the hold.")
            return redirect("retention:list")
        form.add_error("number", "No patient of your clinic has this number. Check it.")
    return _page(request, YearsForm(), form, status=422)


@require_POST
@needs(RETENTION_MANAGE)
def lift(request: SignedInRequest, hold_id: int) -> HttpResponse:
    """Lifts a hold."""
    found = RecordHold.objects.select_related("patient").filter(pk=hold_id).first()
    if found is None:
        raise Http404
    require(request.user, RETENTION_MANAGE, found.patient)
    lift_hold(by=request.user, hold=found)
    messages.success(request, f"Number {found.patient.number} is no longer held back.")
    return redirect("retention:list")


def _page(request: SignedInRequest, years: Form, hold: HoldForm, status: int = 200) -> HttpResponse:
    clinic = request.user.clinic
    if clinic is None:
        raise PermissionDenied("Records are kept by a clinic, and you belong to none.")
    rule = rule_of(clinic)
    years.initial = {"years": rule.years, "until_age": rule.until_age}
    due = due_in(clinic)
    holds = RecordHold.objects.filter(patient__clinic=clinic, lifted_at__isnull=True).select_related("patient", "held_by")
    context = {"rule": rule, "due": due[:MOST_SHOWN], "more": len(due) - MOST_SHOWN, "years": years, "hold": hold, "holds": holds}
    return render(request, "desk/held/retention.html", context, status=status)
