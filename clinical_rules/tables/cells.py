"""Tables compiled to cells and bit sets: the form in which every question is answered.

The tests of a table cut each fact's range into finitely many cells, inside which no test of the
table can tell two values apart. Each cell carries a bit set of the rows whose test on this fact it
satisfies (a row without a test on the fact is satisfied everywhere). What is known of a fact is a
set of cells, so one AND per fact says which rows surely hold and which still may.

"Not applicable" is one more cell of every fact, satisfied by no test. Bit ``n`` of a row set is
row ``n`` in table order; bit ``n`` of a cell set is cell ``n`` of its column.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from clinical_rules.tables.domain import Domain
from clinical_rules.tables.errors import KnowledgeError
from clinical_rules.tables.possible import (
    MANY,
    NOT_APPLICABLE,
    Many,
    Possible,
    among,
    between,
    intersection,
    union,
)
from clinical_rules.tables.sfeel import Test

Knowledge = Mapping[str, Possible]
"""What is known, by fact key. A fact that is absent is unknown."""

_Asking = tuple[int, Possible]
"""A row that asks something of a fact, as a bit set of one row, and the values that satisfy it."""


def bits(row_set: int) -> Iterator[int]:
    """The members of a bit set, lowest first."""
    while row_set:
        lowest = row_set & -row_set
        yield lowest.bit_length() - 1
        row_set ^= lowest


class Column:
    """One fact of a table: its cells, and for each the rows that it satisfies."""

    __slots__ = (
        "any_possible",
        "any_sure",
        "cell_of",
        "cells",
        "cuts",
        "domain",
        "everything",
        "key",
        "mask_of",
        "masks",
        "not_applicable",
        "tested",
    )

    def __init__(self, domain: Domain, tests: Sequence[Test | None]) -> None:
        """``tests`` has one entry per row of the table; ``None`` where the row asks nothing."""
        self.key, self.domain = domain.key, domain
        self.cuts: list[int] = []
        self.cell_of: dict[bool | str, int] = {}
        asking = [(1 << row, test.accepts) for row, test in enumerate(tests) if test and test.accepts]
        self.tested = sum(row for row, _ in asking)
        unasked = ((1 << len(tests)) - 1) & ~self.tested
        if domain.numeric:
            self.cuts = _cuts(domain, asking)
            self.cells = _number_cells(domain, self.cuts)
            masks = [_rows(asking, unasked, _sample(cell)) for cell in self.cells]
        else:
            self.cells, masks = _code_cells(domain, asking, unasked)
            for number, cell in enumerate(self.cells):
                for value in cell.values or ():
                    self.cell_of[value] = number
        self.everything = (1 << len(masks)) - 1
        self.any_sure, self.any_possible = _summary(masks, self.everything)
        self.not_applicable = len(masks)
        self.cells.append(NOT_APPLICABLE)
        masks.append(unasked)
        self.mask_of: dict[object, int] | None = None
        if not domain.numeric:
            self.mask_of = {value: masks[cell] for value, cell in self.cell_of.items()}
        self.masks: tuple[int, ...] = tuple(masks)

    def cell_set(self, known: Possible | None) -> int:
        """The cells the fact may be in. Raises ``KnowledgeError`` for a value of another kind."""
        if known is None:
            return self.everything
        found = 1 << self.not_applicable if known.not_applicable else 0
        if known.values is not None:
            if self.domain.numeric:
                raise self.misfit(known)
            for value in known.values:
                if value not in self.cell_of:
                    raise self.misfit(value)
                found |= 1 << self.cell_of[value]
        if known.spans is not None:
            if not self.domain.numeric:
                raise self.misfit(known)
            for low, high in known.spans:
                first = 0 if low is None else bisect_right(self.cuts, low)
                last = len(self.cuts) if high is None else bisect_right(self.cuts, high)
                found |= (2 << last) - (1 << first)
        return found

    def summary(self, known: Possible) -> tuple[int, int]:
        """The rows that every possible cell satisfies, and those that some possible cell does."""
        only = known.only
        if isinstance(only, Many):
            return _summary(self.masks, self.cell_set(known))
        mask = self.mask(only)
        return mask, mask

    def mask(self, value: bool | str | int) -> int:
        """The rows that one value satisfies. Raises ``KnowledgeError`` for a value of another kind."""
        found = None
        if self.mask_of is None:
            if value.__class__ is int:
                found = self.masks[bisect_right(self.cuts, int(value))]
        elif value.__class__ is not int:
            found = self.mask_of.get(value)
        if found is None:
            raise self.misfit(value)
        return found

    def possible(self, cell_set: int) -> Possible:
        """The values in these cells."""
        return union(*(self.cells[cell] for cell in bits(cell_set)))

    def within(self, cell_set: int, known: Possible | None) -> Possible:
        """The values in these cells that what is known still allows."""
        values = self.possible(cell_set)
        if known is None:
            return values
        # A known value beyond a limit counts as the limit, and so lies in no cell by its number.
        return intersection(values, known) or values

    def misfit(self, value: object) -> KnowledgeError:
        """The error to raise for a value of another kind."""
        wanted = {
            "number": "give a whole number, scaled by the fact's precision",
            "date": "give the day's ordinal",
            "boolean": "give true or false",
            "code": f"give one of its codes: {', '.join(self.domain.codes)}",
        }
        return KnowledgeError(self.key, value, wanted[self.domain.kind])


class Read(NamedTuple):
    """A table read over what is known: row sets, and column sets in the same manner."""

    sure: int
    """The rows that surely hold."""
    possible: int
    """The rows that may hold."""
    unknown: int
    """The columns of which nothing is known."""
    partial: int
    """The columns of which something is known, but not one value."""


class Grid:
    """All columns of a table. Immutable, so any number of threads may read it."""

    __slots__ = ("all_rows", "column_of", "columns", "hinges", "plan")

    def __init__(self, columns: Sequence[Column], row_count: int) -> None:
        self.columns = tuple(columns)
        self.column_of = {column.key: column for column in columns}
        self.all_rows = (1 << row_count) - 1
        self.hinges = tuple(
            sum(1 << index for index, column in enumerate(columns) if not column.any_sure >> row & 1) for row in range(row_count)
        )
        """For each row the columns on which it hangs while nothing is known of them."""
        # What `read` needs of each column, unpacked once: it runs for every table of every case.
        self.plan = tuple(
            (column.key, 1 << index, column.any_sure, column.any_possible, column.masks, column.cuts, column.mask_of, column)
            for index, column in enumerate(self.columns)
        )

    def read(self, knowledge: Knowledge) -> Read:
        """Raises ``KnowledgeError`` for a value that does not fit its fact."""
        sure = possible = self.all_rows
        unknown = partial = 0
        get = knowledge.get
        for key, bit, any_sure, any_possible, masks, cuts, mask_of, column in self.plan:
            known = get(key)
            if known is None:
                sure &= any_sure
                possible &= any_possible
                unknown |= bit
                continue
            only = known.only
            if only is MANY:
                surely, possibly = column.summary(known)
                sure &= surely
                possible &= possibly
                partial |= bit
            elif mask_of is None:
                if only.__class__ is not int:
                    raise column.misfit(only)
                mask = masks[bisect_right(cuts, only)]
                sure &= mask
                possible &= mask
            else:
                value_mask = mask_of.get(only)
                if value_mask is None or only.__class__ is int:
                    raise column.misfit(only)
                sure &= value_mask
                possible &= value_mask
        return Read(sure, possible, unknown, partial)

    def cell_sets(self, knowledge: Knowledge) -> list[int]:
        """The cells each column may be in, in column order."""
        return [column.cell_set(knowledge.get(column.key)) for column in self.columns]

    def read_cells(self, cell_sets: Sequence[int]) -> tuple[int, int]:
        """As ``read``, for cells instead of knowledge."""
        sure = possible = self.all_rows
        for column, cell_set in zip(self.columns, cell_sets, strict=True):
            surely, possibly = _summary(column.masks, cell_set)
            sure &= surely
            possible &= possibly
        return sure, possible


def _summary(masks: Sequence[int], cell_set: int) -> tuple[int, int]:
    surely, possibly = -1, 0
    for cell in bits(cell_set):
        surely &= masks[cell]
        possibly |= masks[cell]
    return surely, possibly


def _cuts(domain: Domain, asking: Sequence[_Asking]) -> list[int]:
    """The first number of each cell but the lowest.

    Only cuts inside the fact's limits count. So no cell is impossible, and a value beyond a limit
    falls into the cell next to it.
    """
    starts: set[int] = set()
    for _, accepts in asking:
        for low, high in accepts.spans or ():
            if low is not None:
                starts.add(low)
            if high is not None:
                starts.add(high + 1)
    return sorted(start for start in starts if (domain.low is None or start > domain.low) and (domain.high is None or start <= domain.high))


def _number_cells(domain: Domain, cuts: Sequence[int]) -> list[Possible]:
    edges: list[int | None] = [domain.low, *cuts]
    ends: list[int | None] = [*(cut - 1 for cut in cuts), domain.high]
    return [between(low, high) for low, high in zip(edges, ends, strict=True)]


def _sample(cell: Possible) -> int:
    """One number of the cell; any does, since no test tells them apart."""
    low, high = (cell.spans or ((None, None),))[0]
    return low if low is not None else high if high is not None else 0


def _code_cells(domain: Domain, asking: Sequence[_Asking], unasked: int) -> tuple[list[Possible], list[int]]:
    """Codes that satisfy the same rows share a cell."""
    values: tuple[bool | str, ...] = domain.codes or (True, False)
    alike: dict[int, list[bool | str]] = {}
    for value in values:
        alike.setdefault(_rows(asking, unasked, value), []).append(value)
    return [among(some) for some in alike.values()], list(alike)


def _rows(asking: Sequence[_Asking], unasked: int, value: bool | str | int) -> int:
    """The rows that the value satisfies: those that ask nothing, and those whose test accepts it."""
    row_set = unasked
    for row, accepts in asking:
        if value in accepts:
            row_set |= row
    return row_set
