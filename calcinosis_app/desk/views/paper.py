"""One assessment on one sheet of paper."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import PATIENT_READ
from calcinosis_app.assessments.access import enter_assessment
from calcinosis_app.desk.pathway import Page
from calcinosis_app.desk.sheet import Sheet


@require_safe
@needs(PATIENT_READ)
def paper(request: SignedInRequest, assessment_id: UUID) -> HttpResponse:
    """The sheet, as it is printed. An earlier assessment is printed as it was judged, and says that it is past."""
    found = enter_assessment(by=request.user, permission=PATIENT_READ, assessment_id=assessment_id)
    page = Page(found, request.user)
    return render(
        request,
        "desk/paper/page.html",
        {"page": page, "sheet": Sheet(page), "case": found.case, "about": found.case.patient.survivor, "printed_at": timezone.now()},
    )
