"""What a person of the clinic has said once about a laboratory's code or unit."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.core.past import keeps_its_past
from calcinosis_app.laboratory.models.importing import LABORATORY_LENGTH
from calcinosis_app.laboratory.models.line import CODE_LENGTH, UNIT_LENGTH


class Mapping(models.Model):
    """Of one clinic and one laboratory, whose name is kept without regard to capitals and blanks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    laboratory = models.CharField(max_length=LABORATORY_LENGTH, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


@keeps_its_past()
class CodeMapping(Mapping):
    """What a code means: the fact `key`, or nothing that is needed here when `key` is empty."""

    system = models.CharField(max_length=CODE_LENGTH, blank=True)
    code = models.CharField(max_length=CODE_LENGTH)
    key = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["laboratory", "system", "code"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "laboratory", "system", "code"], name="code_mapped_once"),
            models.CheckConstraint(name="code_mapping_has_a_code", condition=~models.Q(code="")),
        ]

    def __str__(self) -> str:
        return f"mapping of a code to {self.key or 'nothing'}"


@keeps_its_past()
class UnitMapping(Mapping):
    """Which of the units of fact `key` the laboratory means by `spelling` under one code; an empty one is a result without unit.

    A mapping from before it was asked for each code has none, and applies to nothing.
    """

    system = models.CharField(max_length=CODE_LENGTH, blank=True, default="")
    code = models.CharField(max_length=CODE_LENGTH, blank=True, default="")
    key = models.CharField(max_length=100)
    spelling = models.CharField(max_length=UNIT_LENGTH, blank=True)
    unit = models.CharField(max_length=40)

    class Meta:
        ordering = ["laboratory", "key", "system", "code", "spelling"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "laboratory", "system", "code", "key", "spelling"], name="unit_mapped_once"),
            models.CheckConstraint(name="unit_mapping_is_complete", condition=~models.Q(key="") & ~models.Q(unit="")),
        ]

    def __str__(self) -> str:
        return f"mapping of a unit of {self.key} to {self.unit}"

    @property
    def place(self) -> tuple[str, str, str, str, str]:
        """For which results it holds."""
        return self.laboratory, self.system, self.code, self.key, self.spelling
