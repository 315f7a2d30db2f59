"""What was noticed and has not ended."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from calcinosis_app.rulebooks.models import Release

NOTE_LENGTH = 500
Q = models.Q


class Kind(models.TextChoices):
    """What an alarm is about."""

    ANSWER = "answer", "An answer changed without a release"
    SILENT = "silent", "A row went silent"
    TOUCHED = "touched", "Something stored was touched"


class Alarm(models.Model):
    """One thing that is not as it was. It is raised once, stays while it holds, and closes with a note that says why.

    `subject` is the case, the row, or the thing that was touched. `digest` is of what was found: another one is another change. `accepted`
    says that a person has taken what was found as right: the same is no alarm again.
    `closed_by` is text, as in the audit log; it is the product itself where the matter mended itself.
    """

    kind = models.CharField(max_length=8, choices=Kind)
    release = models.ForeignKey(Release, null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=200)
    says = models.TextField()
    differences = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64, blank=True)
    raised_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=200, blank=True)
    accepted = models.BooleanField(default=False)
    note = models.TextField(blank=True, max_length=NOTE_LENGTH)

    class Meta:
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], condition=Q(closed_at__isnull=True), name="alarm_raised_once"),
            models.CheckConstraint(
                name="alarm_is_of_a_kind_and_says_what", condition=Q(kind__in=Kind.values) & ~Q(subject="") & ~Q(says="")
            ),
            models.CheckConstraint(
                name="alarm_closed_by_somebody_with_a_note_or_not_at_all",
                condition=Q(closed_at__isnull=True, closed_by="", note="") | (Q(closed_at__isnull=False) & ~Q(closed_by="") & ~Q(note="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"

    @property
    def is_open(self) -> bool:
        """Whether it still holds."""
        return self.closed_at is None
