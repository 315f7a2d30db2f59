"""Where a clinician says that a lesion has another type than the rules say."""

from django.db import models
from django.utils import timezone

from calcinosis_app.assessments.models.review import Review
from calcinosis_app.assessments.models.step import TEXT_LENGTH
from calcinosis_app.assessments.reasons import ReasonGroup
from calcinosis_app.core.past import keeps_its_past

CANNOT_SAY = "cannot_say"
TYPES = ("dystrophic", "metastatic", "iatrogenic", "idiopathic", "mixed", "not_calcinosis", "calciphylaxis", CANNOT_SAY)
Q = models.Q


@keeps_its_past(by=["review"])
class TypeOverride(models.Model):
    """The reviewer's own type for one lesion, with the reason. `says` is what the rules said: a type, or "" while open."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="type_overrides")
    lesion = models.CharField(max_length=64)
    says = models.CharField(max_length=20, blank=True)
    type = models.CharField(max_length=20)
    reason_group = models.CharField(max_length=20, choices=ReasonGroup)
    text = models.TextField(max_length=TEXT_LENGTH)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["lesion"]
        constraints = [
            models.UniqueConstraint(fields=["review", "lesion"], name="type_override_once_per_lesion"),
            models.CheckConstraint(name="type_override_names_a_lesion", condition=~Q(lesion="")),
            models.CheckConstraint(name="type_override_names_a_type", condition=Q(type__in=TYPES)),
            models.CheckConstraint(name="type_override_differs", condition=~Q(type=models.F("says"))),
            models.CheckConstraint(
                name="type_override_has_a_reason_and_a_text",
                condition=Q(reason_group__in=ReasonGroup.values) & ~Q(text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} instead of {self.says or 'open'}"
