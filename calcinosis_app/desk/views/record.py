"""The draft becomes findings, and the findings an assessment."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import ASSESS, CASE_WRITE
from calcinosis_app.assessments.actions import assess_case
from calcinosis_app.patients.access import enter_case
from calcinosis_app.patients.actions import EntriesRefused, record
from calcinosis_app.patients.bridge import CaseError
from calcinosis_app.patients.models import Case
from calcinosis_app.patients.selectors import draft_of


@require_POST
@needs(CASE_WRITE)
def record_draft(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """Records everything typed, or nothing; a refused entry brings the page back with a link to it."""
    case = enter_case(by=request.user, permission=CASE_WRITE, case_id=case_id)
    try:
        others = _others_in(case, request.user)
        findings = record(by=request.user, case=case)
    except EntriesRefused:
        return redirect(f"{reverse('desk:entry', args=[case.pk])}?refused=1&lesion={request.GET.get('lesion', '')}")
    if "assess" in request.POST:
        return _assessed(request, case)
    if findings:
        said = f"{len(findings)} findings recorded." if len(findings) != 1 else "One finding recorded."
        messages.success(request, f"{said} Some of it was typed by {' and '.join(others)}." if others else said)
    else:
        messages.info(request, "Nothing waited to be recorded.")
    return redirect("desk:entry", case.pk)


def _others_in(case: Case, user: User) -> list[str]:
    """Who else has typed something that is recorded with it."""
    return sorted({entry.saved_by.display_name for entry in draft_of(case).select_related("saved_by") if entry.saved_by_id != user.pk})


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
