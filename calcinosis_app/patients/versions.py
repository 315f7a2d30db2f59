"""What somebody saw of a field of case entry when changing it, and how both versions of it are shown."""

from collections.abc import Mapping
from typing import Any, Final

from calcinosis_app.core.stale import Label, version_of
from calcinosis_app.patients.models import DraftEntry
from calcinosis_app.patients.typed import MARKS, TEXTS, text
from calcinosis_app.rulebooks.bridge import Fact, plain_unit

STATES: Final = (("not_done", "not done"), ("unknown", "asked, not known"))
NAMES: Final = {
    "answer": "Answer",
    "code": "Choice",
    "value": "Value",
    "comparator": "Comparator",
    "unit": "Unit",
    "date": "Day",
    "low": "Laboratory's low",
    "high": "Laboratory's high",
    "flag": "Flag",
    "state": "State",
}
CHOICES: Final[dict[str, tuple[tuple[str, str], ...]]] = {"answer": (("yes", "Yes"), ("no", "No")), "state": STATES}


def texts_of(raw: Mapping[str, Any] | None) -> dict[str, str] | None:
    """What stands in a field, blanks left out; None for a field that holds nothing."""
    if raw is None:
        return None
    texts = {name: said for name in sorted(TEXTS) if (said := text(raw, name))}
    return texts | {name: "true" for name in sorted(MARKS) if raw.get(name)}


def version_of_entry(entry: DraftEntry | None) -> str:
    """For the form of a field."""
    return version_of(texts_of(entry.raw if entry else None))


def labels_of(fact: Fact, *texts: Mapping[str, str] | None) -> dict[str, Label]:
    """The parts of the field that one of the versions fills, as the page calls them."""
    filled = {name for one in texts if one for name in one}
    choices = CHOICES | {"code": tuple((one.code, one.label) for one in fact.codes or ())}
    return {name: Label(label, choices=choices.get(name, ())) for name, label in NAMES.items() if name in filled}


def in_words(texts: Mapping[str, str] | None, fact: Fact) -> str:
    """One line: "9.8 mg/dL, 2026-03-01"."""
    if not texts:
        return "nothing"
    said = {name: dict(label.choices).get(texts[name], texts[name]) for name, label in labels_of(fact, texts).items()}
    unit = plain_unit(said.pop("unit", "") or None) or ""
    number = " ".join(part for part in (said.pop("comparator", ""), said.pop("value", ""), unit) if part)
    return ", ".join(part for part in (number, *said.values()) if part) or "nothing"
