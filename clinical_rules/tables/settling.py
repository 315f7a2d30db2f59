"""Which facts together settle an open decision: whatever they turn out to be, or if they turn out well.

A set of facts settles the decision in all cases when `decide` no longer says "open", whatever their
values; in some, when it does so for some values. Both hold for every larger set too, so the
smallest sets say it all. They are looked for up to a stated size, within a budget.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from clinical_rules.tables.budget import Budget, BudgetSpentError
from clinical_rules.tables.cells import Grid, Knowledge, bits
from clinical_rules.tables.decide import Output, reach
from clinical_rules.tables.residue import Residue, residue

BUDGET = 5_000
"""Steps for the sets of one kind. When they run out, the sets found so far stand, marked as not all."""

SIZE = 3
"""How many facts a set may have, unless somebody asks for more."""

_Facts = frozenset[int]
"""Numbers of open facts."""


class SettlingSets(NamedTuple):
    """The smallest sets of facts that settle a decision, fewest facts first, then in table order.

    No set holds another one. ``always_all`` and ``sometimes_all`` say whether these are all sets up
    to the size asked for; when they are not, the budget was spent, and a set may hold a smaller one
    that was not seen. A decision that is not open is settled by the empty set.
    """

    always: tuple[tuple[str, ...], ...]
    always_all: bool
    sometimes: tuple[tuple[str, ...], ...]
    sometimes_all: bool


NONE_KNOWN = SettlingSets((), False, (), False)
"""What there is to say when nothing could be found out."""


def settling_sets(grid: Grid, output: Output, knowledge: Knowledge, size: int) -> SettlingSets:
    """The sets of up to ``size`` facts that are not known exactly."""
    left = residue(grid, output, knowledge)
    always, sometimes = _Always(left, size), _Sometimes(left, size)
    return SettlingSets(*_found(left, always.found, always.search), *_found(left, sometimes.found, sometimes.search))


def _found(left: Residue, found: Sequence[_Facts], search: Callable[[], None]) -> tuple[tuple[tuple[str, ...], ...], bool]:
    complete = False
    with contextlib.suppress(BudgetSpentError):
        search()
        complete = True
    smallest = [some for some in found if not any(other < some for other in found)]
    ordered = sorted({tuple(sorted(some)) for some in smallest}, key=lambda some: (len(some), some))
    return tuple([tuple([left.facts[fact].column.key for fact in some]) for some in ordered]), complete


def _holds_one(facts: _Facts, found: Sequence[_Facts]) -> bool:
    return any(some <= facts for some in found)


class _Always:
    """Sets that settle in all cases, grown from what leaves the decision open.

    Where a set leaves it open for some values, every larger set that does not must hold one of the
    facts that the open rows hang on there. So growing by each of those misses nothing.
    """

    def __init__(self, left: Residue, size: int) -> None:
        self.left, self.size = left, size
        self.budget = Budget(BUDGET)
        self.found: list[_Facts] = []
        self.everywhere = [_common(fact.masks) for fact in left.facts]

    def search(self) -> None:
        """By size, so that the sets found never hold a smaller one. Raises ``BudgetSpentError``."""
        layer: list[_Facts] = [frozenset()]
        for size in range(self.size + 1):
            larger: dict[_Facts, None] = {}
            for facts in layer:
                if _holds_one(facts, self.found):
                    continue
                open_rows = self._open_rows(sorted(facts))
                if not open_rows:
                    self.found.append(facts)
                elif size < self.size:
                    for fact, everywhere in enumerate(self.everywhere):
                        if fact not in facts and open_rows & ~everywhere:
                            larger[facts | {fact}] = None
            layer = list(larger)

    def _open_rows(self, facts: Sequence[int]) -> int:
        """The rows that stay open for some values of these facts; 0 when the decision is settled for all."""
        rest = self.left.rows
        for fact, everywhere in enumerate(self.everywhere):
            if fact not in facts:
                rest &= everywhere
        return self._explore(facts, rest, self.left.rows)

    def _explore(self, facts: Sequence[int], sure: int, possible: int) -> int:
        """``sure`` leaves the facts in question out."""
        self.budget.step()
        surely = sure
        for fact in facts:
            surely &= self.everywhere[fact]
        open_rows = _open_rows(self.left.output, surely & possible, possible)
        if not open_rows or not facts:
            # More knowledge never opens a decision again.
            return open_rows
        for mask in self.left.facts[facts[0]].masks:
            open_rows = self._explore(facts[1:], sure & mask, possible & mask)
            if open_rows:
                return open_rows
        return 0


class _Sometimes:
    """Sets that settle in some cases: for each row, what makes it hold and every other outcome before it fail."""

    def __init__(self, left: Residue, size: int) -> None:
        self.left, self.size = left, size
        self.budget = Budget(BUDGET)
        self.found: list[_Facts] = []

    def search(self) -> None:
        """Raises ``BudgetSpentError``."""
        rows, output = self.left.rows, self.left.output
        for number in bits(rows):
            bit = 1 << number
            choices = {
                fact: [mask for mask in some.masks if mask & bit or not some.column.tested & bit]
                for fact, some in enumerate(self.left.facts)
            }
            needed = frozenset(fact for fact, some in enumerate(self.left.facts) if not _common(some.masks) & bit)
            living = rows & (bit - 1) & ~output.same[number]
            for fact in needed:
                living &= _union(choices[fact])
            self._explore(choices, needed, living)
        if not self.left.first_sure:
            self._explore({fact: list(some.masks) for fact, some in enumerate(self.left.facts)}, frozenset(), rows)

    def _explore(self, choices: Mapping[int, Sequence[int]], facts: _Facts, living: int) -> None:
        """``facts`` are in the set already; ``choices`` what each fact that is not yet chosen could be."""
        self.budget.step()
        if len(facts) > self.size or _holds_one(facts, self.found):
            return
        if not living:
            self.found.append(facts)
            return
        full = len(facts) == self.size
        usable = {fact: some for fact, some in choices.items() if fact in facts or not full}
        for fact, mask in _killers(usable, living):
            others = {other: some for other, some in choices.items() if other != fact}
            self._explore(others, facts | {fact}, living & mask)
            # Every set with this choice has been seen.
            choices = {**choices, fact: [other for other in choices[fact] if other != mask]}


def _killers(choices: Mapping[int, Sequence[int]], living: int) -> Iterator[tuple[int, int]]:
    """The choices that rule out the living row which the fewest of them rule out."""
    counts = dict.fromkeys(bits(living), 0)
    for masks in choices.values():
        for mask in masks:
            for row in bits(living & ~mask):
                counts[row] += 1
    fewest = min(counts, key=lambda row: (counts[row], row))
    return iter([(fact, mask) for fact, masks in choices.items() for mask in masks if not mask >> fewest & 1])


def _open_rows(output: Output, sure: int, possible: int) -> int:
    """The rows that keep a decision open; 0 when it is decided, or when no row holds."""
    reached = reach(sure, possible)
    if not possible or (reached.first_sure and not reached.rows & ~output.same[reached.first_sure.bit_length() - 1]):
        return 0
    return reached.rows & ~sure


def _common(masks: Sequence[int]) -> int:
    found = -1
    for mask in masks:
        found &= mask
    return found


def _union(masks: Sequence[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found
