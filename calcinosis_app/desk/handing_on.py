"""What goes with a patient to another clinic, counted for the person who decides."""

from dataclasses import dataclass

from calcinosis_app.assessments.models import Review
from calcinosis_app.followups.models import Reminder
from calcinosis_app.followups.outcomes import State
from calcinosis_app.patients.models import Case, DraftEntry, Patient


@dataclass(frozen=True)
class Along:
    """How much there is of each. `unsigned` are reviews that somebody has begun."""

    cases: int
    typed: int
    unsigned: int
    reminders: int


def along_with(patient: Patient) -> Along:
    """Everything that a transfer takes along and somebody should know of."""
    return Along(
        cases=Case.objects.filter(patient=patient).count(),
        typed=DraftEntry.objects.filter(case__patient=patient).count(),
        unsigned=Review.objects.filter(assessment__case__patient=patient, signed_at=None, superseded_by=None).count(),
        reminders=Reminder.objects.filter(patient=patient, state=State.OPEN).count(),
    )
