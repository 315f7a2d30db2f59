"""FIRST: the first row that holds decides."""

from clinical_rules.tables.budget import BudgetSpentError
from clinical_rules.tables.candidates import Search
from clinical_rules.tables.cells import Grid, Knowledge, Read
from clinical_rules.tables.decide import Decision, Output, Reach
from clinical_rules.tables.table import Outcome
from clinical_rules.tables.witnesses import all_fail


def decide(
    grid: Grid, knowledge: Knowledge, output: Output, read: Read, reached: Reach, fired: tuple[str, ...], still_open: tuple[str, ...]
) -> Decision:
    """What a FIRST table says of one output; ``fired`` names the rows that hold, ``still_open`` those that may."""
    rows, first = reached
    if not rows:
        return Decision("none", None, (), True, fired, still_open)
    row = fired[0] if first else None
    of_row, same = output.of_row, output.same
    # Nothing stands before the first row that may hold: its outcome needs no look.
    number = (rows & -rows).bit_length() - 1
    outcome = of_row[number]
    rest = rows & ~same[number]
    if not rest and first:
        return Decision("decided", outcome, (outcome,), True, fired, still_open, row)
    found: list[Outcome | None] = [outcome]
    unknown, hinges = read.unknown, grid.hinges
    search, certain = None, True
    while rest:
        low = rest & -rest
        number = low.bit_length() - 1
        rest &= ~same[number]
        if not all_fail(grid, rows & (low - 1), unknown & ~hinges[number]):
            search = search or Search(grid, knowledge, output, read, reached)
            try:
                if not search.real(of_row[number], same[number]):
                    continue
            except BudgetSpentError:
                certain = False
        found.append(of_row[number])
    if not first:
        real = all_fail(grid, rows, unknown)
        if not real:
            search = search or Search(grid, knowledge, output, read, reached)
            try:
                real = search.real(None, 0)
            except BudgetSpentError:
                real, certain = True, False
        if real:
            found.append(None)
    return Decision("open", None, tuple(found), certain, fired, still_open, row)
