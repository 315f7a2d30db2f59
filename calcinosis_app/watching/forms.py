"""What is typed about watching. Forms judge shape; the actions judge the rest."""

from django import forms

from calcinosis_app.watching.models.alarm import NOTE_LENGTH as ALARM_NOTE
from calcinosis_app.watching.models.source import MOST_MONTHS, NOTE_LENGTH

HOLDS, NO_LONGER = "holds", "no_longer"
_MONTHS = f"Write a whole number from 1 to {MOST_MONTHS}."


class IntervalForm(forms.Form):
    """How often."""

    months = forms.IntegerField(
        label="Months until a source is looked at again",
        min_value=1,
        max_value=MOST_MONTHS,
        error_messages={"required": _MONTHS, "invalid": _MONTHS, "min_value": _MONTHS, "max_value": _MONTHS},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "short"}),
    )


class SourceForm(forms.Form):
    """What somebody found who looked at a source."""

    found = forms.ChoiceField(
        label="What did you find?",
        choices=[(HOLDS, "It still says what the rules take from it"), (NO_LONGER, "It no longer does")],
        error_messages={"required": "Choose one of the two.", "invalid_choice": "Choose one of the two."},
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="What is new",
        required=False,
        max_length=NOTE_LENGTH,
        help_text="Needed when it no longer holds: a new edition, a withdrawn label, another figure.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CloseForm(forms.Form):
    """Why what was found is right."""

    note = forms.CharField(
        label="Why this is right",
        max_length=ALARM_NOTE,
        error_messages={"required": "The reason is missing. Say in a few words why this is right."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
