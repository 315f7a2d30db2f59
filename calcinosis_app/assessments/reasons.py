"""The reasons a clinician may have for not following an option: HL7's seven groups of override reasons."""

from django.db import models


class ReasonGroup(models.TextChoices):
    """Why an option was changed, deferred, declined or overridden."""

    NOT_APPLICABLE = "not_applicable", "does not apply to this patient"
    BAD_MOMENT = "bad_moment", "not the right moment"
    DISAGREES = "disagrees", "disagrees with the evidence or the rule"
    OUTCOME = "outcome", "concern about the outcome"
    PATIENT_PREFERENCE = "patient_preference", "the patient prefers otherwise"
    NOT_FEASIBLE = "not_feasible", "not feasible here"
    NOT_UNDERSTOOD = "not_understood", "the advice is not understood"
