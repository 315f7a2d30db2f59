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
    if not reached.rows:
        return Decision("none", None, (), True, fired, still_open)
    row = None
    if reached.first_sure:
        row = fired[0]
        number = reached.first_sure.bit_length() - 1
        if not reached.rows & ~output.same[number]:
            outcome = output.of_row[number]
            return Decision("decided", outcome, (outcome,), True, fired, still_open, row)
    found, certain = candidates(grid, knowledge, output, read, reached)
    return Decision("open", None, tuple(found), certain, fired, still_open, row)


def candidates(grid: Grid, knowledge: Knowledge, output: Output, read: Read, reached: Reach) -> tuple[list[Outcome | None], bool]:
    """The outcomes that are real, in table order, and whether that is sure of all of them. Some row must be in reach."""
    rows, first = reached
    unknown, hinges = read.unknown, grid.hinges
    of_row, same = output.of_row, output.same
    # Nothing stands before the first row that may hold: its outcome needs no look.
    number = (rows & -rows).bit_length() - 1
    found: list[Outcome | None] = [of_row[number]]
    rest = rows & ~same[number]
    search, certain = None, True
    while rest:
        upto = rest ^ (rest - 1)
        number = upto.bit_length() - 1
        rest &= ~same[number]
        if not all_fail(grid, rows & upto >> 1, unknown & ~hinges[number]):
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
    return found, certain
