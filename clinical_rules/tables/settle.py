"""Which unknown facts would settle an open decision, best first.

A fact is worth asking for when learning it leaves fewer candidates. A fact is left out only when
it can never matter: whatever the other facts turn out to be, the outcome does not hang on it.
"""

import contextlib
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from clinical_rules.tables.budget import Budget, BudgetSpentError
from clinical_rules.tables.candidates import Possibilities, avoid
from clinical_rules.tables.cells import Grid, Knowledge, bits
from clinical_rules.tables.decide import Output
from clinical_rules.tables.possible import MANY, NOT_APPLICABLE
from clinical_rules.tables.residue import Box, Residue, residue, with_groups

BUDGET = 2_000
"""Steps for one ranking. When they run out, what is not yet known to be idle stays in."""


def settle(grid: Grid, output: Output, knowledge: Knowledge) -> tuple[str, ...]:
    """The facts to ask for, best first; empty when nothing can change the outcome any more."""
    left = residue(grid, output, knowledge)
    ranking = _Ranking(left)
    if not left.rows or (left.first_sure and len(ranking.kleene) == 1):
        return ()
    return tuple(left.facts[fact].column.key for fact in ranking.order())


class Idle(NamedTuple):
    """The facts that cannot matter any more, and whether these are all of them: else the budget was spent."""

    facts: tuple[str, ...]
    all: bool


def idle(grid: Grid, output: Output, knowledge: Knowledge, facts: Sequence[str]) -> Idle:
    """Those of the facts, not known exactly, on which the outcome cannot hang, whatever the others turn out to be."""
    left = residue(grid, output, knowledge)
    ranking = _Ranking(left)
    mattering = {fact.column.key for number, fact in enumerate(left.facts) if ranking.matters(number)}
    unknown = [fact for fact in facts if fact not in knowledge or knowledge[fact].only is MANY]
    unsure = [fact for fact in unknown if knowledge.get(fact) != NOT_APPLICABLE and fact not in mattering]
    return Idle(tuple(unsure), ranking.budget.left > 0)


class _Ranking:
    """Counts, for each open fact and each thing it could be, the candidates that would be left."""

    def __init__(self, left: Residue) -> None:
        self.left = left
        self.possibilities = Possibilities(left)
        self.kleene = self.candidates = self.possibilities.kleene
        self.budget = Budget(BUDGET)

    def order(self) -> list[int]:
        """The numbers of the open facts, best first."""
        with contextlib.suppress(BudgetSpentError):
            everything = self.left.everything
            self.candidates = [name for name in self.kleene if self.possibilities.has(name, everything, self.budget)]
        facts = range(len(self.left.facts))
        if len(self.candidates) == 1:
            # One outcome is left, but the rows, each read alone, do not show it yet. Facts that
            # help to show it are then what is missing.
            return sorted(facts, key=self._rows_left)
        left = {fact: self._left(fact) for fact in facts}
        now = float(len(self.candidates))
        telling = [fact for fact in facts if left[fact] < now]
        others = [fact for fact in facts if left[fact] >= now and self.matters(fact)]
        telling.sort(key=lambda fact: (left[fact], self._rows_left(fact)))
        others.sort(key=self._rows_left)
        pair = [] if telling else self._best_pair(others)
        return [*telling, *pair, *(fact for fact in others if fact not in pair)]

    def _split(self, box: Box, fact: int) -> list[Box]:
        """One box for each thing the fact could be."""
        return [with_groups(box, fact, 1 << group) for group in range(len(self.left.facts[fact].groups))]

    def _left(self, *facts: int) -> float:
        """How many candidates are left on average when these facts are known."""
        boxes = [self.left.everything]
        for fact in facts:
            boxes = [part for box in boxes for part in self._split(box, fact)]
        return sum(self._count(box) for box in boxes) / len(boxes)

    def _count(self, box: Box) -> int:
        try:
            return sum(self.possibilities.has(name, box, self.budget) for name in self.candidates)
        except BudgetSpentError:
            return len(self.candidates)

    def _rows_left(self, fact: int) -> float:
        """How many rows are still reachable on average; breaks ties, and needs no search."""
        boxes = self._split(self.left.everything, fact)
        return sum(self.left.rows_left(box) for box in boxes) / len(boxes)

    def _best_pair(self, facts: Sequence[int]) -> list[int]:
        fewest, best = float(len(self.candidates)), list[int]()
        for one, other in combinations(facts, 2):
            if self.budget.left <= 0:
                break
            left = self._left(one, other)
            if left < fewest:
                fewest, best = left, [one, other]
        return best

    def matters(self, fact: int) -> bool:
        """Whether some complete case changes its outcome when only this fact changes."""
        asked = self.left.rows & self.left.facts[fact].column.tested
        try:
            return any(self._switches(fact, number) for number in bits(asked))
        except BudgetSpentError:
            return True

    def _switches(self, fact: int, number: int) -> bool:
        """Whether this row can be the first to hold, and another outcome result without it.

        Of two cases that differ in this fact alone and in outcome, take the row that decides first
        in table order: the other case misses it, and can miss it by this fact only.
        """
        rows = self.left.rows
        masks = self.left.facts[fact].masks
        same = next(some for _, some in self.left.output.rows_of if some >> number & 1)
        before = rows & ((1 << number) - 1)
        for group, here in enumerate(masks):
            if not here >> number & 1:
                continue
            case = with_groups(self.left.everything, fact, 1 << group)
            narrowed = self.left.satisfying(case, number)
            if narrowed is None:
                continue
            for other, there in enumerate(masks):
                if there >> number & 1:
                    continue
                changed = with_groups(narrowed, fact, 1 << other)
                if self._other_outcome(fact, changed, there, same, before & ~same & here):
                    return True
        return False

    def _other_outcome(self, fact: int, box: Box, there: int, same: int, blocking: int) -> bool:
        """Whether a case in the box has another outcome, and none of the blocking rows in it.

        The blocking rows would hold first with the fact as it was. Both cases share all other
        facts, so those rows must fail by the others, even where this fact, as it is now, fails too.
        """
        rows = self.left.rows
        for number in bits(rows & ~same & there):
            narrowed = self.left.satisfying(box, number)
            overruling = rows & same & there & ((1 << number) - 1)
            if narrowed is not None and self._can_fail(fact, narrowed, blocking | overruling):
                return True
        if self.left.first_sure:
            return False
        return self._can_fail(fact, box, blocking | (rows & there))

    def _can_fail(self, fact: int, box: Box, rows: int) -> bool:
        return avoid(self.left.facts, box, rows, self.budget, without=fact) is not None
