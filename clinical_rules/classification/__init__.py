"""From what is known to a type per lesion: emergencies, type or candidates, marks, and what would settle it."""

from clinical_rules.classification.flags import find_flags, skin_unasked
from clinical_rules.classification.judge import case_status, recall_type, type_lesion
from clinical_rules.classification.model import Assumed, Flag, Leading, LesionResult
from clinical_rules.classification.settle import inputs, type_questions

__all__ = [
    "Assumed",
    "Flag",
    "Leading",
    "LesionResult",
    "case_status",
    "find_flags",
    "inputs",
    "recall_type",
    "skin_unasked",
    "type_lesion",
    "type_questions",
]
