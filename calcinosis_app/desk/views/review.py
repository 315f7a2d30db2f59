"""What the clinician makes of an assessment."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from calcinosis_app.accounts.decorators import SignedInRequest, needs
from calcinosis_app.accounts.permissions import REVIEW_SIGN
from calcinosis_app.assessments.access import enter_assessment, enter_review
from calcinosis_app.assessments.actions import (
    decide_step,
    override_type,
    sign,
    start_review,
    withdraw_step,
    withdraw_type_override,
    write_note,
)
from calcinosis_app.assessments.errors import Refused
from calcinosis_app.assessments.models import Review
from calcinosis_app.assessments.versions import NOTE_SEEN, REVIEW_SEEN
from calcinosis_app.core.errors import about
from calcinosis_app.core.stale import seen_of
from calcinosis_app.desk.pathway import Page
from calcinosis_app.desk.review_form import Sent, words


@require_POST
@needs(REVIEW_SIGN)
def start(request: SignedInRequest, assessment_id: UUID) -> HttpResponse:
    """Begins the person's own review."""
    found = enter_assessment(by=request.user, permission=REVIEW_SIGN, assessment_id=assessment_id)
    start_review(by=request.user, assessment=found)
    return redirect("desk:assessment", found.pk)


@require_POST
@needs(REVIEW_SIGN)
def decide(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """Keeps or withdraws the decision about one step; answers with the step as it is now, and the summary."""
    review = enter_review(by=request.user, permission=REVIEW_SIGN, review_id=review_id)
    place = {name: request.POST.get(name, "") for name in ("treatment", "row", "lesion")}
    sent, refused = Sent.of(request.POST), ""
    try:
        with about(patient=review.assessment.case.patient):
            if "withdraw" in request.POST:
                withdraw_step(by=request.user, review=review, seen=seen_of(request), **place)
            else:
                decide_step(
                    by=request.user,
                    review=review,
                    decision=sent.decision,
                    reason_group=sent.reason_group,
                    text=sent.text,
                    details=sent.details,
                    override=sent.override,
                    seen=seen_of(request),
                    **place,
                )
    except Refused as error:
        refused = error.say
    page = Page(review.assessment, request.user)
    found = page.card(place["treatment"], place["lesion"]) or page.todo(place["row"], place["lesion"])
    if found is None:
        raise BadRequest("The form names no step of this assessment. Load the page again.")
    context = {"page": page, "case": page.case, "one": found, "sent": sent if refused else None, "refused": refused, **words()}
    return render(request, "desk/assessment/_decided.html", context, status=422 if refused else 200)


@require_POST
@needs(REVIEW_SIGN)
def override(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """Gives a lesion the reviewer's own type, or takes that back."""
    lesion = request.POST.get("lesion", "")
    given = {name: request.POST.get(name, "") for name in ("type", "reason_group", "text")}

    def change(review: Review) -> object:
        # The answer replaces the whole review: what was typed into its note comes along and is kept.
        if "note" in request.POST:
            write_note(by=request.user, review=review, note=request.POST["note"], seen=seen_of(request, NOTE_SEEN))
        if "withdraw" in request.POST:
            return withdraw_type_override(by=request.user, review=review, lesion=lesion, seen=seen_of(request))
        return override_type(by=request.user, review=review, lesion=lesion, seen=seen_of(request), **given)

    return _change(request, review_id, change, kept="desk/assessment/_overridden.html")


@require_POST
@needs(REVIEW_SIGN)
def note(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """Keeps the reviewer's own words."""

    def change(review: Review) -> object:
        if "note" not in request.POST:
            raise BadRequest("The form holds no note.")
        return write_note(by=request.user, review=review, note=request.POST["note"], seen=seen_of(request, NOTE_SEEN))

    return _change(request, review_id, change)


@require_POST
@needs(REVIEW_SIGN)
def sign_review(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """Signs. From then on it is final."""
    review = enter_review(by=request.user, permission=REVIEW_SIGN, review_id=review_id)
    try:
        with about(patient=review.assessment.case.patient, again="Store mine instead, and sign"):
            if "note" in request.POST:
                write_note(by=request.user, review=review, note=request.POST["note"], seen=seen_of(request, NOTE_SEEN))
            sign(by=request.user, review=review, seen=seen_of(request, REVIEW_SEEN))
    except Refused as error:
        messages.error(request, error.say)
    else:
        practice = review.assessment.case.patient.is_practice
        due = "This is practice: nothing falls due." if practice else "What falls due appears in the list of reminders within a minute."
        messages.success(request, f"Signed. {due}")
    return redirect(reverse("desk:assessment", args=[review.assessment_id]))


def _change(
    request: SignedInRequest, review_id: UUID, change: Callable[[Review], object], kept: str = "desk/assessment/_review.html"
) -> HttpResponse:
    """Does one thing to the review and answers with the summary, or with what was in the way and what was sent."""
    review = enter_review(by=request.user, permission=REVIEW_SIGN, review_id=review_id)
    refused = ""
    try:
        with about(patient=review.assessment.case.patient):
            change(review)
    except Refused as error:
        refused = error.say
    page = Page(review.assessment, request.user)
    context = {"page": page, "case": page.case, "refused": refused, "sent": request.POST if refused else None, **words()}
    return render(request, "desk/assessment/_review.html" if refused else kept, context, status=422 if refused else 200)
