"""What is typed when two patients are compared, merged or unmerged. Forms judge shape; the actions judge the rest."""

from typing import Any

from django import forms

from calcinosis_app.patients.models import Patient
from calcinosis_app.patients.models.merge import REASON_LENGTH
from calcinosis_app.patients.models.patient import NUMBER_LENGTH


def _reason(label: str, example: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=REASON_LENGTH,
        help_text=example,
        error_messages={"required": "The reason is missing. Say in a few words how you know."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class OtherForm(forms.Form):
    """Which other record."""

    number = forms.CharField(
        label="Number of the other record",
        max_length=NUMBER_LENGTH,
        error_messages={"required": "The number is missing. Write it here."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class MergeForm(forms.Form):
    """Who stays, and how it is known that both are one person. Nobody is chosen beforehand."""

    stays = forms.ChoiceField(
        label="Which record stays?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the record that stays.", "invalid_choice": "Choose one of the two."},
    )
    reason = _reason("How do you know that this is one person?", "For example: identity card seen; both numbers are on the referral.")

    def __init__(self, one: Patient, other: Patient, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(patient.pk), f"Number {patient.number}, {patient.name}") for patient in (one, other)]
        self.fields["stays"].choices = choices  # type: ignore[attr-defined]  # the stubs know a field without choices


class UnmergeForm(forms.Form):
    """Why."""

    reason = _reason("How do you know that these are two people?", "For example: merged by mistake; two birth dates confirmed.")
