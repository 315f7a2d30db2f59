"""UNIQUE: at most one row holds, and that one decides. Where two hold, the table contradicts itself, and says so.

Rows are proved disjoint before a table is published. Then whatever is said here is what FIRST says,
and no row can conflict with another. While a table is still being written that may not be so yet.
Two rows that may both hold are then read as one more row, which stands before all others and whose
outcome is the conflict; what is left is a FIRST table.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from clinical_rules.tables import first
from clinical_rules.tables.cells import Grid, Knowledge, Read, bits
from clinical_rules.tables.decide import Decision, Output, Reach, names, reach
from clinical_rules.tables.possible import Possible, intersection
from clinical_rules.tables.table import Outcome
from clinical_rules.tables.witnesses import Witnesses

PAIRS = 300
"""Conflicts that are looked at one by one. A table with more is far from ready, and gets coarser answers."""


class _Conflict(str):
    """An outcome that no table can give, whatever its outcomes are called."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return str.__hash__(self)


CONFLICT = _Conflict("conflict")


class AsFirst(NamedTuple):
    """What is left of a UNIQUE table, read as a FIRST table."""

    grid: Grid
    output: Output


class Unique:
    """One UNIQUE table read over one state of knowledge."""

    def __init__(self, grid: Grid, accepted: Sequence[Mapping[str, Possible]], knowledge: Knowledge, read: Read) -> None:
        """``accepted``: what each row accepts, by fact."""
        self._grid, self._accepted, self._knowledge, self._read = grid, accepted, knowledge, read
        witnesses = Witnesses(grid, knowledge, read)
        self.partners = {
            number: others for number in bits(read.possible) if (others := read.possible & witnesses.together(number) & ~(1 << number))
        }
        """For each row that may hold, the rows that may hold together with it; of disjoint rows none has any."""

    @property
    def conflicting(self) -> int:
        """The rows that hold, or may hold, together with another."""
        return sum(1 << number for number in self.partners)

    def as_first(self, output: Output) -> AsFirst | None:
        """The same questions, put to a FIRST table; ``None`` when there would be too many conflicts in it."""
        if not self.partners:
            return AsFirst(self._grid, output)
        rows = list(bits(self._read.possible))
        pairs = [(one, other) for one in rows for other in bits(self.partners.get(one, 0) >> one << one)]
        if len(pairs) > PAIRS:
            return None
        both = [_both(self._accepted[one], self._accepted[other]) for one, other in pairs]
        asking = both + [self._accepted[number] for number in rows]
        asked = {fact for row in asking for fact in row}
        grid = Grid([column.domain for column in self._grid.columns if column.key in asked], asking)
        return AsFirst(grid, Output(output.name, [CONFLICT] * len(pairs) + [output.of_row[number] for number in rows]))

    def decide(self, output: Output, row_ids: Sequence[str], fired: tuple[str, ...], still_open: tuple[str, ...]) -> Decision:
        """``fired`` names the rows that hold, ``still_open`` those that may."""
        read = self._read
        if not self.partners:
            return first.decide(self._grid, self._knowledge, output, read, read.possible, read.sure, fired, still_open)
        conflict = names(row_ids, self.conflicting)
        if len(fired) > 1:
            return Decision("conflict", None, (), True, fired, still_open, None, conflict)
        row = fired[0] if fired else None
        candidates, exact = self._candidates(output)
        return Decision("open", None, candidates, exact, fired, still_open, row, conflict)

    def _candidates(self, output: Output) -> tuple[tuple[Outcome | None, ...], bool]:
        left = self.as_first(output)
        if left is None:
            # Row by row: too many, but never too few.
            return tuple(Reach(self._read.possible, self._read.sure).outcomes(output)), False
        read = left.grid.read(self._knowledge)
        found, exact = first.candidates(left.grid, self._knowledge, left.output, read, *reach(read.sure, read.possible))
        return tuple(name for name in found if name is not CONFLICT), exact

    def hanging(self) -> tuple[str, ...]:
        """Every fact on which a row that may hold still hangs."""
        columns = 0
        for number in bits(self._read.possible):
            columns |= self._grid.tested[number] & (self._read.unknown | self._read.partial)
        return tuple(self._grid.columns[index].key for index in bits(columns))


def _both(one: Mapping[str, Possible], other: Mapping[str, Possible]) -> dict[str, Possible]:
    """What two rows accept together."""
    found = {**one, **other}
    for fact in one.keys() & other.keys():
        both = intersection(one[fact], other[fact])
        if both is not None:
            found[fact] = both
    return found
