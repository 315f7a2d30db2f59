"""All cases that there can be, cut into finitely many by the tests and the constraints.

Each fact is an axis. Its options are sets of values that no row and no constraint tells apart. A
row is a box: a set of options for each fact that it asks for. So is a constraint: a box without
patients. Bit ``n`` of an option set is option ``n`` of its axis; of a row set, row ``n`` of the
table, and after the table's rows come the constraints in their order.
"""

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import NamedTuple

from clinical_rules.tables.cells import Column, bits
from clinical_rules.tables.compiled import CompiledTable
from clinical_rules.tables.domain import Domain
from clinical_rules.tables.possible import Possible
from clinical_rules.tables.verify.constraints import Constraints, Impossible
from clinical_rules.tables.verify.model import Case, Value

Box = Mapping[int, int]
"""An option set for some axes, by axis number; an axis that is not named is unrestricted."""


class Axis(NamedTuple):
    """One fact: its options, each a set of cells of its column, and the rows that fail in each."""

    key: str
    domain: Domain
    asked: bool
    """Whether the table asks for the fact; else it stands here for the constraints' sake."""
    cells: tuple[Possible, ...]
    """The cells of the column, "not applicable" last."""
    options: tuple[tuple[int, ...], ...]
    kills: tuple[int, ...]
    everything: int
    fails: int
    """The rows that fail in some option."""

    def value(self, option: int) -> Value:
        """One value of the option; any does, since nothing tells them apart."""
        cell = self.cells[self.options[option][0]]
        if cell.values is not None:
            return next(value for value in self.domain.codes or (True, False) if value in cell.values)
        for low, high in cell.spans or ():
            return low if low is not None else high if high is not None else 0
        return None

    def option_of(self, cell: int) -> int | None:
        """The option that a cell belongs to; ``None`` for "not applicable" of a fact that always applies."""
        return next((number for number, cells in enumerate(self.options) if cell in cells), None)


class Space:
    """A table's axes, with its rows and the constraints as boxes."""

    def __init__(self, compiled: CompiledTable, constraints: Constraints) -> None:
        self.compiled, self.constraints = compiled, constraints
        self.row_count = len(compiled.table.rows)
        self.all_rows = (1 << self.row_count) - 1
        self.impossible = _touching(compiled.facts, constraints.impossible)
        self.barred = ((1 << len(self.impossible)) - 1) << self.row_count
        """The boxes without patients, as a row set."""
        named = [fact for one in self.impossible for fact in one.together]
        domains = {**constraints.domains, **compiled.domains}
        asks: list[Mapping[str, Possible]] = [
            {fact: test.accepts for fact, test in row.items() if test.accepts is not None} for row in compiled.tests
        ]
        asks += [one.together for one in self.impossible]
        self.axes = tuple(
            _axis(domains[fact], [row.get(fact) for row in asks], fact in compiled.domains, fact in constraints.may_not_apply)
            for fact in dict.fromkeys((*compiled.facts, *named))
        )
        self.number_of = {axis.key: number for number, axis in enumerate(self.axes)}
        self.boxes: tuple[Box, ...] = tuple(self._box(number, row) for number, row in enumerate(asks))
        self.tied = frozenset(axis for box in self.boxes[self.row_count :] for axis in box)
        """The axes that constraints speak of."""

    def _box(self, number: int, row: Mapping[str, Possible]) -> Box:
        found = {}
        for fact in row:
            axis = self.axes[self.number_of[fact]]
            found[self.number_of[fact]] = sum(1 << option for option, kills in enumerate(axis.kills) if not kills >> number & 1)
        return found

    def meet(self, *boxes: Box) -> Box | None:
        """What the boxes have in common; ``None`` when that is nothing. Constraints are not looked at."""
        found: dict[int, int] = {}
        for box in boxes:
            for axis, options in box.items():
                found[axis] = found.get(axis, self.axes[axis].everything) & options
        return found if all(found.values()) else None

    def case(self, point: Iterable[int]) -> Case:
        """The case with these options, one per axis."""
        return {axis.key: axis.value(option) for axis, option in zip(self.axes, point, strict=True)}

    def names(self, row_set: int) -> tuple[str, ...]:
        """The ids of table rows, in table order."""
        return tuple(self.compiled.table.rows[number].id for number in bits(row_set & self.all_rows))


def _touching(facts: Iterable[str], impossible: tuple[Impossible, ...]) -> tuple[Impossible, ...]:
    """The constraints that concern these facts, also through other facts."""
    known, found = set(facts), set[int]()
    waiting = dict(enumerate(impossible))
    while touching := [number for number, one in waiting.items() if not known.isdisjoint(one.together)]:
        found.update(touching)
        for number in touching:
            known.update(waiting.pop(number).together)
    return tuple(impossible[number] for number in sorted(found))


def _axis(domain: Domain, accepted: list[Possible | None], asked: bool, may_not_apply: bool) -> Axis:
    column = Column.of(domain, accepted)
    kills = [~mask & ((1 << len(accepted)) - 1) for mask in column.masks]
    # A constraint, unlike a test, may speak of "not applicable".
    for row, accepts in enumerate(accepted):
        if accepts is not None and accepts.not_applicable:
            kills[column.not_applicable] &= ~(1 << row)
    if not may_not_apply:
        kills.pop()
    alike: dict[int, list[int]] = {}
    for cell, killed in enumerate(kills):
        alike.setdefault(killed, []).append(cell)
    options = tuple(tuple(cells) for cells in alike.values())
    return Axis(domain.key, domain, asked, tuple(column.cells), options, tuple(alike), (1 << len(options)) - 1, reduce(or_, alike))
