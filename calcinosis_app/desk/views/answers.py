"""The checklist of an option, or of what settles a type, answered on the spot."""

from dataclasses import dataclass, field
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
from calcinosis_app.assessments.access import enter_assessment
from calcinosis_app.assessments.actions import Answer, answer_and_assess
from calcinosis_app.assessments.models import Assessment
from calcinosis_app.assessments.selectors import newest_assessment
from calcinosis_app.core.once import key_of, once
from calcinosis_app.desk.answered import NOTHING, in_words
from calcinosis_app.desk.checklist import Rule, all_allow
from calcinosis_app.desk.views.access import lesion_named, refuse_shape
from calcinosis_app.patients.actions import EntriesRefused
from calcinosis_app.patients.bridge import CaseError
from calcinosis_app.patients.selectors import draft_of
from calcinosis_app.rulebooks.bridge import current

FIELDS: Final = ("answer", "value", "unit", "code")
NOT_SAID: Final = ("csrfmiddlewaretoken", "once")


@dataclass
class Sent:
    """What was answered: singly, and by one *no* to the questions that were left."""

    single: list[Answer] = field(default_factory=list)
    bulk: list[Answer] = field(default_factory=list)


@require_POST
@needs(ASSESS)
def answers(request: SignedInRequest, assessment_id: UUID) -> HttpResponse:
    """Records what was answered, assesses the case again, says what changed, and comes back to the same place."""
    found = enter_assessment(by=request.user, permission=ASSESS, assessment_id=assessment_id)
    sent, again = _read(request.POST, request.user, found), found
    try:
        if sent.single or sent.bulk:
            given = [*sent.single, *sent.bulk]
            made = once(
                by=request.user,
                key=key_of(request),
                purpose=f"answers {found.pk}",
                content=sorted((name, request.POST.getlist(name)) for name in request.POST if name not in NOT_SAID),
                act=lambda: answer_and_assess(by=request.user, assessment=found, answers=given),
            )
            again = made.row
            if not made.again:  # the first one's message waits for whichever answer is shown
                messages.success(request, in_words(sent.single, sent.bulk, found, again, current()))
        else:
            messages.info(request, NOTHING)
    except EntriesRefused as refused:
        messages.error(request, " ".join(str(one.error) for one in refused.refused))
    except (ValueError, CaseError) as error:
        raise refuse_shape(ValueError(str(error))) from error
    option = request.POST.get("option", "")
    return redirect(f"{reverse('desk:assessment', args=[again.pk])}?open={option}#{option}")


def _read(sent: QueryDict, by: User, assessment: Assessment) -> Sent:
    """One answer for each question that was answered; with *no to the rest*, a no for each other one that may be answered so.

    What somebody has typed in case entry and not recorded yet is answered there, and is not overwritten by a no in bulk.
    """
    found = Sent()
    typed = set(draft_of(assessment.case).values_list("key", "lesion_id"))
    newest = newest_assessment(assessment.case)
    rules = [Rule(one.outcome, current().facts) for one in (assessment, newest) if one is not None]
    for key, place in zip(sent.getlist("key"), sent.getlist("of"), strict=True):
        raw = {name: said for name in FIELDS if (said := sent.get(f"{name}:{key}:{place}", "").strip())}
        lesion = lesion_named(by=by, permission=ASSESS, case=assessment.case, text=place)
        if set(raw) - {"unit"}:
            found.single.append(Answer(key, lesion, raw))
            continue
        left = "none" in sent and f"answer:{key}:{place}" in sent and (key, lesion.pk if lesion else None) not in typed
        if left and all_allow(rules, key, lesion.label if lesion else ""):
            found.bulk.append(Answer(key, lesion, {"answer": "no"}))
    return found
