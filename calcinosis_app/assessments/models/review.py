"""What one clinician made of one assessment."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from calcinosis_app.assessments.models.assessment import Assessment
from calcinosis_app.core.past import keeps_its_past

NOTE_LENGTH = 4000


@keeps_its_past(by=["assessment"])
class Review(models.Model):
    """Open until it is signed, final afterwards; the database refuses to change a signed one and its steps.

    An open one that its reviewer began anew on a later assessment is superseded: what still fitted has moved on, and it
    keeps what did not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    signed_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True, max_length=NOTE_LENGTH)
    superseded_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes")

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["signed_at"], name="review_by_signature")]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "reviewer"],
                condition=models.Q(signed_at__isnull=True, superseded_by__isnull=True),
                name="review_open_once_per_reviewer",
            ),
            models.UniqueConstraint(
                fields=["assessment"],
                condition=models.Q(signed_at__isnull=False),
                name="review_signed_once_per_assessment",
            ),
            models.CheckConstraint(
                name="review_signed_or_superseded_never_both",
                condition=models.Q(signed_at__isnull=True) | models.Q(superseded_by__isnull=True),
            ),
            models.CheckConstraint(
                name="review_signed_after_it_was_started",
                condition=models.Q(signed_at__isnull=True) | models.Q(signed_at__gte=models.F("started_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"

    @property
    def clinic_id(self) -> uuid.UUID:
        """The patient's clinic, by which the policy decides."""
        return self.assessment.clinic_id

    @property
    def record_id(self) -> uuid.UUID:
        """Whose record it is part of, by which the policy decides in an emergency."""
        return self.assessment.record_id

    @property
    def is_signed(self) -> bool:
        """Whether it is final."""
        return self.signed_at is not None
