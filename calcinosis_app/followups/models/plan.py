"""That the reminders of a signed review were written."""

from django.db import models
from django.utils import timezone

from calcinosis_app.assessments.models import Review
from calcinosis_app.core.past import keeps_its_past


@keeps_its_past()
class Plan(models.Model):
    """One row per signed review whose reminders were written; who adds it first has claimed the review."""

    review = models.OneToOneField(Review, primary_key=True, on_delete=models.PROTECT, related_name="plan")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-written_at"]

    def __str__(self) -> str:
        return f"plan of {self.review_id}"
