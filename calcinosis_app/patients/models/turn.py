"""Who wrote a field of case entry last, from which page."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from calcinosis_app.patients.models.case import Case, Lesion

PAGE_LENGTH = 36


class FieldTurn(models.Model):
    """The last writing of one field, which outlives the text itself: a field that was emptied or recorded stays so.

    `page` is a page as it was loaded once, `turn` counts what that page has sent: a request that was held up on its way
    arrives with a lower one, and says nothing any more.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    lesion = models.ForeignKey(Lesion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=100)
    slot = models.PositiveSmallIntegerField(default=0)
    page = models.CharField(max_length=PAGE_LENGTH, blank=True)
    turn = models.PositiveBigIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "lesion", "key", "slot"], name="field_turn_once_per_field", nulls_distinct=False),
            models.CheckConstraint(name="field_turn_has_a_key", condition=~models.Q(key="")),
        ]

    def __str__(self) -> str:
        return f"turn of {self.key} in {self.case}"
