"""From what is known to a type per lesion: emergencies, type or candidates, marks, and what would settle it."""

from clinical_rules.classification.flags import find_flags, skin_unasked
from clinical_rules.classification.judge import case_status, find_type, recall_type, type_lesion
from clinical_rules.classification.model import Assumed, Flag, Fragility, Leading, LesionResult, Outcome
from clinical_rules.classification.settle import inputs, type_questions

__all__ = [
    "Assumed",
    "Flag",
    "Fragility",
    "Leading",
    "LesionResult",
    "Outcome",
    "case_status",
    "find_flags",
    "find_type",
    "inputs",
    "recall_type",
    "skin_unasked",
    "type_lesion",
    "type_questions",
]
