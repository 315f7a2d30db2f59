"""What is known of one fact: recorded once, corrected by a new finding, never changed."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from calcinosis_app.core.written_once import WrittenOnce, WrittenOnceQuerySet
from calcinosis_app.patients.models.case import Case, Lesion
from calcinosis_app.patients.models.patient import Patient

Q = models.Q
EMPTY_CARRIERS = {
    "number__isnull": True,
    "answer__isnull": True,
    "day__isnull": True,
    "code": "",
    "state": "",
}


def _carried_by(**carrier: Any) -> Q:
    """Says that this one column carries the finding and the others are empty."""
    column = next(iter(carrier)).partition("__")[0]
    others = {name: value for name, value in EMPTY_CARRIERS.items() if name.partition("__")[0] != column}
    return Q(**carrier, **others)


class FindingQuerySet(WrittenOnceQuerySet["Finding"]):
    """Reads findings."""


class Finding(WrittenOnce):
    """What somebody found out, on a day.

    Exactly one of `number`, `answer`, `day`, `code` and `state` carries it, or `flag` alone does (a
    result without a number); `flag` may also come with a number. `unit` is UCUM as entered, "1" for
    a number without dimension; `low` and `high`, the laboratory's own range, are in `unit`.
    `raw` is what was typed. `taken_on` is the day of the sample or of the answer. `case` is where it was
    typed; a result that came from a laboratory belongs to the patient alone, and has none. `corrects` may be a finding of
    a patient with whom this one was merged: it counts as corrected only as long as they are.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="findings")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    lesion = models.ForeignKey(Lesion, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    key = models.CharField(max_length=100)

    number = models.DecimalField(max_digits=24, decimal_places=9, null=True, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    comparator = models.CharField(max_length=2, blank=True)
    low = models.DecimalField(max_digits=24, decimal_places=9, null=True, blank=True)
    high = models.DecimalField(max_digits=24, decimal_places=9, null=True, blank=True)
    flag = models.CharField(max_length=6, blank=True)
    answer = models.BooleanField(null=True, blank=True)
    code = models.CharField(max_length=100, blank=True)
    day = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, blank=True)

    taken_on = models.DateField(null=True, blank=True)
    confirmed = models.BooleanField(default=False)
    raw = models.JSONField()
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by")

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at", "pk"]
        indexes = [
            models.Index(fields=["patient", "key", "recorded_at"], name="finding_by_patient_key"),
            models.Index(fields=["case", "recorded_at"], name="finding_by_case"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["corrects", "patient"], name="finding_corrected_once_per_patient"),
            models.CheckConstraint(name="finding_has_a_key", condition=~Q(key="")),
            models.CheckConstraint(
                name="finding_of_a_lesion_never_without_case",
                condition=Q(case__isnull=False) | Q(lesion__isnull=True),
            ),
            models.CheckConstraint(
                name="finding_number_never_without_unit",
                condition=Q(number__isnull=True) | ~Q(unit=""),
            ),
            models.CheckConstraint(
                name="finding_range_never_without_unit",
                condition=Q(low__isnull=True, high__isnull=True) | ~Q(unit=""),
            ),
            models.CheckConstraint(
                name="finding_range_low_not_above_high",
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=models.F("high")),
            ),
            models.CheckConstraint(
                name="finding_comparator_only_with_a_number",
                condition=Q(comparator="") | Q(comparator__in=["<", "<=", ">", ">="], number__isnull=False),
            ),
            models.CheckConstraint(
                name="finding_flag_is_known",
                condition=Q(flag__in=["", "normal", "high", "low"]),
            ),
            models.CheckConstraint(
                name="finding_state_is_known",
                condition=Q(state__in=["", "not_done", "unknown"]),
            ),
            models.CheckConstraint(
                name="finding_carried_exactly_once",
                condition=_carried_by(number__isnull=False)
                | (
                    Q(flag="")
                    & (
                        _carried_by(answer__isnull=False)
                        | _carried_by(day__isnull=False)
                        | _carried_by(code__gt="")
                        | _carried_by(state__gt="")
                    )
                )
                | Q(flag__gt="", **EMPTY_CARRIERS),
            ),
            models.CheckConstraint(
                name="finding_does_not_correct_itself",
                condition=~Q(corrects=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return f"finding {self.pk} of {self.key}"

    @property
    def clinic_id(self) -> uuid.UUID:
        """The patient's clinic, by which the policy decides."""
        return self.patient.clinic_id

    @property
    def record_id(self) -> uuid.UUID:
        """Whose record it is part of, by which the policy decides in an emergency."""
        return self.patient.record_id

    @property
    def before(self) -> "Finding | None":
        """What it corrects, while both are of one person: of a patient with whom this one was merged once, it is none of ours."""
        one = self.corrects
        if one is None or one.patient_id == self.patient_id or one.record_id == self.record_id:
            return one
        return None
