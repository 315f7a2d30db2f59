"""One more lesion, or one less."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import CASE_WRITE
from calcinosis_app.core.once import key_of, once
from calcinosis_app.patients import actions
from calcinosis_app.patients.access import enter_case, enter_lesion


@require_POST
@needs(CASE_WRITE)
def add_lesion(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """Adds one and goes to it."""
    case = enter_case(by=request.user, permission=CASE_WRITE, case_id=case_id)
    made = once(
        by=request.user,
        key=key_of(request),
        purpose=f"lesion.add {case.pk}",
        content=None,
        act=lambda: actions.add_lesion(by=request.user, case=case),
    )
    lesion = made.row
    return redirect(f"{reverse('desk:entry', args=[case.pk])}?lesion={lesion.pk}#f-{lesion.label}-site")


@require_POST
@needs(CASE_WRITE)
def remove_lesion(request: SignedInRequest, case_id: UUID, lesion_id: UUID) -> HttpResponse:
    """Takes one out that was entered by mistake, and says so."""
    case = enter_case(by=request.user, permission=CASE_WRITE, case_id=case_id)
    lesion = enter_lesion(by=request.user, permission=CASE_WRITE, case=case, lesion_id=lesion_id)
    actions.remove_lesion(by=request.user, lesion=lesion)
    messages.success(request, f"{lesion.label} was removed. What was recorded of it stays on record and no longer counts.")
    return redirect("desk:entry", case.pk)
