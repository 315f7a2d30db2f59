"""When each part that works unseen was last heard of, and what was done once."""

import uuid

from django.db import models
from django.utils import timezone


class Part(models.TextChoices):
    """What leaves a sign of life."""

    BEAT = "beat", "Beat"
    WORKER = "worker", "Worker"
    SWEEP = "sweep", "Follow-up sweep"
    BACKUP = "backup", "Backup"
    RESTORE = "restore", "Restore"


class Heartbeat(models.Model):
    """The last sign of life of one part: one row each, overwritten by the next. It says nothing of any patient."""

    part = models.CharField(max_length=16, primary_key=True, choices=Part)
    seen_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(part__in=Part.values), name="heartbeat_is_of_a_known_part")]

    def __str__(self) -> str:
        return f"{self.part} at {self.seen_at:%Y-%m-%d %H:%M:%S}"


class OnceKey(models.Model):
    """What one person's key for one purpose came to, so that the same request, sent again, finds it (core/once.py).

    `kind` and `made` name the row that was made; both are empty only inside the transaction that makes it.
    `fingerprint` is of what was sent. It says nothing of any patient, and is swept after a while.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.CharField(max_length=64)
    purpose = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    kind = models.CharField(max_length=100, blank=True)
    made = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["at"], name="once_key_by_age")]
        constraints = [
            models.UniqueConstraint(fields=["person", "purpose", "key"], name="once_key_once_per_person_and_purpose"),
            models.CheckConstraint(
                condition=~models.Q(person="") & ~models.Q(purpose="") & ~models.Q(key=""),
                name="once_key_names_person_purpose_and_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} at {self.at:%Y-%m-%d %H:%M:%S}"
