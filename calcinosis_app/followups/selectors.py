"""What is read of reminders."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.accounts.selectors import roles_of
from calcinosis_app.assessments.models import Review
from calcinosis_app.assessments.selectors import plan_outdated, signed_reviews
from calcinosis_app.followups.models import Reminder
from calcinosis_app.followups.outcomes import State
from calcinosis_app.patients.models import Patient
from calcinosis_app.patients.selectors import in_group

# A list is for working, not for reading history: each part ends here, and says so.
MOST_SHOWN = 100
UPCOMING_DAYS = 60
DONE_DAYS = 30
# Where a reminder can stand on a day.
STANDINGS = ("overdue", "due", "upcoming", "done")


@dataclass(frozen=True)
class Worklist:
    """What waits in a clinic today. Each part is at most MOST_SHOWN long."""

    today: date
    overdue: list[Reminder]
    due: list[Reminder]
    upcoming: list[Reminder]
    done: list[Reminder]


@dataclass(frozen=True)
class Waiting:
    """How much needs somebody now, and the first of it: what is overdue, then what is due, most harmful first."""

    overdue: int
    due: int
    first: list[Reminder]


def today_in(clinic: Clinic) -> date:
    """The day on the clinic's calendar."""
    return timezone.localdate(timezone=clinic.zone)


def unwritten_reviews() -> QuerySet[Review]:
    """The signed reviews whose reminders were not written yet, the oldest first. A practice case is nobody to remind of."""
    return signed_reviews().filter(plan__isnull=True, assessment__case__patient__practice__isnull=True)


def worklist(user: User, *, only_mine: bool) -> Worklist:
    """The list of the person's clinic; `only_mine` keeps what a role of the person owns. Empty without a clinic."""
    if user.clinic is None:
        return Worklist(timezone.localdate(), [], [], [], [])
    parts = {standing: _first(listed(user, standing, only_mine=only_mine)) for standing in STANDINGS}
    return Worklist(today=today_in(user.clinic), **parts)


def listed(user: User, standing: str, *, only_mine: bool) -> QuerySet[Reminder]:
    """The clinic's reminders of one standing (STANDINGS), in the order in which they are worked."""
    if user.clinic is None:
        return complete(Reminder.objects.none())
    today, of_clinic = today_in(user.clinic), _of(user, only_mine=only_mine)
    if standing == "done":
        lately = timezone.now() - timedelta(days=DONE_DAYS)
        return of_clinic.exclude(state=State.OPEN).filter(closed_at__gte=lately).order_by("-closed_at", "pk")
    window = {
        "overdue": Q(until_on__lt=today),
        "due": Q(until_on__gte=today, opens_on__lte=today),
        "upcoming": Q(opens_on__gt=today, opens_on__lte=today + timedelta(days=UPCOMING_DAYS)),
    }[standing]
    return of_clinic.filter(window, state=State.OPEN)


def waiting_for(user: User, *, most: int = 5) -> Waiting:
    """What needs this person now, for the home page: what the person's roles own, overdue or due."""
    if user.clinic is None:
        return Waiting(0, 0, [])
    today = today_in(user.clinic)
    now = _of(user, only_mine=True).filter(state=State.OPEN, opens_on__lte=today)
    overdue = now.filter(until_on__lt=today)
    first = [*overdue[:most], *now.filter(until_on__gte=today).order_by("priority", "due_on")[:most]][:most]
    return Waiting(overdue.count(), now.filter(until_on__gte=today).count(), first)


def reminders_of(patient: Patient) -> QuerySet[Reminder]:
    """Everything that was, is or will be due for a patient's group, by day."""
    return complete(Reminder.objects.filter(in_group(patient.pk)))


def complete(found: QuerySet[Reminder]) -> QuerySet[Reminder]:
    """With everything that an entry of a list shows, in one query: also whether its plan is outdated."""
    return (
        found.select_related(
            "patient__clinic",
            "patient__practice",
            "patient__merged_into__practice",
            "clinic",
            "review__assessment__release",
            "review__reviewer",
            "closed_by",
            "followed_by",
        )
        .defer("review__assessment__release__content", "review__assessment__findings", "review__assessment__result")
        .annotate(plan_outdated=plan_outdated(case="review__assessment__case", patient="patient"))
    )


def earlier_open(review: Review) -> QuerySet[Reminder]:
    """What is still open from plans of the same case that were signed before this one."""
    return Reminder.objects.filter(
        state=State.OPEN,
        review__assessment__case=review.assessment.case_id,
        review__signed_at__lt=review.signed_at,
    )


def has_newer_plan(review: Review) -> bool:
    """Whether the reminders of a later signed review of the same case were written already."""
    return Review.objects.filter(assessment__case=review.assessment.case_id, signed_at__gt=review.signed_at, plan__isnull=False).exists()


def _of(user: User, *, only_mine: bool) -> QuerySet[Reminder]:
    found = complete(Reminder.objects.filter(clinic=user.clinic))
    return found.filter(owner_role__in=[role.name for role in roles_of(user)]) if only_mine else found


def _first(found: QuerySet[Reminder]) -> list[Reminder]:
    return list(found[:MOST_SHOWN])
