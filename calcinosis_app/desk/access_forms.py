"""What is typed for an emergency, for a transfer, and to look up who has seen a patient."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.models.emergency import REASON_LENGTH
from calcinosis_app.accounts.selectors import clinics, other_clinics
from calcinosis_app.patients.forms import DayField
from calcinosis_app.patients.models.patient import NAME_LENGTH, NUMBER_LENGTH

OFF = {"autocomplete": "off"}
DAY = {"autocomplete": "off", "placeholder": "YYYY-MM-DD", "class": "short"}
NO_DAY = {"invalid": "This is not a day. Write it as in 1961-05-04."}


def _reason(label: str, help_text: str, longest: int = REASON_LENGTH) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        help_text=help_text,
        error_messages={"required": "The reason is missing. Write it in a few words."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _number(help_text: str) -> forms.CharField:
    return forms.CharField(
        label="Patient number",
        max_length=NUMBER_LENGTH,
        help_text=help_text,
        error_messages={"required": "The number is missing. Write it here."},
        widget=forms.TextInput(attrs={**OFF, "class": "short"}),
    )


class ClinicForm(forms.Form):
    """A form that names another clinic than one's own."""

    clinic = forms.ModelChoiceField(
        queryset=clinics().none(),
        label="Clinic",
        empty_label="Choose a clinic",
        error_messages={"required": "Choose the clinic.", "invalid_choice": "There is no such other clinic. Choose one of the list."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clinic"].queryset = other_clinics(user)  # type: ignore[attr-defined]  # the stubs know a field without query set


class EmergencyForm(ClinicForm):
    """Exact particulars of a patient elsewhere, and why."""

    number = _number("As that clinic writes it.")
    family_name = forms.CharField(
        label="Family name",
        max_length=NAME_LENGTH,
        error_messages={"required": "The family name is missing. Write it here."},
        widget=forms.TextInput(attrs=OFF),
    )
    birth_date = DayField(
        label="Birth date",
        help_text="As in 1961-05-04, or say below that it is not known.",
        error_messages={**NO_DAY, "required": "The birth date is missing. Write it, or tick that it is not known on record."},
        widget=forms.TextInput(attrs=DAY),
    )
    birth_date_open = forms.BooleanField(label="Birth date not known on record", required=False)
    reason = _reason("What is the emergency?", "The patient's clinic reads it, with your name.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An empty field alone could be a slip.
        self.fields["birth_date"].required = not (self.is_bound and self.data.get("birth_date_open"))

    def clean(self) -> dict[str, Any]:
        """Not both a birth date and that there is none."""
        typed = super().clean() or {}
        if typed.get("birth_date") is not None and typed.get("birth_date_open"):
            self.add_error("birth_date", "Either a birth date or *not known on record*: clear one of the two.")
        return typed

    @property
    def particulars(self) -> dict[str, Any]:
        """What the action asks for."""
        return {name: value for name, value in self.cleaned_data.items() if name != "birth_date_open"}


class OfferForm(ClinicForm):
    """To which clinic, and why."""

    reason = _reason("Why is the patient transferred?", "The other clinic reads it before it accepts.")


class AcceptForm(forms.Form):
    """The number that the patient gets here."""

    number = _number("The number by which your clinic will know the patient.")


class DeclineForm(forms.Form):
    """Why not."""

    answer = _reason("Why is it declined?", "The clinic that offers reads it.")


class FindForm(forms.Form):
    """A patient of the own clinic, by number."""

    number = _number("Of a patient of your clinic.")


class SeenForm(forms.Form):
    """Which part of the list is shown."""

    person = forms.ChoiceField(label="Person", required=False)
    since = DayField(label="From", required=False, error_messages=NO_DAY, widget=forms.TextInput(attrs=DAY))
    until = DayField(label="To", required=False, error_messages=NO_DAY, widget=forms.TextInput(attrs=DAY))

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "everybody"), *people]  # type: ignore[attr-defined]  # the stubs know a field without choices

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last."""
        typed = super().clean() or {}
        since, until = typed.get("since"), typed.get("until")
        if isinstance(since, date) and isinstance(until, date) and since > until:
            self.add_error("until", f"{until} is before {since}. Exchange the two days.")
        return typed
