"""Outcomes: those that were declared and never come, and those that come undeclared."""

from collections.abc import Collection, Mapping

from clinical_rules.tables.cells import bits
from clinical_rules.tables.table import Outcome
from clinical_rules.tables.verify.question import Questions


def outputs(ask: Questions, declared: Mapping[str, Collection[Outcome]], reached: int) -> None:
    """``reached`` are the rows that give their outcome to some patient."""
    rows = ask.space.compiled.table.rows
    for name, outcomes in declared.items():
        given = {_sign(rows[number].then[name]) for number in bits(reached) if name in rows[number].then}
        for outcome in outcomes:
            if _sign(outcome) not in given:
                ask.add("unproduced", "warning", f"no patient gets {name} = {_text(outcome)}", text=_text(outcome))
        allowed = {_sign(outcome) for outcome in outcomes}
        for number, row in enumerate(rows):
            if name in row.then and _sign(row.then[name]) not in allowed:
                say = f"row {row.id} gives {name} = {_text(row.then[name])}, which is not declared"
                ask.add("undeclared", "error", say, rows=(number,), text=_text(row.then[name]))


def _sign(outcome: Outcome) -> tuple[type, Outcome]:
    return outcome.__class__, outcome


def _text(outcome: Outcome) -> str:
    return outcome if isinstance(outcome, str) else "true" if outcome else "false"
