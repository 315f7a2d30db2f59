"""What is declared of a file, and how codes and units are mapped. Forms judge shape; the actions judge the rest."""

from typing import Any

from django import forms

from calcinosis_app.laboratory.codes import laboratory_facts
from calcinosis_app.laboratory.fates import Fate, Reason
from calcinosis_app.laboratory.files.table import MOST_BYTES
from calcinosis_app.laboratory.files.written import Dates, DecimalMark, Delimiter, Encoding, Kind, Written
from calcinosis_app.laboratory.models.importing import LABORATORY_LENGTH
from calcinosis_app.laboratory.models.line import CODE_LENGTH, UNIT_LENGTH
from calcinosis_app.rulebooks.bridge import current

NOT_NEEDED = "not needed"


def _choice(label: str, choices: Any, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, error_messages={"required": f"Choose: {label.lower()}."}, **options)


class UploadForm(forms.Form):
    """A file, and how it is written. Nothing of it is guessed."""

    file = forms.FileField(
        label="File",
        help_text=f"CSV or XLSX, at most {MOST_BYTES // 1_000_000} MB. It is tried first; nothing is imported before you say so.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )
    laboratory = forms.CharField(
        label="Laboratory",
        max_length=LABORATORY_LENGTH,
        error_messages={"required": "Name the laboratory: its codes and units are mapped for it alone."},
        help_text="Of the lines that name none. Its codes and units are mapped once.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = _choice("Kind of file", Kind.choices)
    decimal = _choice("Decimals", DecimalMark.choices)
    dates = _choice("Days are written", Dates.choices)
    delimiter = _choice("Between columns (CSV)", Delimiter.choices)
    encoding = _choice("Encoding (CSV)", Encoding.choices)

    def clean_file(self) -> Any:
        """Refuses a file that is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it, and import the parts one by one.")
        return file

    @property
    def written(self) -> Written:
        """What was declared."""
        data = self.cleaned_data
        return Written(data["kind"], data["encoding"], data["delimiter"], data["decimal"], data["dates"])


class FilterForm(forms.Form):
    """Which lines of an import are shown."""

    fate = forms.ChoiceField(label="Fate", required=False, choices=[("", "all"), *Fate.choices])
    reason = forms.ChoiceField(label="Reason", required=False, choices=[("", "all"), *Reason.choices])


class CodeForm(forms.Form):
    """One code of one laboratory, and what it means."""

    laboratory = forms.CharField(required=False, max_length=LABORATORY_LENGTH, widget=forms.HiddenInput, strip=False)
    system = forms.CharField(required=False, max_length=CODE_LENGTH, widget=forms.HiddenInput, strip=False)
    code = forms.CharField(max_length=CODE_LENGTH, widget=forms.HiddenInput, strip=False)
    key = forms.ChoiceField(label="Means", required=False)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        facts = [(fact.key, fact.label) for fact in laboratory_facts(current())]
        self.fields["key"].choices = [("", "not decided"), (NOT_NEEDED, "not needed here"), *facts]  # type: ignore[attr-defined]  # the stubs know a field without choices


class UnitForm(forms.Form):
    """One spelling of a unit under one code, and which unit of the fact it means."""

    laboratory = forms.CharField(required=False, max_length=LABORATORY_LENGTH, widget=forms.HiddenInput, strip=False)
    system = forms.CharField(required=False, max_length=CODE_LENGTH, widget=forms.HiddenInput, strip=False)
    code = forms.CharField(max_length=CODE_LENGTH, widget=forms.HiddenInput, strip=False)
    key = forms.CharField(max_length=100, widget=forms.HiddenInput)
    spelling = forms.CharField(required=False, max_length=UNIT_LENGTH, widget=forms.HiddenInput, strip=False)
    unit = forms.ChoiceField(label="Means", required=False)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fact = current().facts.get(str(self["key"].value()))
        units = [(unit.code, unit.code) for unit in fact.units] if fact else []
        self.fields["unit"].choices = [("", "not decided"), *units]  # type: ignore[attr-defined]  # the stubs know a field without choices


class SetAsideForm(forms.Form):
    """Why a line leaves the queue."""

    line = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    why = forms.CharField(
        label="Why it is set aside",
        max_length=200,
        error_messages={"required": "Say in a few words why this line is set aside."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


CodeForms = forms.formset_factory(CodeForm, extra=0, max_num=100, absolute_max=100)
UnitForms = forms.formset_factory(UnitForm, extra=0, max_num=100, absolute_max=100)
