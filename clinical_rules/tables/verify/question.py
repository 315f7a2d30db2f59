"""Questions about one table that share a budget, and the state in which the checks work."""

from clinical_rules.tables.budget import Budget, BudgetSpentError
from clinical_rules.tables.verify.model import Case, FindingKind, Severity, TableFinding
from clinical_rules.tables.verify.search import Covered, Search
from clinical_rules.tables.verify.space import Box, Space

EACH = 8
"""One question may take this part of all steps: no hard one shall starve the others."""


class Questions:
    """Asks the search, and gathers the findings."""

    def __init__(self, space: Space, budget: int) -> None:
        self.space, self.steps = space, budget
        self.each = max(1, budget // EACH)
        self.search = Search(space, Budget(0))
        self.findings: list[TableFinding] = []
        self.reached = space.all_rows
        """The rows that some patient satisfies, and under FIRST those that come first for some patient."""
        self.outcomes = _outcomes(space)
        """For each table row the rows with the same outputs, itself included."""

    def point(self, box: Box, rows: int, without: int = -1) -> list[int] | Covered:
        """As ``Search.outside``, within what is left of the budget."""
        budget = self.search.budget = Budget(min(self.each, self.steps))
        before = budget.left
        try:
            return self.search.outside(box, rows, without)
        finally:
            self.steps -= before - budget.left

    def patient(self, box: Box, rows: int) -> list[int] | Covered:
        """A patient in the box whom none of these rows covers; ``Covered`` when there is none.

        Raises ``BudgetSpentError``.
        """
        return self.point(box, rows | self.space.barred)

    def add(
        self,
        kind: FindingKind,
        severity: Severity,
        say: str,
        *,
        rows: tuple[int, ...] = (),
        fact: str | None = None,
        text: str | None = None,
        witness: Case | None = None,
    ) -> None:
        """One finding more; ``rows`` are row numbers."""
        table = self.space.compiled.table
        ids = tuple(table.rows[number].id for number in rows)
        self.findings.append(TableFinding(kind, severity, table.key, say, ids, fact, text, witness))

    def not_proved(self, what: str, *, rows: tuple[int, ...] = (), fact: str | None = None) -> None:
        """What could not be shown either way."""
        self.add("not_proved", "error", f"not proved within the budget: {what}", rows=rows, fact=fact)

    def row(self, number: int) -> str:
        """The id of a row."""
        return self.space.compiled.table.rows[number].id

    def rows(self, row_set: int) -> str:
        """The ids of some rows, for a sentence."""
        names = self.space.names(row_set)
        return ("row " if len(names) == 1 else "rows ") + ", ".join(names)


def _outcomes(space: Space) -> list[int]:
    rows = space.compiled.table.rows
    # True and "true" are different outcomes, and so would True and 1 be.
    signs = [frozenset((name, outcome.__class__, outcome) for name, outcome in row.then.items()) for row in rows]
    alike: dict[object, int] = {}
    for number, sign in enumerate(signs):
        alike[sign] = alike.get(sign, 0) | 1 << number
    return [alike[sign] for sign in signs]


__all__ = ["BudgetSpentError", "Covered", "Questions"]
