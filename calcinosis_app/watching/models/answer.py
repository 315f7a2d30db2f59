"""What the rules in force say of the release's own cases, time after time."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from calcinosis_app.core.written_once import WrittenOnce, WrittenOnceQuerySet
from calcinosis_app.rulebooks.models import Release


class Run(WrittenOnce):
    """All cases of the release in force, judged once. None of them is a patient, and nothing of a patient is read."""

    at = models.DateTimeField(default=timezone.now)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    engine = models.CharField(max_length=20)
    cases = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    milliseconds = models.PositiveIntegerField()

    objects: ClassVar[WrittenOnceQuerySet["Run"]] = WrittenOnceQuerySet.as_manager()  # type: ignore[assignment]  # the stubs know no such manager

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["release", "-at"], name="run_by_release")]
        constraints = [models.CheckConstraint(name="run_names_an_engine", condition=~models.Q(engine=""))]

    def __str__(self) -> str:
        return f"run of {self.at:%Y-%m-%d %H:%M}"


class Answer(WrittenOnce):
    """What one case came to, written down when it differs from the answer before; so the newest one is what it comes to now.

    `result` is the assessment as canonical JSON without the engine's version, or "error: ..." where it could not be judged; `digest`
    its SHA-256; `rows` the rows that fired. `differences` names the places where it differs from the answer before it.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="answers")
    case = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    result = models.TextField()
    rows = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    differences = models.JSONField(default=list, encoder=DjangoJSONEncoder)

    objects: ClassVar[WrittenOnceQuerySet["Answer"]] = WrittenOnceQuerySet.as_manager()  # type: ignore[assignment]  # the stubs know no such manager

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "case"], name="answer_once_per_run_and_case"),
            models.CheckConstraint(name="answer_digest_is_sha256", condition=models.Q(digest__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return f"answer to {self.case}"
