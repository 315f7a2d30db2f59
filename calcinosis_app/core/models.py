"""When each part that works unseen was last heard of."""

from django.db import models


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
