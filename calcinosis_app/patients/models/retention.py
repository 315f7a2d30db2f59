"""How long a clinic keeps a record after the last activity, and the records that are held back from removal."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.core.past import keeps_its_past
from calcinosis_app.patients.models.patient import Patient

YEARS, UNTIL_AGE = 10, 28
MOST_YEARS = 100
REASON_LENGTH = 500
Q = models.Q


@keeps_its_past()
class RetentionRule(models.Model):
    """The years of one clinic; one that has none keeps the default. Nobody's record is removed before the age of `until_age`."""

    clinic = models.OneToOneField(Clinic, primary_key=True, on_delete=models.PROTECT, related_name="retention_rule")
    years = models.PositiveSmallIntegerField(default=YEARS)
    until_age = models.PositiveSmallIntegerField(default=UNTIL_AGE)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="retention_years_are_possible", condition=Q(years__gte=1, years__lte=MOST_YEARS)),
            models.CheckConstraint(name="retention_age_is_grown_up", condition=Q(until_age__gte=18, until_age__lte=MOST_YEARS)),
        ]

    def __str__(self) -> str:
        return f"retention rule of {self.clinic_id}"


@keeps_its_past(by=["patient"])
class RecordHold(models.Model):
    """A record that must not be removed until somebody lifts the hold: a dispute, a study, a question still open."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=REASON_LENGTH)
    held_at = models.DateTimeField(default=timezone.now)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["held_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["patient"], condition=Q(lifted_at__isnull=True), name="record_held_once_at_a_time"),
            models.CheckConstraint(name="record_hold_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="record_hold_lifted_by_somebody_or_not_at_all",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"hold on {self.patient_id}"
