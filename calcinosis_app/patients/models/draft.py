"""What was typed and not yet recorded."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from calcinosis_app.core.past import keeps_its_past
from calcinosis_app.patients.models.case import Case, Lesion


@keeps_its_past(by=["case"], added=False)
class DraftEntry(models.Model):
    """One field of case entry, as it was typed. Right or wrong: nothing typed is lost.

    `lesion` is empty for what belongs to the patient. `slot` numbers several results of one fact.
    `raw` holds texts and marks, never numbers, so that "9.80" comes back as "9.80".
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="draft_entries")
    lesion = models.ForeignKey(Lesion, null=True, blank=True, on_delete=models.PROTECT, related_name="draft_entries")
    key = models.CharField(max_length=100)
    slot = models.PositiveSmallIntegerField(default=0)
    raw = models.JSONField()
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "lesion", "key", "slot"],
                name="draft_entry_once_per_field",
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="draft_entry_has_a_key", condition=~models.Q(key="")),
        ]

    def __str__(self) -> str:
        return f"draft of {self.key} in {self.case}"
