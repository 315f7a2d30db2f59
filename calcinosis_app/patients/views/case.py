"""One case: what was recorded, by whom and when."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import PATIENT_READ
from calcinosis_app.patients.access import enter_case
from calcinosis_app.patients.models import Finding
from calcinosis_app.patients.presentation import line
from calcinosis_app.patients.selectors import draft_of, findings_of, lesions_of


@require_safe
@needs(PATIENT_READ)
def case(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """The record of the case, newest finding first."""
    case = enter_case(by=request.user, permission=PATIENT_READ, case_id=case_id)
    return render(
        request,
        "patients/case.html",
        {
            "case": case,
            "patient": case.patient.survivor,
            "lesions": lesions_of(case),
            "findings": [line(finding, case.patient) for finding in sorted(findings_of(case), key=_newest_first)],
            "draft_size": draft_of(case).count(),
        },
    )


def _newest_first(finding: Finding) -> tuple[float, int, str, str]:
    """By when it was recorded; of what was recorded at once, by the day on which it was found, then by fact."""
    return -finding.recorded_at.timestamp(), -(finding.taken_on or date.min).toordinal(), finding.key, str(finding.pk)
