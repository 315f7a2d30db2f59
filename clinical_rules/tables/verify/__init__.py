"""Proofs about one table: overlaps, gaps, rows that never fire, thresholds that change nothing.

``docs/engine.md`` (Verification) says what each finding means and why it holds for partial cases too.
"""

from clinical_rules.tables.verify.constraints import Constraints, Impossible, implies, never_together
from clinical_rules.tables.verify.model import Case, FindingKind, Severity, TableFinding, Value
from clinical_rules.tables.verify.table import BUDGET, verify_table

__all__ = [
    "BUDGET",
    "Case",
    "Constraints",
    "FindingKind",
    "Impossible",
    "Severity",
    "TableFinding",
    "Value",
    "implies",
    "never_together",
    "verify_table",
]
