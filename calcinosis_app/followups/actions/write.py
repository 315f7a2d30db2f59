"""Writing the reminders of one signed review."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from calcinosis_app.assessments.models import Review
from calcinosis_app.audit.actions import record
from calcinosis_app.audit.actors import Actor
from calcinosis_app.followups.due import Occurrence, first_occurrences
from calcinosis_app.followups.models import Plan, Reminder
from calcinosis_app.followups.outcomes import Outcome, State
from calcinosis_app.followups.selectors import earlier_open, has_newer_plan, today_in
from calcinosis_app.patients.actions.locking import hold


@transaction.atomic
def write_plan(*, by: Actor, review: Review) -> bool:
    """Writes the review's reminders once. Returns False when somebody else has, or does at this moment.

    A newer plan takes over from older ones of the case: of the disease everything, of a treatment what it checks, too;
    the earlier of the two windows stays, so that signing anew postpones nothing. Raises ValueError for an open review.
    """
    if review.signed_at is None:
        raise ValueError(f"{review} is not signed: there is no plan to remind of.")
    hold(review.assessment.case)
    if not _claim(review):
        return False
    clinic = review.assessment.case.patient.clinic
    wanted = first_occurrences(review, timezone.localdate(review.signed_at, clinic.zone))
    if has_newer_plan(review):
        # Late: the newer plan already looks after the disease, and after what it accepted itself.
        wanted = [one for one in wanted if one.treatment and not _is_open(review, one)]
    inherited = _take_over(review, wanted)
    reminders = [_reminder(review, one, inherited.get(one.place)) for one in wanted]
    Reminder.objects.bulk_create(reminders)
    record(by=by, action="plan.written", subject=review, reminders=len(reminders), taken_over=len(inherited))
    return True


def _claim(review: Review) -> bool:
    try:
        with transaction.atomic():
            Plan.objects.create(review=review)
    except IntegrityError:
        return False
    return True


def _is_open(review: Review, one: Occurrence) -> bool:
    row, treatment, condition, lesion = one.place
    return Reminder.objects.filter(
        state=State.OPEN,
        review__assessment__case=review.assessment.case_id,
        row=row,
        treatment=treatment,
        condition=condition,
        lesion=lesion,
    ).exists()


def _take_over(review: Review, wanted: list[Occurrence]) -> dict[tuple[str, str, str, str], Reminder]:
    """Closes what this plan replaces. Returns it by what it checked."""
    places = {one.place for one in wanted}
    taken = {}
    now, today = timezone.now(), today_in(review.assessment.case.patient.clinic)
    for old in earlier_open(review).select_for_update(of=("self",)).order_by("-due_on"):
        place = (old.row, old.treatment, old.condition, old.lesion)
        if old.treatment and place not in places:
            continue
        old.state, old.outcome, old.closed_at, old.done_on = State.CLOSED, Outcome.TAKEN_OVER, now, today
        old.save(update_fields=["state", "outcome", "closed_at", "done_on"])
        taken[place] = old
    return taken


def _reminder(review: Review, one: Occurrence, inherited: Reminder | None) -> Reminder:
    patient = review.assessment.case.patient
    earlier = inherited if inherited is not None and inherited.due_on < one.due_on else one
    return Reminder(
        clinic_id=patient.clinic_id,
        patient=patient,
        review=review,
        step=one.step,
        row=one.row,
        treatment=one.treatment,
        condition=one.condition,
        lesion=one.lesion,
        opens_on=earlier.opens_on,
        due_on=earlier.due_on,
        until_on=earlier.until_on,
        owner_role=one.details["owner_role"],
        priority=one.details["priority"],
    )
