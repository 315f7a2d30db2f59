"""Where a case and a release meet: the only place of the application that has a case judged."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from calcinosis_app.rulebooks.bridge import Rules
from clinical_rules.assessment import Assessment as Judged
from clinical_rules.assessment import assess
from clinical_rules.case_check import compare
from clinical_rules.classification import LesionResult
from clinical_rules.errors import CaseError
from clinical_rules.exact_json import read as read_json
from clinical_rules.explanation import as_stored, present
from clinical_rules.explanation.views import (
    AssumptionView,
    EmergencyView,
    GateView,
    LesionView,
    OptionView,
    PhaseView,
    Presentation,
    Question,
    RowView,
    Sentence,
    StepView,
    ValueView,
)
from clinical_rules.explanation.words import STATUS_LABELS
from clinical_rules.findings.dates import read_day
from clinical_rules.follow_up import next_window, window

__all__ = [
    "STATUS_LABELS",
    "AssumptionView",
    "CaseError",
    "EmergencyView",
    "GateView",
    "Judged",
    "LesionResult",
    "LesionView",
    "OptionView",
    "PhaseView",
    "Presentation",
    "Question",
    "RowView",
    "Sentence",
    "StepView",
    "ValueView",
    "as_stored",
    "canonical",
    "compare",
    "judge",
    "next_window",
    "present",
    "read_day",
    "read_json",
    "window",
]


def judge(
    document: Mapping[str, Any],
    rules: Rules,
    *,
    on: date | None = None,
    jurisdiction: str | None = None,
    today: date | None = None,
) -> Judged:
    """What the rules say of a case in the contract's format.

    `on` beats the case's own day, which beats the newest finding's, which beats `today`. Without a jurisdiction the
    strictest of all counts for each gate. Raises CaseError, naming case, key, value and remedy.
    """
    return assess(document, rules, on=on, jurisdiction=jurisdiction, today=today)


def canonical(document: Mapping[str, Any]) -> str:
    """The same bytes for the same case: keys in order, no blanks."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
