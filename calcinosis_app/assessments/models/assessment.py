"""What the rules said of a case on a day: frozen, with everything it rests on."""

import json
import uuid
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from calcinosis_app.core.written_once import WrittenOnce, WrittenOnceQuerySet
from calcinosis_app.patients.models import Case
from calcinosis_app.rulebooks.models import Release


class Assessment(WrittenOnce):
    """Findings, release and day in; result out.

    `findings` is the case as canonical JSON in the contract's format, `result` the assessment as canonical JSON, both
    kept as text so that not a byte changes; `sha256` is of `result`. `on` is the day for which the case was judged,
    `engine` the version of the evaluation that judged it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assessments")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    jurisdiction = models.CharField(max_length=2)
    engine = models.CharField(max_length=20)
    findings = models.TextField()
    result = models.TextField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[WrittenOnceQuerySet["Assessment"]] = WrittenOnceQuerySet.as_manager()  # type: ignore[assignment]  # the stubs know no such manager

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["case", "-made_at"], name="assessment_by_case")]
        constraints = [
            models.CheckConstraint(
                name="assessment_has_findings_result_engine",
                condition=~models.Q(findings="") & ~models.Q(result="") & ~models.Q(engine=""),
            ),
            models.CheckConstraint(name="assessment_sha256_is_one", condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return f"assessment {self.pk}"

    @property
    def clinic_id(self) -> uuid.UUID:
        """The patient's clinic, by which the policy decides."""
        return self.case.clinic_id

    @property
    def record_id(self) -> uuid.UUID:
        """Whose record it is part of, by which the policy decides in an emergency."""
        return self.case.record_id

    @cached_property
    def document(self) -> dict[str, Any]:
        """The case that was judged, in the contract's format. A copy to read, not to change."""
        read: dict[str, Any] = json.loads(self.findings)
        return read

    @cached_property
    def outcome(self) -> dict[str, Any]:
        """The result as plain data, in the contract's format. A copy to read, not to change."""
        read: dict[str, Any] = json.loads(self.result)
        return read
