"""That two patients were found to be one person, or said to be two."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from calcinosis_app.core.past import keeps_its_past
from calcinosis_app.core.written_once import WrittenOnce, WrittenOnceQuerySet
from calcinosis_app.patients.models.patient import Patient

REASON_LENGTH = 500
Q = models.Q


@keeps_its_past(by=["duplicate", "survivor"])
class Merge(models.Model):
    """From when to when a duplicate counted together with its survivor, and why. `unmerged_at` is empty while it does."""

    duplicate = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges")
    survivor = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges_into_it")
    reason = models.TextField(max_length=REASON_LENGTH)
    merged_at = models.DateTimeField(default=timezone.now)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unmerge_reason = models.TextField(max_length=REASON_LENGTH, blank=True)
    unmerged_at = models.DateTimeField(null=True, blank=True)
    unmerged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["merged_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["duplicate"], condition=Q(unmerged_at__isnull=True), name="merge_one_at_a_time"),
            models.CheckConstraint(name="merge_of_two", condition=~Q(duplicate=models.F("survivor"))),
            models.CheckConstraint(name="merge_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="merge_undone_by_somebody_with_a_reason_or_not_at_all",
                condition=Q(unmerged_at__isnull=True, unmerged_by__isnull=True, unmerge_reason="")
                | (Q(unmerged_at__gte=models.F("merged_at"), unmerged_by__isnull=False) & ~Q(unmerge_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"merge of {self.duplicate_id} into {self.survivor_id}"

    @property
    def clinic_id(self) -> uuid.UUID:
        """The patients' clinic, by which the policy decides."""
        return self.survivor.clinic_id


class NotSame(WrittenOnce):
    """Somebody said that two patients who look alike are two people. `one` has the lower id, so that each pair stands here once."""

    one = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[WrittenOnceQuerySet["NotSame"]] = WrittenOnceQuerySet.as_manager()  # type: ignore[assignment]  # the stubs know no such manager

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="not_same_once_per_pair"),
            models.CheckConstraint(name="not_same_in_order", condition=Q(one__lt=models.F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} is not {self.other_id}"
