"""The gallery of worked cases: reading them, and practising on one."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import CASE_WRITE, RULES_READ
from calcinosis_app.desk.sheet import Sheet
from calcinosis_app.desk.worked.cases import WorkedCase, worked_case
from calcinosis_app.desk.worked.filters import Chosen
from calcinosis_app.desk.worked.page import WorkedPage
from calcinosis_app.desk.worked.practice import practise
from calcinosis_app.patients.access import enter_patient
from calcinosis_app.patients.actions import put_practice_away
from calcinosis_app.patients.selectors import practices_of
from calcinosis_app.rulebooks.bridge import current


@require_safe
@needs(RULES_READ)
def listing(request: SignedInRequest) -> HttpResponse:
    """Every worked case of the release in force that fits what is looked for, and the person's own practice."""
    return render(
        request,
        "desk/gallery/list.html",
        {"chosen": Chosen.of(request.GET, current()), "rules": current(), "practices": practices_of(request.user)},
    )


@require_safe
@needs(RULES_READ)
def one(request: SignedInRequest, name: str) -> HttpResponse:
    """One worked case, read as an assessment is read."""
    worked = _found(name)
    page = WorkedPage(worked.document, request.user)
    begun = practices_of(request.user).filter(worked_case=name).first()
    return render(
        request,
        "desk/gallery/case.html",
        {"worked": worked, "page": page, "begun": begun, "unfolded": request.GET.get("open", "")},
    )


@require_safe
@needs(RULES_READ)
def paper(request: SignedInRequest, name: str) -> HttpResponse:
    """The same on one sheet of paper."""
    worked = _found(name)
    page = WorkedPage(worked.document, request.user)
    context = {"worked": worked, "page": page, "sheet": Sheet(page), "printed_at": timezone.now()}
    return render(request, "desk/gallery/print.html", context)


@require_POST
@needs(CASE_WRITE)
def begin(request: SignedInRequest, name: str) -> HttpResponse:
    """Opens it in the entry form, as the person's own practice case; begun already, goes on with that."""
    return redirect("desk:entry", practise(by=request.user, worked=_found(name)).pk)


@require_POST
@needs(CASE_WRITE)
def put_away(request: SignedInRequest, patient_id: UUID) -> HttpResponse:
    """Ends a practice of one's own."""
    patient = enter_patient(by=request.user, permission=CASE_WRITE, patient_id=patient_id)
    put_practice_away(by=request.user, patient=patient)
    messages.success(request, f"Your practice of {patient.given_name} is put away. Open the worked case to begin anew.")
    return redirect("gallery:list")


def _found(name: str) -> WorkedCase:
    worked = worked_case(current(), name)
    if worked is None:
        raise Http404
    return worked
