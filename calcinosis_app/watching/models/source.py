"""When a source of the rules was looked at, and how often a clinic wants that."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.core.past import keeps_its_past
from calcinosis_app.core.written_once import WrittenOnce, WrittenOnceQuerySet

MONTHS, MOST_MONTHS = 12, 120
NOTE_LENGTH = 500
Q = models.Q


class SourceCheck(WrittenOnce):
    """Somebody looked whether a source still says what the rules take from it. It counts for every clinic."""

    key = models.CharField(max_length=100)
    release = models.PositiveIntegerField()
    still_holds = models.BooleanField()
    note = models.TextField(blank=True, max_length=NOTE_LENGTH)
    checked_at = models.DateTimeField(default=timezone.now)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[WrittenOnceQuerySet["SourceCheck"]] = WrittenOnceQuerySet.as_manager()  # type: ignore[assignment]  # the stubs know no such manager

    class Meta:
        ordering = ["-checked_at", "-pk"]
        indexes = [models.Index(fields=["key", "-checked_at"], name="source_check_by_key")]
        constraints = [
            models.CheckConstraint(name="source_check_names_a_source", condition=~Q(key="")),
            models.CheckConstraint(name="source_check_says_what_no_longer_holds", condition=Q(still_holds=True) | ~Q(note="")),
        ]

    def __str__(self) -> str:
        return f"check of {self.key}"


@keeps_its_past()
class ReviewInterval(models.Model):
    """After how many months a clinic wants a source looked at again; a clinic that has none keeps the default."""

    clinic = models.OneToOneField(Clinic, primary_key=True, on_delete=models.PROTECT, related_name="review_interval")
    months = models.PositiveSmallIntegerField(default=MONTHS)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="review_interval_is_possible", condition=Q(months__gte=1, months__lte=MOST_MONTHS))]

    def __str__(self) -> str:
        return f"review interval of {self.clinic_id}"
