"""How the parts of a row are said."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import capfirst

from calcinosis_app.rulebooks.bridge import EMERGENCY_LABELS, Fact, Rules, plain_unit, say_test

HIT_POLICIES = {
    "FIRST": "Read from the top: the first row that holds decides.",
    "UNIQUE": "At most one row holds, and that one decides.",
    "COLLECT": "Every row that holds counts.",
}
SEVERITY_TONES = {"absolute": "danger", "relative": "warning", "caution": "warning", "info": "info"}
JURISDICTIONS = {"uk": "United Kingdom", "us": "United States", "eu": "European Union"}
# Codes of units (UCUM) that are left after the rules have said a unit plainly, and what is only a remark: mg/dL{urea}.
PLAIN_UNITS = {"[IU]": "IU", "[arb'U]": "U"}
ANNOTATION = re.compile(r"(?<=\w)\{[^}]*\}")
# States that no single text of the release names.
STATES = {"all": "Everybody with calcinosis", "metastatic_ckd": "Metastatic or mixed, with kidney disease"}
DAYS_OF_A_YEAR = 365.25
INFANT_DAYS = 730
OLDEST_DAYS = 54_000


def asks(rules: Rules, fact: str, test: str) -> str:
    """What a test asks of a fact: "at least 40 %", "fingertip or hand", "yes". Every code is named."""
    described = rules.facts.get(fact)
    if described is None:
        return test
    if described.kind != "code":
        return _plainly(say_test(rules, fact, test))
    named = {code.code: code.label for code in described.codes}
    codes = test.removeprefix("not(").removesuffix(")").split(",")
    said = " or ".join(named.get(code.strip(), code.strip()) for code in codes)
    return f"none of: {said}" if test.startswith("not(") else said


def unit_of(unit: str | None) -> str:
    """A unit as people write it: "mIU/L", not "m[IU]/L"."""
    return _plainly(plain_unit(unit))


def _plainly(text: str) -> str:
    for code, plain in PLAIN_UNITS.items():
        text = text.replace(code, plain)
    return ANNOTATION.sub("", text)


def limits(pair: Iterable[Any], unit: str) -> str:
    """A range from text limits, where an empty one is open: "2.15 to 2.57 mmol/L", "up to 5"; empty when both are."""
    low, high = ("" if end is None else str(end) for end in (*pair, "", "")[:2])
    if low and high:
        said = f"{low} to {high}"
    elif low:
        said = f"from {low}"
    elif high:
        said = f"up to {high}"
    else:
        return ""
    return f"{said} {unit_of(unit)}".rstrip()


def ages(low: int, high: int) -> str:
    """An age band given in days: "11 days to 24 months", "from 18 years"."""
    if low <= 0 and high >= OLDEST_DAYS:
        return "all ages"
    if high >= OLDEST_DAYS:
        return f"from {_age(low)}"
    return f"up to {_age(high)}" if low <= 0 else f"{_age(low)} to {_age(high)}"


def _age(days: int) -> str:
    if days <= 60:
        return f"{days} days"
    if days < INFANT_DAYS:
        return f"{round(days / 30.44)} months"
    return f"{round(days / DAYS_OF_A_YEAR)} years"


def kind_of(fact: Fact) -> str:
    """What can be entered: "yes or no", "number in mmol/L, 0.5 to 6", "one of: fingertip, hand"."""
    if fact.kind == "boolean":
        return "yes or no"
    if fact.kind == "date":
        return "day"
    if fact.kind == "number":
        unit = f" in {unit_of(fact.unit)}" if unit_of(fact.unit) else ""
        possible = limits([None if end is None else f"{float(end):g}" for end in fact.hard], "")
        return f"number{unit}{f', {possible}' if possible else ''}"
    listed = ", ".join(code.label for code in fact.codes)
    return f"{'one' if fact.kind == 'code' else 'any'} of: {listed}" if len(fact.codes) <= 40 else "any of a list"


def seen_mark(row: Mapping[str, Any]) -> str:
    """The mark of a row whose figure nobody has confirmed; empty for one that stood in a source."""
    if not row.get("seen", True):
        return "figure not confirmed in a source"
    if row.get("seen_basis") == "secondary":
        return "seen in a secondary source only"
    return ""


def state_label(rules: Rules, condition: str) -> str:
    """A state of the disease that has checks of its own, by the name that the release gives it: "The type is open"."""
    if condition in STATES:
        return STATES[condition]
    if condition in rules.facts:
        return rules.label(condition)
    said = dict.fromkeys(row["say"] for row in rules.content["tables"]["states"]["row"] if row["condition"] == condition)
    return EMERGENCY_LABELS.get(condition) or capfirst(" or ".join(said) or humanised(condition))


def humanised(name: str) -> str:
    """A name of the release as words: "first_due_days" becomes "first due days"."""
    return name.replace("_", " ")
