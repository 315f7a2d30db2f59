"""One case: its assessments and reviews."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import CASE_WRITE, PATIENT_READ
from calcinosis_app.accounts.policy import may
from calcinosis_app.assessments.selectors import corrected_after, newest_plan, other_plans, outdated_by, regrouped_after
from calcinosis_app.desk.selectors import assessed
from calcinosis_app.patients.access import enter_case
from calcinosis_app.patients.selectors import draft_of, findings_of


@require_safe
@needs(PATIENT_READ)
def case(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """What was made of the case, newest first. A new case begins with its entry."""
    case = enter_case(by=request.user, permission=PATIENT_READ, case_id=case_id)
    if may(request.user, CASE_WRITE, case) and not findings_of(case).exists():
        return redirect("desk:entry", case.pk)
    plan = newest_plan(case)
    return render(
        request,
        "desk/case.html",
        {
            "case": case,
            "patient": case.patient.survivor,
            "assessed": assessed(case),
            "plan": plan,
            "corrected": corrected_after(plan) if plan else False,
            "arrived": outdated_by(plan) if plan else (),
            "regrouped": regrouped_after(plan) if plan else (),
            "other_plans": other_plans(case),
            "draft_size": draft_of(case).count(),
            "findings": findings_of(case).count(),
        },
    )
