"""One presentation of calcinosis in a person, and its lesions."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from calcinosis_app.core.past import keeps_its_past
from calcinosis_app.core.readable import check_readable
from calcinosis_app.patients.models.patient import Patient

TITLE_LENGTH = 120


@keeps_its_past(by=["patient"])
class Case(models.Model):
    """One presentation of calcinosis in one person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="cases")
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return f"case {self.pk}"

    def get_absolute_url(self) -> str:
        """Where a case is worked on."""
        return reverse("desk:case", args=[self.pk])

    def clean(self) -> None:
        """What it is known by reads as it is written."""
        check_readable(self, "title")

    @property
    def clinic_id(self) -> uuid.UUID:
        """The patient's clinic, by which the policy decides."""
        return self.patient.clinic_id

    @property
    def record_id(self) -> uuid.UUID:
        """Whose record it is part of, by which the policy decides in an emergency."""
        return self.patient.record_id


@keeps_its_past(by=["case"])
class Lesion(models.Model):
    """One deposit, or group of deposits, at one site."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="lesions")
    label = models.CharField(max_length=8)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["added_at", "label"]
        constraints = [
            models.UniqueConstraint(fields=["case", "label"], name="lesion_label_once_per_case"),
            models.CheckConstraint(name="lesion_has_a_label", condition=~models.Q(label="")),
            models.CheckConstraint(
                name="lesion_removed_by_somebody_or_not_at_all",
                condition=models.Q(removed_at__isnull=True, removed_by__isnull=True)
                | models.Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"lesion {self.label} of {self.case}"

    @property
    def clinic_id(self) -> uuid.UUID:
        """The patient's clinic, by which the policy decides."""
        return self.case.clinic_id

    @property
    def record_id(self) -> uuid.UUID:
        """Whose record it is part of, by which the policy decides in an emergency."""
        return self.case.record_id
