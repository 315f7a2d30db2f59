"""Reading what was found: a case in the contract's format becomes checked, exact findings."""

from clinical_rules.findings.case import read_case
from clinical_rules.findings.dictionary import Dictionary
from clinical_rules.findings.limits import bands_touched, doubt_of, is_unusual, say_unusual
from clinical_rules.findings.model import UNKNOWN_AGE, Age, Case, Doubt, LesionFindings, Result
from clinical_rules.findings.one import read_finding

__all__ = [
    "UNKNOWN_AGE",
    "Age",
    "Case",
    "Dictionary",
    "Doubt",
    "LesionFindings",
    "Result",
    "bands_touched",
    "doubt_of",
    "is_unusual",
    "read_case",
    "read_finding",
    "say_unusual",
]
