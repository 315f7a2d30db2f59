"""One thing due for one patient in a window of days."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.assessments.models import Review, Step
from calcinosis_app.core.past import keeps_its_past
from calcinosis_app.followups.outcomes import Outcome, State
from calcinosis_app.patients.models import Patient

Q = models.Q
TEXT_LENGTH = 2000


@keeps_its_past(by=["patient"])
class Reminder(models.Model):
    """One occurrence of one check of the release (`row`), for a treatment in use or a state of the disease.

    Days are the clinic's: it may be worked from `opens_on`, is due on `due_on` and overdue after `until_on`. `step` is
    the decision that brought it, empty for what belongs to the disease. `follows` is the occurrence before it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="reminders")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="reminders")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="reminders")
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.PROTECT, related_name="reminders")
    follows = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    row = models.CharField(max_length=120)
    treatment = models.CharField(max_length=100, blank=True)
    condition = models.CharField(max_length=100, blank=True)
    lesion = models.CharField(max_length=64, blank=True)
    opens_on = models.DateField()
    due_on = models.DateField()
    until_on = models.DateField()
    owner_role = models.CharField(max_length=32)
    priority = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    text = models.TextField(blank=True, max_length=TEXT_LENGTH)
    written_at = models.DateTimeField(default=timezone.now)
    done_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["due_on", "priority", "row"]
        indexes = [
            models.Index(fields=["clinic", "state", "due_on"], name="reminder_worklist"),
            models.Index(fields=["clinic", "-closed_at"], name="reminder_closed_lately"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "row", "treatment", "condition", "lesion", "due_on"], name="reminder_once_per_plan_item_and_day"
            ),
            models.CheckConstraint(
                name="reminder_of_a_treatment_or_a_condition",
                condition=(Q(treatment="") & ~Q(condition="")) | (~Q(treatment="") & Q(condition="")),
            ),
            models.CheckConstraint(name="reminder_has_a_row", condition=~Q(row="")),
            models.CheckConstraint(name="reminder_has_an_owner", condition=~Q(owner_role="")),
            models.CheckConstraint(
                name="reminder_window_in_order",
                condition=Q(opens_on__lte=models.F("due_on")) & Q(due_on__lte=models.F("until_on")),
            ),
            models.CheckConstraint(
                name="reminder_open_without_outcome",
                condition=~Q(state=State.OPEN) | Q(outcome="", closed_at__isnull=True, closed_by__isnull=True, done_on__isnull=True),
            ),
            models.CheckConstraint(
                name="reminder_closed_with_outcome_by_somebody",
                condition=Q(state=State.OPEN)
                | (
                    Q(state__in=[State.DONE, State.CLOSED], outcome__in=Outcome.values, closed_at__isnull=False, done_on__isnull=False)
                    & (Q(closed_by__isnull=False) | Q(outcome=Outcome.TAKEN_OVER))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"reminder {self.pk} of {self.row}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody."""
        return self.state == State.OPEN
