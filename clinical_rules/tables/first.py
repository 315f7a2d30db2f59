"""FIRST: the first row that holds decides."""

from clinical_rules.tables.budget import BudgetSpentError
from clinical_rules.tables.candidates import Search
from clinical_rules.tables.cells import Grid, Knowledge, Read
from clinical_rules.tables.decide import Decision, Output, Reach
from clinical_rules.tables.table import Outcome
from clinical_rules.tables.witnesses import all_fail

Scan = tuple[int, int, int, int]
"""What ``Grid.scan`` gives."""


def decide(
    grid: Grid, knowledge: Knowledge, output: Output, scan: Scan, rows: int, first: int, fired: tuple[str, ...], still_open: tuple[str, ...]
) -> Decision:
    """What a FIRST table says of one output; ``rows`` and ``first``: how far it can be read, as in ``Reach``.

    ``fired`` names the rows that hold, ``still_open`` those that may.
    """
    if not rows:
        return Decision("none", None, (), True, fired, still_open)
    row = None
    if first:
        row = fired[0]
        number = first.bit_length() - 1
        if not rows & ~output.same[number]:
            outcome = output.of_row[number]
            return Decision("decided", outcome, (outcome,), True, fired, still_open, row)
    found, certain = candidates(grid, knowledge, output, scan, rows, first)
    return Decision("open", None, tuple(found), certain, fired, still_open, row)


def candidates(grid: Grid, knowledge: Knowledge, output: Output, scan: Scan, rows: int, first: int) -> tuple[list[Outcome | None], bool]:
    """The outcomes that are real, in table order, and whether that is sure of all of them. Some row must be in reach."""
    _, _, unknown, _ = scan
    hinges, aims, of_row, same = grid.hinges, grid.aims, output.of_row, output.same
    # Nothing stands before the first row that may hold: its outcome needs no look.
    number = (rows & -rows).bit_length() - 1
    found: list[Outcome | None] = [of_row[number]]
    rest = rows & ~same[number]
    search, certain = None, True
    while rest:
        upto = rest ^ (rest - 1)
        number = upto.bit_length() - 1
        rest &= ~same[number]
        if not all_fail(grid, rows & upto >> 1 & aims[number].compatible, unknown & ~hinges[number]):
            search = search or Search(grid, knowledge, output, Read(*scan), Reach(rows, first))
            try:
                if not search.real(of_row[number], same[number]):
                    continue
            except BudgetSpentError:
                certain = False
        found.append(of_row[number])
    if not first:
        real = all_fail(grid, rows, unknown)
        if not real:
            search = search or Search(grid, knowledge, output, Read(*scan), Reach(rows, first))
            try:
                real = search.real(None, 0)
            except BudgetSpentError:
                real, certain = True, False
        if real:
            found.append(None)
    return found, certain
