"""What is typed about how long records are kept. Forms judge shape; the actions judge the rest."""

from django import forms

from calcinosis_app.patients.models.patient import NUMBER_LENGTH
from calcinosis_app.patients.models.retention import MOST_YEARS, REASON_LENGTH


def _number(label: str, least: int, text: str) -> forms.IntegerField:
    say = f"Write a whole number from {least} to {MOST_YEARS}."
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=MOST_YEARS,
        help_text=text,
        error_messages={"required": say, "invalid": say, "min_value": say, "max_value": say},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "short"}),
    )


class YearsForm(forms.Form):
    """How long."""

    years = _number("Years after the last activity", 1, "As the law of your country asks; ten in many.")
    until_age = _number("In any case until the age of", 18, "For whoever was treated as a child.")


class HoldForm(forms.Form):
    """Which record must be kept, and why."""

    number = forms.CharField(
        label="Number",
        max_length=NUMBER_LENGTH,
        error_messages={"required": "The number is missing. Write it here."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "short"}),
    )
    reason = forms.CharField(
        label="Why it must be kept",
        max_length=REASON_LENGTH,
        error_messages={"required": "The reason is missing. Say in a few words why the record must be kept."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
