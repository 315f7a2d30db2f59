"""The checklist of an option, answered on the spot."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import ASSESS
from calcinosis_app.desk.access import enter_assessment
from calcinosis_app.desk.actions import Answer, answer_and_assess
from calcinosis_app.desk.views.access import lesion_named, refuse_shape
from calcinosis_app.patients.actions import EntriesRefused
from calcinosis_app.patients.bridge import CaseError
from calcinosis_app.patients.models import Case

FIELDS: Final = ("answer", "value", "unit", "code")


@require_POST
@needs(ASSESS)
def answers(request: SignedInRequest, assessment_id: UUID) -> HttpResponse:
    """Records what was answered, assesses the case again, and comes back to the same option."""
    found = enter_assessment(by=request.user, permission=ASSESS, assessment_id=assessment_id)
    try:
        again = answer_and_assess(by=request.user, assessment=found, answers=_read(request.POST, request.user, found.case))
    except EntriesRefused as refused:
        messages.error(request, " ".join(str(one.error) for one in refused.refused))
        again = found
    except (ValueError, CaseError) as error:
        raise refuse_shape(ValueError(str(error))) from error
    option = request.POST.get("option", "")
    return redirect(f"{reverse('desk:assessment', args=[again.pk])}?open={option}#{option}")


def _read(sent: QueryDict, by: User, case: Case) -> list[Answer]:
    """One answer for each question that was answered; with *none of the rest*, a no for each yes-or-no question that was not."""
    found = []
    for key, place in zip(sent.getlist("key"), sent.getlist("of"), strict=True):
        raw = {name: said for name in FIELDS if (said := sent.get(f"{name}:{key}:{place}", "").strip())}
        if not raw and "none" in sent and f"answer:{key}:{place}" in sent:
            raw = {"answer": "no"}
        if set(raw) - {"unit"}:
            found.append(Answer(key, lesion_named(by=by, permission=ASSESS, case=case, text=place), raw))
    return found
