"""What a decision still hangs on: the rows and facts that are left when all that is known is used.

Every search starts here. Of 200 rows and 60 facts a handful is left as a rule, and cells of a fact
that no row left over tells apart are one group.
"""

from functools import lru_cache
from typing import NamedTuple

from clinical_rules.tables.cells import Column, Grid, Knowledge, Read, bits
from clinical_rules.tables.decide import Output, Reach, reach

Box = list[int]
"""A set of groups for every open fact; any choice among them is a case."""


class OpenFact(NamedTuple):
    """A fact that may still be in several groups of cells, and the rows that each group satisfies."""

    column: Column
    groups: tuple[int, ...]
    masks: tuple[int, ...]


class Residue:
    """The rows that may still be the first to hold, and the facts that tell them apart."""

    __slots__ = ("everything", "facts", "first_sure", "output", "rows")

    def __init__(self, grid: Grid, knowledge: Knowledge, output: Output, read: Read, reached: Reach) -> None:
        self.output = output
        self.rows, self.first_sure = reached
        self.facts: list[OpenFact] = []
        # Most unknown facts have nothing to do with the rows left over.
        hinges = read.partial
        for row in bits(self.rows):
            hinges |= grid.hinges[row] & read.unknown
        for index in bits(hinges):
            column = grid.columns[index]
            fact = _open_fact(column, column.cell_set(knowledge.get(column.key)), self.rows)
            if len(fact.groups) > 1:
                self.facts.append(fact)
        self.everything: Box = [(1 << len(fact.groups)) - 1 for fact in self.facts]

    def satisfying(self, box: Box, number: int) -> Box | None:
        """The part of the box in which the row holds; ``None`` when there is none."""
        bit = 1 << number
        narrowed = box.copy()
        for index, fact in enumerate(self.facts):
            if fact.column.tested & bit:
                kept = 0
                for group in members(box[index]):
                    if fact.masks[group] & bit:
                        kept |= 1 << group
                if not kept:
                    return None
                narrowed[index] = kept
        return narrowed

    def rows_left(self, box: Box) -> int:
        """How many rows may still be the first to hold in the box."""
        sure = possible = self.rows
        for fact, groups in zip(self.facts, box, strict=True):
            surely, possibly = -1, 0
            for group in members(groups):
                surely &= fact.masks[group]
                possibly |= fact.masks[group]
            sure &= surely
            possible &= possibly
        return reach(sure, possible).rows.bit_count()


def residue(grid: Grid, output: Output, knowledge: Knowledge) -> Residue:
    """What is left of a FIRST table."""
    read = grid.read(knowledge)
    return Residue(grid, knowledge, output, read, reach(read.sure, read.possible))


def with_groups(box: Box, index: int, groups: int) -> Box:
    """The box with one fact set to these groups."""
    changed = box.copy()
    changed[index] = groups
    return changed


@lru_cache(maxsize=4096)
def members(groups: int) -> tuple[int, ...]:
    """The members of a small bit set."""
    return tuple(bits(groups))


def _open_fact(column: Column, cell_set: int, rows: int) -> OpenFact:
    alike: dict[int, int] = {}
    cell = 1
    for mask in column.masks:
        if cell_set & cell:
            satisfied = mask & rows
            alike[satisfied] = alike.get(satisfied, 0) | cell
        cell <<= 1
    return OpenFact(column, tuple(alike.values()), tuple(alike))
