"""The decision-table engine: rows, tests and hit policies over facts that may be unknown.

It knows no medicine and uses the standard library only. ``docs/engine.md`` explains the words.
"""

from clinical_rules.tables.cells import Knowledge
from clinical_rules.tables.compiled import CompiledTable, compile_table
from clinical_rules.tables.decide import Collected, Decision
from clinical_rules.tables.domain import Domain, Kind
from clinical_rules.tables.errors import KnowledgeError, TableError
from clinical_rules.tables.explain import RowExplanation, TestExplanation
from clinical_rules.tables.flips import Flip
from clinical_rules.tables.leading import Assumption
from clinical_rules.tables.possible import (
    NOT_APPLICABLE,
    Possible,
    Scalar,
    among,
    between,
    exactly,
    intersection,
    union,
)
from clinical_rules.tables.settle import Idle
from clinical_rules.tables.settling import SettlingSets
from clinical_rules.tables.sfeel import Test, parse_test, print_value
from clinical_rules.tables.table import HitPolicy, Outcome, Row, Table
from clinical_rules.tables.verdicts import Explained, RowVerdict, TestVerdict

__all__ = [
    "NOT_APPLICABLE",
    "Assumption",
    "Collected",
    "CompiledTable",
    "Decision",
    "Domain",
    "Explained",
    "Flip",
    "HitPolicy",
    "Idle",
    "Kind",
    "Knowledge",
    "KnowledgeError",
    "Outcome",
    "Possible",
    "Row",
    "RowExplanation",
    "RowVerdict",
    "Scalar",
    "SettlingSets",
    "Table",
    "TableError",
    "Test",
    "TestExplanation",
    "TestVerdict",
    "among",
    "between",
    "compile_table",
    "exactly",
    "intersection",
    "parse_test",
    "print_value",
    "union",
]
