"""How often rows counted. Numbers alone: nothing here leads to a patient, a case or an assessment."""

from django.db import models

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.rulebooks.models import Release

Q = models.Q


class What(models.TextChoices):
    """What is counted of a row, each in cases.

    FIRED is of assessments, everything else of signed reviews. AGAINST is what was declined or overridden.
    """

    FIRED = "fired", "fired"
    DECIDED = "decided", "decided about"
    ACCEPTED = "accepted", "accepted"
    CHANGED = "changed", "accepted with changes"
    DEFERRED = "deferred", "deferred"
    DECLINED = "declined", "declined"
    OVERRIDDEN = "overridden", "overridden"
    AGAINST = "against", "declined or overridden"


class Share(models.Model):
    """One clinic's cases under one release in one month of the clinic's calendar: what was counted together.

    `basis` is a sum over the assessments and reviews that were counted, by which a later look sees whether they still are the same.
    A share that is counted again is replaced as a whole, so that counting twice, late or after a repair comes to the same.
    """

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    assessed = models.PositiveIntegerField()
    signed = models.PositiveIntegerField()
    basis = models.CharField(max_length=80)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "clinic", "month"], name="share_once_per_release_clinic_month"),
            models.CheckConstraint(name="share_begins_with_its_month", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"share of {self.clinic_id} in {self.month:%Y-%m}"


class RowCount(models.Model):
    """In how many cases of a share a row fired, or came to something. `reason` splits what was not followed; empty for all together."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="counts")
    row = models.CharField(max_length=120)
    what = models.CharField(max_length=12, choices=What)
    reason = models.CharField(max_length=20, blank=True)
    cases = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["share", "row", "what", "reason"], name="row_counted_once_per_share"),
            models.CheckConstraint(name="row_count_is_of_something", condition=Q(cases__gte=1) & Q(what__in=What.values) & ~Q(row="")),
        ]
        indexes = [models.Index(fields=["row"], name="row_count_by_row")]

    def __str__(self) -> str:
        return f"{self.row} {self.what}: {self.cases}"
