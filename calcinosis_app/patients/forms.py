"""What is typed about a patient as a person. Forms judge shape; the actions judge the rest."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from calcinosis_app.patients.models.case import TITLE_LENGTH
from calcinosis_app.patients.models.patient import NAME_LENGTH, NUMBER_LENGTH, Patient
from calcinosis_app.patients.typed import Misread, day


class DayField(forms.DateField):
    """A day, read as in case entry."""

    def to_python(self, value: Any) -> date | None:
        """The day, or nothing for an empty field."""
        if value in self.empty_values:
            return None
        try:
            return day(str(value))
        except Misread as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


def _words(label: str, longest: int, **options: Any) -> forms.CharField:
    """A field of text that the browser does not fill with somebody else's name."""
    return forms.CharField(
        label=label,
        max_length=longest,
        error_messages={"required": f"The {label.lower()} is missing. Write it here."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        **options,
    )


class SearchForm(forms.Form):
    """One field for three ways to name a patient."""

    text = forms.CharField(
        label="Name, number or birth date",
        max_length=100,
        help_text="Part of a name, the beginning of a number, or a birth date as in 1961-05-04.",
        error_messages={"required": "Nothing to search for. Type a name, number or birth date."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search", "autofocus": True}),
    )


class PatientForm(forms.Form):
    """A new patient. What is not known stays open."""

    family_name = _words("Family name", NAME_LENGTH)
    given_name = _words("Given name", NAME_LENGTH)
    birth_date = DayField(
        label="Birth date",
        required=False,
        help_text="As in 1961-05-04. Leave it open when nobody knows it.",
        error_messages={"invalid": "This is not a day. Write it as in 1961-05-04."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "YYYY-MM-DD"}),
    )
    sex = forms.ChoiceField(
        label="Sex",
        required=False,
        choices=[*Patient.Sex.choices, ("", "not known")],
        help_text="As laboratory ranges use it.",
        widget=forms.RadioSelect,
    )
    number = _words("Number", NUMBER_LENGTH, help_text="The number by which your clinic knows the patient.")


class CaseForm(forms.Form):
    """A new case."""

    title = _words("What it is about", TITLE_LENGTH, required=False, help_text="For example: fingertips, since spring.")
