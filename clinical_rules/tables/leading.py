"""The fewest assumptions under which an open table would decide for an outcome.

"Dystrophic, if calcium and phosphate are normal and nothing was injected here": each assumption
narrows one fact within what is known of it, and under all of them `decide` says "decided".

A table decides for an outcome when some row of it surely holds, and every row before it that may
hold has the same outcome. So for each row of the outcome: the facts that it still asks for must be
narrowed, and each blocking row before it must lose one fact. What remains is to kill all blocking
rows with as few further facts as possible, which a search with a lower bound finds.
"""

import contextlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from clinical_rules.tables.budget import Budget, BudgetSpentError
from clinical_rules.tables.cells import Column, Grid, Knowledge, bits
from clinical_rules.tables.decide import Output, reach
from clinical_rules.tables.possible import NOT_APPLICABLE, Possible, intersection, union
from clinical_rules.tables.residue import Residue, members, residue
from clinical_rules.tables.table import Outcome

BUDGET = 5_000
"""Steps for one set of assumptions. When they run out, the best set found so far stands."""

Assumption = tuple[str, Possible]


class _Cost(NamedTuple):
    """How many facts are narrowed, and how many of those to something out of the ordinary."""

    facts: int
    extraordinary: int


class _Choice(NamedTuple):
    """One group of cells that a fact could be assumed to be in, and the rows it leaves alive."""

    fact: int
    group: int
    alive: int
    extraordinary: bool


_Choices = Mapping[int, Sequence[_Choice]]


def assumptions(
    grid: Grid,
    output: Output,
    outcome: Outcome,
    knowledge: Knowledge,
    ordinary: Mapping[str, Possible],
    fixed: frozenset[str],
) -> tuple[Assumption, ...] | None:
    """The fewest facts to narrow, in the order of the table's columns; ``None`` when none would do.

    Among sets of equal size the one with the most ordinary values wins, then the one whose target
    row and facts stand first. Facts in ``fixed`` are left as they are.
    """
    left = residue(grid, output, knowledge)
    usual = [_usual(fact.column, knowledge.get(fact.column.key), ordinary) for fact in left.facts]
    search = _Search(left, [cells for _, cells in usual], fixed)
    same = output.rows(outcome)
    with contextlib.suppress(BudgetSpentError):
        for number in bits(left.rows & same):
            search.target(number, left.rows & ((1 << number) - 1) & ~same)
    if search.best is None:
        return None
    return _Wording(grid, output, outcome, knowledge).of(left, usual, search.best)


def _usual(column: Column, known: Possible | None, ordinary: Mapping[str, Possible]) -> tuple[Possible | None, int]:
    """The ordinary values that a fact may have, and the cells they lie in."""
    usual = ordinary.get(column.key)
    if usual is not None and usual.spans:
        # What is known beyond a limit counts as the limit; an ordinary value beyond it makes the limit no ordinary value.
        usual = intersection(usual, union(column.domain.everything(), NOT_APPLICABLE))
    if usual is not None and known is not None:
        usual = intersection(usual, known)
    return usual, 0 if usual is None else column.cell_set(usual)


class _Search:
    """Branch and bound over single groups: narrowing a fact further never undoes a decision."""

    def __init__(self, left: Residue, ordinary: Sequence[int], fixed: frozenset[str]) -> None:
        self.left, self.ordinary = left, ordinary
        self.fixed = {number for number, fact in enumerate(left.facts) if fact.column.key in fixed}
        self.budget = Budget(BUDGET)
        self.best: dict[int, int] | None = None
        self.cost = _Cost(len(left.facts) + 1, 0)

    def target(self, number: int, blocking: int) -> None:
        """Look for a cheaper way to make this row hold and none of the blocking ones."""
        box = self.left.satisfying(self.left.everything, number)
        if box is None:
            return
        needed = frozenset(fact for fact, groups in enumerate(box) if groups != self.left.everything[fact])
        if needed & self.fixed:
            return
        living = blocking
        for fact in needed:
            together = 0
            for group in members(box[fact]):
                together |= self.left.facts[fact].masks[group]
            living &= together
        choices = {
            fact: some
            for fact, groups in enumerate(box)
            if fact not in self.fixed and (some := self._choices(fact, groups, living, needed=fact in needed))
        }
        # A needed fact without an ordinary value costs one extraordinary assumption at least.
        bound = sum(all(choice.extraordinary for choice in choices[fact]) for fact in needed)
        self._explore(choices, needed, {}, living, _Cost(len(needed), bound))

    def _choices(self, fact: int, groups: int, living: int, *, needed: bool) -> list[_Choice]:
        """The groups worth trying, ordinary ones first: none that leaves more alive than one before it."""
        found = self.left.facts[fact]
        ordinary = self.ordinary[fact]
        choices = [_Choice(fact, group, found.masks[group] & living, not found.groups[group] & ordinary) for group in members(groups)]
        choices.sort(key=lambda choice: (choice.extraordinary, choice.alive.bit_count()))
        kept: list[_Choice] = []
        for choice in choices:
            idle = not needed and choice.alive == living
            if not idle and all(other.alive & ~choice.alive for other in kept):
                kept.append(choice)
        return kept

    def _explore(self, choices: _Choices, waiting: frozenset[int], chosen: Mapping[int, int], living: int, cost: _Cost) -> None:
        """``waiting`` are the facts paid for already, of which no group has been chosen yet."""
        self.budget.step()
        if cost >= self.cost:
            return
        if not living:
            # What is still waiting takes its first group, an ordinary one if there is any.
            self.best = {**chosen, **{fact: choices[fact][0].group for fact in waiting}}
            self.cost = cost
            return
        more = _facts_needed(choices, waiting, living)
        if more is None or _Cost(cost.facts + more, cost.extraordinary) >= self.cost:
            return
        for choice in _killers(choices, waiting, living):
            fact = choice.fact
            paid = fact in waiting
            # The cost of a needed fact without ordinary values has been counted from the start.
            counted = paid and all(other.extraordinary for other in choices[fact])
            self._explore(
                {other: some for other, some in choices.items() if other != fact},
                waiting - {fact},
                {**chosen, fact: choice.group},
                living & choice.alive,
                _Cost(cost.facts + (not paid), cost.extraordinary + (choice.extraordinary and not counted)),
            )
            # Everything with this choice in it has been seen: the other ways do without it.
            left = [other for other in choices[fact] if other is not choice]
            if paid and not left:
                return
            if paid and not counted and all(other.extraordinary for other in left):
                cost = _Cost(cost.facts, cost.extraordinary + 1)
            choices = {**choices, fact: left}


def _killers(choices: _Choices, waiting: frozenset[int], living: int) -> list[_Choice]:
    """The choices that rule out the row which the fewest choices rule out, cheapest first."""
    counts = dict.fromkeys(bits(living), 0)
    for some in choices.values():
        for choice in some:
            for row in bits(living & ~choice.alive):
                counts[row] += 1
    fewest = min(counts, key=lambda row: (counts[row], row))
    killing = [choice for some in choices.values() for choice in some if not choice.alive >> fewest & 1]
    killing.sort(key=lambda choice: (choice.fact not in waiting, choice.extraordinary))
    return killing


def _facts_needed(choices: _Choices, waiting: frozenset[int], living: int) -> int | None:
    """A lower bound: living rows that have no killer in common need a fact each.

    ``None`` when some row cannot be killed at all.
    """
    killers_of = dict.fromkeys(bits(living), 0)
    for fact, some in choices.items():
        everywhere = -1
        for choice in some:
            everywhere &= choice.alive
        for row in bits(living & ~everywhere):
            killers_of[row] |= 1 << fact
    free = sum(1 << fact for fact in waiting)
    count = used = 0
    for killers in sorted(killers_of.values(), key=int.bit_count):
        if not killers:
            return None
        if not killers & (free | used):
            count += 1
            used |= killers
    return count


class _Wording:
    """Says an assumption as widely as it may be said: "normal" rather than one cell of normal."""

    def __init__(self, grid: Grid, output: Output, outcome: Outcome, knowledge: Knowledge) -> None:
        self.grid, self.output, self.outcome, self.knowledge = grid, output, outcome, knowledge

    def of(self, left: Residue, usual: Sequence[tuple[Possible | None, int]], chosen: Mapping[int, int]) -> tuple[Assumption, ...]:
        """The assumptions, in the order of the table's columns."""
        allowed = self.grid.cell_sets(self.knowledge)
        index_of = {column.key: index for index, column in enumerate(self.grid.columns)}
        narrowed = list(allowed)
        start: dict[int, tuple[Possible | None, int, int]] = {}
        for number in sorted(chosen):
            fact = left.facts[number]
            values, cells = usual[number]
            group = fact.groups[chosen[number]]
            ordinary = group & cells
            # One cell to begin with: a group may hold cells far apart, which are hard to read.
            cell = _first_cell(ordinary or group, fact.column)
            index = index_of[fact.column.key]
            narrowed[index] = 1 << cell
            start[index] = (values, cells, cell) if ordinary else (None, 0, cell)
        found = []
        for index, (values, cells, cell) in start.items():
            column = self.grid.columns[index]
            applicable = allowed[index] & ~(1 << column.not_applicable) | 1 << cell
            narrowed[index] = self._widest(narrowed, index, cell, cells or applicable)
            within = column.within(narrowed[index], self.knowledge.get(column.key))
            found.append((column.key, (values and intersection(within, values)) or within))
        return tuple(found)

    def _widest(self, narrowed: list[int], index: int, cell: int, allowed: int) -> int:
        cells = 1 << cell
        for upwards in (True, False):
            for other in _neighbours(self.grid.columns[index], cell, allowed, upwards):
                if self._decides([*narrowed[:index], cells | 1 << other, *narrowed[index + 1 :]]):
                    cells |= 1 << other
                elif self.grid.columns[index].domain.numeric:
                    break  # one interval is easier to read than two
        return cells

    def _decides(self, box: list[int]) -> bool:
        reached = reach(*self.grid.read_cells(box))
        return bool(reached.first_sure) and reached.outcomes(self.output) == [self.outcome]


def _first_cell(cells: int, column: Column) -> int:
    """The first cell, "not applicable" only when there is no other."""
    applicable = cells & ~(1 << column.not_applicable)
    return next(bits(applicable or cells))


def _neighbours(column: Column, cell: int, allowed: int, upwards: bool) -> list[int]:
    """The allowed cells to one side of a cell, nearest first; for numbers, up to the first gap."""
    side = [other for other in bits(allowed) if (other > cell if upwards else other < cell)]
    if not upwards:
        side.reverse()
    if not column.domain.numeric:
        return side
    step = 1 if upwards else -1
    return [other for nth, other in enumerate(side, 1) if other == cell + step * nth]
