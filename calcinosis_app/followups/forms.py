"""How a reminder is closed. The form judges shape; the action judges the rest."""

from datetime import date
from typing import Any

from django import forms

from calcinosis_app.followups.models.reminder import TEXT_LENGTH
from calcinosis_app.followups.outcomes import CHOSEN_BY_PEOPLE

DAY_FORMS = ["%Y-%m-%d", "%d.%m.%Y"]


class CloseForm(forms.Form):
    """What became of the check. `ends` is asked only where it would come again."""

    outcome = forms.ChoiceField(
        label="What became of it?",
        choices=[(outcome.value, outcome.label) for outcome in CHOSEN_BY_PEOPLE],
        error_messages={"required": "Choose what became of it."},
        widget=forms.RadioSelect,
    )
    done_on = forms.DateField(
        label="On which day?",
        input_formats=DAY_FORMS,
        help_text="The next one counts from this day.",
        error_messages={
            "invalid": "This is not a day. Write it as in 2026-03-01.",
            "required": "The day is missing. Write it as in 2026-03-01.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "short"}),
    )
    text = forms.CharField(
        label="Result or reason",
        required=False,
        max_length=TEXT_LENGTH,
        help_text="What was found, or why it was not done. Needed when it is no longer needed.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    ends = forms.BooleanField(label="This check ends here; no further one is to follow", required=False)

    def __init__(self, *args: Any, today: date, repeats: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"].initial = today.isoformat()
        if not repeats:
            del self.fields["ends"]
