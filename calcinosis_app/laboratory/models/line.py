"""One line of a file, and the results that were taken from lines."""

import uuid

from django.db import models

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.core.past import keeps_its_past
from calcinosis_app.core.written_once import WrittenOnce, WrittenOnceQuerySet
from calcinosis_app.laboratory.fates import OF_IGNORED, OF_REFUSED, Fate, Reason
from calcinosis_app.laboratory.models.importing import LABORATORY_LENGTH, Import
from calcinosis_app.patients.models import Finding

Q = models.Q
CODE_LENGTH = 100
UNIT_LENGTH = 40
# A line that waits has no past to lose: giving it its fate leaves no copy of it, changing what stood in the file does.
FIRST_FATE = (
    "OLD.fate = 'waiting' AND NEW.fate <> 'waiting' AND OLD.finding_id IS NULL "
    "AND ROW(OLD.source_id, OLD.row, OLD.cells, OLD.spoiled) IS NOT DISTINCT FROM ROW(NEW.source_id, NEW.row, NEW.cells, NEW.spoiled)"
)


@keeps_its_past(by=["source"], added=False, unless=FIRST_FATE)
class Line(models.Model):
    """One line as it stood in the file, and what became of it.

    `cells` are texts by column. `laboratory`, `system`, `code`, `unit` and `key` (the fact) are what the queue goes by,
    as far as they are known. `spoiled` is what the reader of the file found wrong.
    """

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField()
    cells = models.JSONField()
    spoiled = models.CharField(max_length=200, blank=True)
    fate = models.CharField(max_length=8, choices=Fate, default=Fate.WAITING)
    reason = models.CharField(max_length=14, choices=Reason, blank=True)
    say = models.TextField(blank=True)
    laboratory = models.CharField(max_length=LABORATORY_LENGTH, blank=True)
    system = models.CharField(max_length=CODE_LENGTH, blank=True)
    code = models.CharField(max_length=CODE_LENGTH, blank=True)
    unit = models.CharField(max_length=UNIT_LENGTH, blank=True)
    key = models.CharField(max_length=100, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    content = models.CharField(max_length=64, blank=True)
    finding = models.OneToOneField(Finding, null=True, blank=True, on_delete=models.PROTECT, related_name="line")

    class Meta:
        ordering = ["source", "row"]
        indexes = [
            models.Index(fields=["source", "row"], condition=Q(fate=Fate.WAITING), name="line_waiting"),
            models.Index(fields=["source", "fate", "reason"], name="line_by_fate"),
            models.Index(fields=["source", "fingerprint"], condition=~Q(fingerprint=""), name="line_by_result"),
            models.Index(fields=["reason"], condition=Q(fate=Fate.REFUSED), name="line_refused"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "row"], name="line_once_per_row"),
            models.CheckConstraint(
                name="line_fate_with_its_reason",
                condition=Q(fate__in=[Fate.WAITING, Fate.IMPORTED], reason="")
                | Q(fate=Fate.IGNORED, reason__in=OF_IGNORED)
                | Q(fate=Fate.REFUSED, reason__in=OF_REFUSED),
            ),
            models.CheckConstraint(
                name="line_with_a_finding_is_imported",
                condition=Q(finding__isnull=True) | Q(fate=Fate.IMPORTED),
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.row} of {self.source_id}"

    @property
    def clinic_id(self) -> uuid.UUID:
        """The import's clinic, by which the policy decides."""
        return self.source.clinic_id


class ImportedResultQuerySet(WrittenOnceQuerySet["ImportedResult"]):
    """Reads imported results."""


class ImportedResult(WrittenOnce):
    """Says that a result was taken, so that it is never taken twice.

    `fingerprint` says which result it is (laboratory/fingerprints.py), `content` what it said.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)
    content = models.CharField(max_length=64)
    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="imported")

    objects = ImportedResultQuerySet.as_manager()

    class Meta:
        verbose_name = "imported result"
        constraints = [
            models.UniqueConstraint(fields=["clinic", "fingerprint"], name="imported_result_once"),
            models.CheckConstraint(name="imported_result_has_a_fingerprint", condition=~Q(fingerprint="") & ~Q(content="")),
        ]

    def __str__(self) -> str:
        return f"imported result {self.pk}"
