"""The draft becomes findings, and the findings an assessment."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import ASSESS, CASE_WRITE
from calcinosis_app.assessments.actions import assess_case
from calcinosis_app.patients.access import enter_case
from calcinosis_app.patients.actions import EntriesRefused, record
from calcinosis_app.patients.bridge import CaseError
from calcinosis_app.patients.models import Case


@require_POST
@needs(CASE_WRITE)
def record_draft(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """Records everything typed, or nothing; a refused entry brings the page back with a link to it."""
    case = enter_case(by=request.user, permission=CASE_WRITE, case_id=case_id)
    try:
        findings = record(by=request.user, case=case)
    except EntriesRefused:
        return redirect(f"{reverse('desk:entry', args=[case.pk])}?refused=1&lesion={request.GET.get('lesion', '')}")
    if "assess" in request.POST:
        return _assessed(request, case)
    if findings:
        messages.success(request, f"{len(findings)} findings recorded." if len(findings) != 1 else "One finding recorded.")
    else:
        messages.info(request, "Nothing waited to be recorded.")
    return redirect("desk:entry", case.pk)


@require_POST
@needs(ASSESS)
def assess(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """Has what was recorded assessed, as it is today."""
    case = enter_case(by=request.user, permission=ASSESS, case_id=case_id)
    return _assessed(request, case)


def _assessed(request: SignedInRequest, case: Case) -> HttpResponse:
    """Goes to the assessment; where the case cannot be judged, back to its entry with the reason."""
    try:
        found = assess_case(by=request.user, case=case)
    except CaseError as error:
        messages.error(request, f"The case cannot be assessed as it is recorded. {error}")
        return redirect("desk:entry", case.pk)
    return redirect("desk:assessment", found.pk)
