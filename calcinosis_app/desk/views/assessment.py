"""One assessment, with the review of it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import PATIENT_READ
from calcinosis_app.assessments.access import enter_assessment
from calcinosis_app.desk.pathway import Page
from calcinosis_app.desk.review_form import words


@require_safe
@needs(PATIENT_READ)
def assessment(request: SignedInRequest, assessment_id: UUID) -> HttpResponse:
    """Headline, basis, pathway; and the review beside it. `open` names an option to unfold."""
    found = enter_assessment(by=request.user, permission=PATIENT_READ, assessment_id=assessment_id)
    return render(
        request,
        "desk/assessment/page.html",
        {
            "page": Page(found, request.user),
            "case": found.case,
            "patient": found.case.patient.survivor,
            "unfolded": request.GET.get("open", ""),
            **words(),
        },
    )
