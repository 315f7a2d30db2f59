"""Why a clinic cannot give a number."""

from django.utils import timezone

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.patients.models import PastNumber


def number_taken(clinic: Clinic, number: str) -> str:
    """The sentence for a number that the database has refused."""
    past = PastNumber.objects.filter(clinic=clinic, number=number).exclude(patient__clinic=clinic).first()
    if past is not None:
        day = timezone.localtime(past.left_at, clinic.zone)
        return (
            f"Number {number} belonged to a patient who left this clinic on {day:%-d %b %Y}. It is given to nobody "
            "else, so that old letters and results reach nobody wrong: write another number."
        )
    return f"Number {number} belongs to another patient of this clinic. Search for it, or write another number."
