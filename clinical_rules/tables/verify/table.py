"""Verification of one table: every check, within one budget."""

from collections.abc import Collection, Mapping

from clinical_rules.tables.budget import BudgetSpentError
from clinical_rules.tables.compiled import CompiledTable
from clinical_rules.tables.table import Outcome
from clinical_rules.tables.verify import changes, masked, outputs, rows, single
from clinical_rules.tables.verify.constraints import Constraints
from clinical_rules.tables.verify.model import TableFinding
from clinical_rules.tables.verify.question import Covered, Questions
from clinical_rules.tables.verify.space import Space

BUDGET = 40_000
"""Steps for one table. What is left open when they are spent is said, and blocks."""

NO_CONSTRAINTS = Constraints()

_ORDER = {"error": 0, "warning": 1, "note": 2}


def verify_table(
    compiled: CompiledTable,
    constraints: Constraints = NO_CONSTRAINTS,
    budget: int = BUDGET,
    *,
    declared: Mapping[str, Collection[Outcome]] | None = None,
    complete: bool = True,
) -> tuple[TableFinding, ...]:
    """Everything there is to say of one table, errors first.

    ``declared`` are the outcomes that an output may have. ``complete``: some row must hold for every
    patient; else a gap is only noted. The findings concern complete cases that the constraints allow,
    and hold for partial ones too: ``docs/engine.md`` says why.
    """
    ask = Questions(Space(compiled, constraints), budget)
    policy: str = compiled.table.hit_policy
    if ask.space.impossible and _nobody(ask):
        return tuple(ask.findings)
    single.single_tests(ask)
    real = ask.reached = rows.never(ask)
    if policy == "FIRST":
        ask.reached = masked.masked(ask, real)
    if policy != "COLLECT":
        rows.gap(ask, complete)
        rows.overlaps(ask, real)
    if policy != "UNIQUE":
        rows.inside(ask, real)
    outputs.outputs(ask, declared or {}, ask.reached)
    if policy != "COLLECT":
        changes.leaves_open(ask)
    changes.idle(ask)
    # Sorting keeps the order of the checks, and of the rows in each.
    return tuple(sorted(ask.findings, key=lambda finding: _ORDER[finding.severity]))


def _nobody(ask: Questions) -> bool:
    try:
        found = ask.patient({}, 0)
    except BudgetSpentError:
        ask.not_proved("whether the constraints allow any patient")
        return True
    if isinstance(found, Covered):
        ask.add("no_case", "error", "the constraints allow no patient at all")
        return True
    return False
