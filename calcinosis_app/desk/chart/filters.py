"""What of the chart is shown: plots or tables, which days, which measurements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict

from calcinosis_app.desk.chart.analytes import Analyte
from calcinosis_app.patients.forms import DayField

SHOWS = (("plots", "Plots"), ("tables", "Tables"), ("both", "Both"))
DAYS = "days"
PERIODS = (
    ("", "everything"),
    ("90", "the last 90 days"),
    ("365", "the last year"),
    ("730", "the last 2 years"),
    ("1826", "the last 5 years"),
    ("3652", "the last 10 years"),
    (DAYS, "from one day to another"),
)


def _day(label: str) -> DayField:
    return DayField(
        label=label,
        required=False,
        error_messages={"invalid": "This is not a day. Write it as in 2026-03-01."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "YYYY-MM-DD", "class": "short"}),
    )


class FilterForm(forms.Form):
    """Sent by GET, so that a choice can be kept as an address; it names facts and days, never a person."""

    show = forms.ChoiceField(label="Show", choices=SHOWS, required=False, widget=forms.RadioSelect)
    period = forms.ChoiceField(label="Days", choices=PERIODS, required=False)
    since = _day("From")
    until = _day("To")
    of = forms.MultipleChoiceField(label="Measurements", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, sent: QueryDict, analytes: Iterable[Analyte]) -> None:
        super().__init__({"show": "plots", **_lists(sent)}, auto_id="chart-%s")
        of: Any = self.fields["of"]
        of.choices = [(one.id, f"{one.label} ({len(one.points)})") for one in analytes]
        of.error_messages["invalid_choice"] = "A measurement that was asked for is not among those of this patient: choose from the list."

    def clean(self) -> dict[str, Any]:
        """Days count when they are asked for, and in order."""
        found: dict[str, Any] = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and since > until:
            self.add_error("until", f"{until} lies before {since}: swap the two days.")
        return found


@dataclass(frozen=True)
class Wanted:
    """The choice, as read; what could not be read counts as not chosen, and the form says so."""

    show: str
    since: date | None
    until: date | None
    of: frozenset[str]

    @property
    def plots(self) -> bool:
        """Whether pictures are shown."""
        return self.show != "tables"

    @property
    def tables(self) -> bool:
        """Whether tables are shown."""
        return self.show != "plots"

    @property
    def is_whole(self) -> bool:
        """Whether every day is shown."""
        return self.since is None and self.until is None


def wanted(form: FilterForm, on: date) -> Wanted:
    """What the form asks for."""
    form.is_valid()
    said = form.cleaned_data
    period, since, until = said.get("period") or "", said.get("since"), said.get("until")
    if period.isdigit() and not (since or until):
        since, until = on - timedelta(days=int(period)), on
    return Wanted(said.get("show") or "plots", since, until, frozenset(said.get("of") or ()))


def _lists(sent: QueryDict) -> dict[str, Any]:
    known = {name: sent.get(name, "") for name in ("show", "period", "since", "until") if sent.get(name)}
    if "since" in known or "until" in known:
        known["period"] = DAYS  # days that were typed win over a period, and the list says so
    return {**known, "of": sent.getlist("of")}
