"""The story of one patient on one page."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import PATIENT_READ
from calcinosis_app.desk.chart.page import Chart
from calcinosis_app.patients.access import enter_patient


@require_safe
@needs(PATIENT_READ)
def chart(request: SignedInRequest, patient_id: UUID) -> HttpResponse:
    """Plots, tables, lesions and the story. What cannot be read of a choice is said, and counts as not chosen."""
    patient = enter_patient(by=request.user, permission=PATIENT_READ, patient_id=patient_id)
    shown = Chart(patient, request.user, request.GET)
    return render(
        request, "desk/chart/page.html", {"chart": shown, "patient": patient, "form": shown.form}, status=422 if shown.form.errors else 200
    )
