"""Which patients are nobody: invented people on whom a worked case is practised."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.patients.models.patient import Patient

WORKED_CASE_LENGTH = 40


class Practice(models.Model):
    """The mark that a patient is invented. It is given when the patient is made, and stays.

    One row a patient, so that a real patient has nothing that could be set by mistake: the database refuses the mark for
    a patient who has a case or a finding, and no mark is ever changed or deleted. `worked_case` names the case of the
    release. A person has one of each worked case at a time; put away, it is nowhere to be found, and another may be begun.
    """

    patient = models.OneToOneField(Patient, primary_key=True, on_delete=models.PROTECT, related_name="practice")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    worked_case = models.CharField(max_length=WORKED_CASE_LENGTH)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    put_away_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "started_by", "worked_case"],
                condition=models.Q(put_away_at__isnull=True),
                name="practice_once_per_person_and_worked_case",
            ),
            models.CheckConstraint(name="practice_names_a_worked_case", condition=~models.Q(worked_case="")),
        ]

    def __str__(self) -> str:
        return f"practice {self.patient_id} of {self.worked_case}"
