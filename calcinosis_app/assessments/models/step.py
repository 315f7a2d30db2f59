"""What was decided about one step of the pathway."""

import uuid

from django.db import models
from django.db.models.functions import Length
from django.utils import timezone

from calcinosis_app.assessments.decisions import NEEDS_A_REASON, SHORTEST_OVERRIDE_TEXT, Decision
from calcinosis_app.assessments.models.review import Review
from calcinosis_app.assessments.reasons import ReasonGroup
from calcinosis_app.core.past import keeps_its_past

models.TextField.register_lookup(Length)
Q = models.Q
TEXT_LENGTH = 2000


@keeps_its_past(by=["review"])
class Step(models.Model):
    """One decision about one option (`treatment`) or one other step of the pathway (`row`).

    `lesion` is the lesion's label, empty for what belongs to the patient. `status` is the option's status when it was
    decided. `is_override` says that an absolute gate was overridden. `details` is what was changed, in words.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="steps")
    treatment = models.CharField(max_length=100, blank=True)
    row = models.CharField(max_length=120, blank=True)
    lesion = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=20, blank=True)
    decision = models.CharField(max_length=16, choices=Decision)
    reason_group = models.CharField(max_length=20, choices=ReasonGroup, blank=True)
    text = models.TextField(blank=True, max_length=TEXT_LENGTH)
    details = models.TextField(blank=True, max_length=TEXT_LENGTH)
    is_override = models.BooleanField(default=False)
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "treatment", "row", "lesion"], name="step_decided_once_per_review"),
            models.CheckConstraint(
                name="step_is_a_treatment_or_a_row",
                condition=(Q(treatment="") & ~Q(row="")) | (~Q(treatment="") & Q(row="")),
            ),
            models.CheckConstraint(name="step_decision_is_known", condition=Q(decision__in=Decision.values)),
            models.CheckConstraint(name="step_reason_is_known", condition=Q(reason_group__in=["", *ReasonGroup.values])),
            models.CheckConstraint(
                name="step_not_followed_has_a_reason",
                condition=~Q(decision__in=NEEDS_A_REASON) | ~Q(reason_group=""),
            ),
            models.CheckConstraint(
                name="step_override_has_a_reason_and_a_text",
                condition=Q(is_override=False) | (~Q(reason_group="") & Q(text__length__gte=SHORTEST_OVERRIDE_TEXT)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.treatment or self.row}"

    @property
    def clinic_id(self) -> uuid.UUID:
        """The patient's clinic, by which the policy decides."""
        return self.review.clinic_id

    @property
    def record_id(self) -> uuid.UUID:
        """Whose record it is part of, by which the policy decides in an emergency."""
        return self.review.record_id
