"""One file of results."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.core.past import keeps_its_past
from calcinosis_app.laboratory.files.written import Dates, DecimalMark, Delimiter, Encoding, Kind, Written

Q = models.Q
LABORATORY_LENGTH = 100


class State(models.TextChoices):
    """Where an import stands."""

    RECEIVED = "received", "received"
    WORKING = "working", "running"
    DONE = "done", "finished"
    FAILED = "failed", "not readable"
    STOPPED = "stopped", "stopped"


UNFINISHED = (State.RECEIVED, State.WORKING)


@keeps_its_past()
class Import(models.Model):
    """One file, how it is written, and how far it is.

    A dry run until somebody commits it: then its lines are judged again in the same way, and findings are made.
    `run_by` answers for what is done now. `say` tells why it failed or stopped.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    laboratory = models.CharField(max_length=LABORATORY_LENGTH, blank=True)
    kind = models.CharField(max_length=4, choices=Kind)
    encoding = models.CharField(max_length=12, choices=Encoding, default=Encoding.UTF_8)
    delimiter = models.CharField(max_length=9, choices=Delimiter, default=Delimiter.COMMA)
    decimal = models.CharField(max_length=5, choices=DecimalMark, default=DecimalMark.POINT)
    dates = models.CharField(max_length=11, choices=Dates, default=Dates.ISO)
    unread_columns = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    say = models.TextField(blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    run_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    committed_at = models.DateTimeField(null=True, blank=True)
    committed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["clinic", "-received_at"], name="import_by_clinic"),
            models.Index(fields=["received_at"], condition=Q(state__in=UNFINISHED), name="import_unfinished"),
        ]
        constraints = [
            # The same file pressed twice, or sent fifty times at once, is one dry run.
            models.UniqueConstraint(
                fields=["clinic", "sha256", "laboratory", "kind", "encoding", "delimiter", "decimal", "dates"],
                condition=Q(committed_at__isnull=True),
                name="import_dry_run_once_per_file",
            ),
            models.CheckConstraint(name="import_state_is_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="import_committed_by_somebody_or_not_at_all",
                condition=Q(committed_at__isnull=True, committed_by__isnull=True)
                | Q(committed_at__isnull=False, committed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="import_says_why_it_goes_no_further",
                condition=~Q(state__in=[State.FAILED, State.STOPPED]) | ~Q(say=""),
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"  # never the file's name: it may be a patient's, and this text reaches logs

    def get_absolute_url(self) -> str:
        """Where an import is looked at."""
        return reverse("laboratory:import", args=[self.pk])

    @property
    def written(self) -> Written:
        """How the file is written, as it was declared."""
        return Written(self.kind, self.encoding, self.delimiter, self.decimal, self.dates)

    @property
    def committed(self) -> bool:
        """Whether findings are made, or it is only a dry run."""
        return self.committed_at is not None

    @property
    def unfinished(self) -> bool:
        """Whether there is something left to do."""
        return self.state in UNFINISHED


class ImportFile(models.Model):
    """The bytes of a file until its lines are rows; then they are thrown away."""

    source = models.OneToOneField(Import, on_delete=models.CASCADE, related_name="file")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"file of {self.source_id}"
