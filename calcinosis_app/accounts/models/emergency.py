"""Emergency access: one person may read one patient of another clinic, for a reason and for a few hours."""

import uuid
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from calcinosis_app.accounts.models.clinic import Clinic
from calcinosis_app.core.past import keeps_its_past

LONGEST: Final = timedelta(hours=24)
REASON_LENGTH: Final = 500


@keeps_its_past(by=["record_id"], noise=["mailed_at"])
class EmergencyAccess(models.Model):
    """What was opened, by whom, why and until when.

    `record_id` is whose record it opens, without a foreign key: patients stand on a higher floor. `clinic` is the patient's when it
    was opened; somebody there marks the notice as seen. The database keeps what was said, and lets nothing that ended begin again.
    """

    class End(models.TextChoices):
        ENDED = "ended", "ended by the person"
        EXPIRED = "expired", "the time was up"
        DEACTIVATED = "deactivated", "the person was deactivated"
        RESTORED = "restored", "the installation was restored"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="emergency_accesses")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="emergency_accesses")
    record_id = models.UUIDField()
    reason = models.CharField(max_length=REASON_LENGTH)
    opened_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=16, choices=End, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at"]
        indexes = [
            models.Index(fields=["clinic", "-opened_at"], name="emergency_by_clinic"),
            models.Index(fields=["record_id", "-opened_at"], name="emergency_by_record"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "record_id"], condition=Q(ended_at=None), name="emergency_open_once_per_person_and_patient"
            ),
            models.CheckConstraint(name="emergency_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="emergency_lasts_a_day_at_most", condition=Q(until__gt=F("opened_at"), until__lte=F("opened_at") + LONGEST)
            ),
            models.CheckConstraint(
                name="emergency_ends_in_a_known_way",
                condition=Q(ended_at=None, end="") | Q(ended_at__isnull=False, end__in=["ended", "expired", "deactivated", "restored"]),
            ),
            models.CheckConstraint(
                name="emergency_seen_by_somebody_or_not_at_all",
                condition=Q(seen_at=None, seen_by=None) | Q(seen_at__isnull=False, seen_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"emergency access {self.pk}"

    def is_live(self) -> bool:
        """Whether it still opens anything: not in the very second in which its time is up."""
        return self.ended_at is None and self.until > timezone.now()
