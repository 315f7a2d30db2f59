"""Exact candidates: which outcomes some case that fits the findings really has.

Kleene logic looks at each row alone, so it may name an outcome that no case has: with rows
``x <= 5`` and ``x > 5`` before it, a third row "may hold" while x is unknown. Whether an outcome is
real is a covering question: is there a value for every fact such that its row holds and no row
before it does? The search below answers it, and counts its steps, since the question is hard in
the worst case.
"""

from collections.abc import Sequence

from clinical_rules.tables.budget import Budget, BudgetSpentError
from clinical_rules.tables.cells import Grid, Knowledge, Read, bits
from clinical_rules.tables.decide import Output, Reach
from clinical_rules.tables.residue import Box, OpenFact, Residue, members
from clinical_rules.tables.table import Outcome
from clinical_rules.tables.witnesses import Witnesses

QUICK = 200
"""Steps that the search over rows may take for one case, before the search over groups takes over."""

_Groups = tuple[int, list[tuple[int, int]]]
"""A fact's number, and its groups in question with the rows that each satisfies."""


def avoid(facts: Sequence[OpenFact], box: Box, rows: int, budget: Budget, *, without: int | None = None) -> Box | None:
    """A part of the box in which none of the rows holds, whatever is chosen in it.

    ``None`` when every choice in the box makes some row hold. ``without`` is a fact that shall not
    help: the rows must fail by the others. Raises ``BudgetSpentError``.
    """
    budget.step()
    living, surely = rows, -1
    undecided: list[_Groups] = []
    for index, fact in enumerate(facts):
        if index == without:
            continue
        masks = fact.masks
        groups = [(group, masks[group]) for group in members(box[index])]
        together, everywhere = 0, -1
        for _, mask in groups:
            together |= mask
            everywhere &= mask
        living &= together
        if not living:
            return box
        surely &= everywhere
        if len(groups) > 1:
            undecided.append((index, groups))
    if living & surely:
        return None
    return _greedily(undecided, box, living) or _thoroughly(undecided, box, living, budget)


def _greedily(facts: Sequence[_Groups], box: Box, living: int) -> Box | None:
    """For each fact the group that leaves the fewest rows alive: quick, and mostly enough."""
    found = box.copy()
    for index, groups in facts:
        best, fewest = living, living.bit_count()
        for group, mask in groups:
            alive = mask & living
            count = alive.bit_count()
            if count < fewest:
                best, fewest = alive, count
                found[index] = 1 << group
        living = best
        if not living:
            return found
    return None


def _thoroughly(facts: Sequence[_Groups], box: Box, living: int, budget: Budget) -> Box | None:
    chosen = _avoid(facts, living, budget)
    if chosen is None:
        return None
    found = box.copy()
    for index, groups in chosen.items():
        found[index] = groups
    return found


def _avoid(facts: Sequence[_Groups], living: int, budget: Budget) -> dict[int, int] | None:
    """Groups for each of these facts, so that no living row is satisfied by any choice of them."""
    budget.step()
    kept = {index: sum(1 << group for group, _ in groups) for index, groups in facts}
    # Choices that cost nothing first: a group that leaves a superset of what another group leaves is
    # never needed. Without this the search runs for ever.
    while living:
        before, undecided = living, []
        for index, groups in facts:
            best = _undominated(groups, living)
            kept[index] = sum(1 << group for group, _ in best)
            together = 0
            for _, mask in best:
                together |= mask
            living &= together
            if len(best) > 1:
                undecided.append((index, best))
        facts = undecided
        if living == before:
            break
    if not living:
        return kept
    for index, group, mask in _fewest_killers(facts, living):
        others = [pair for pair in facts if pair[0] != index]
        deeper = _avoid(others, living & mask, budget)
        if deeper is not None:
            return kept | {index: 1 << group} | deeper
        # Every way through this group has been seen: leave it out of the other ways.
        left = next(groups for other, groups in facts if other == index)
        facts = [*others, (index, [pair for pair in left if pair[0] != group])]
    return None


def _undominated(groups: list[tuple[int, int]], living: int) -> list[tuple[int, int]]:
    """The groups without those that leave a superset of the rows another group leaves alive."""
    kept: list[tuple[int, int]] = []
    for group, mask in groups:
        alive = mask & living
        if any(not (other & ~alive) for _, other in kept):
            continue
        kept = [pair for pair in kept if alive & ~pair[1]]
        kept.append((group, alive))
    return kept


def _fewest_killers(facts: Sequence[_Groups], living: int) -> list[tuple[int, int, int]]:
    """The groups that rule out the row which the fewest groups rule out."""
    counts: dict[int, int] = {}
    for _, groups in facts:
        for _, mask in groups:
            for row in bits(living & ~mask):
                counts[row] = counts.get(row, 0) + 1
    fewest = min(bits(living), key=lambda row: (counts.get(row, 0), row))
    return [(index, group, mask) for index, groups in facts for group, mask in groups if not mask >> fewest & 1]


class Search:
    """Answers for one partial case which outcomes are real."""

    __slots__ = ("_budget", "_grid", "_knowledge", "_output", "_possibilities", "_quick", "_reached", "_read", "_witnesses")

    def __init__(self, grid: Grid, knowledge: Knowledge, output: Output, read: Read, reached: Reach) -> None:
        self._grid, self._knowledge, self._output, self._read, self._reached = grid, knowledge, output, read, reached
        self._witnesses = Witnesses(grid, knowledge, read)
        self._quick, self._budget = Budget(QUICK), Budget()
        self._possibilities: Possibilities | None = None

    def real(self, outcome: Outcome | None, rows: int) -> bool:
        """Whether some case has the outcome; ``rows`` are those that give it. Raises ``BudgetSpentError``."""
        try:
            return self._row_by_row(rows)
        except BudgetSpentError:
            # Slower for most tables, and faster for the worst.
            left = self._possibilities
            if left is None:
                residue = Residue(self._grid, self._knowledge, self._output, self._read, self._reached)
                self._possibilities = left = Possibilities(residue)
            return left.has(outcome, left.left.everything, self._budget)

    def _row_by_row(self, rows: int) -> bool:
        reached, exists = self._reached.rows, self._witnesses.exists
        if not rows:
            return exists(None, reached, self._quick)
        # A row of the same outcome before this one does no harm: the outcome stays.
        blocking, rest = reached & ~rows, reached & rows
        while rest:
            row = rest & -rest
            rest ^= row
            if exists(row.bit_length() - 1, blocking & (row - 1), self._quick):
                return True
        return False


class Possibilities:
    """Searches one partial case, keeping the boxes it found: most later questions fall into one."""

    __slots__ = ("_found", "kleene", "left")

    def __init__(self, left: Residue) -> None:
        self.left = left
        self.kleene = Reach(left.rows, left.first_sure).outcomes(left.output)
        self._found: dict[tuple[type, Outcome | None], list[Box]] = {}

    def has(self, outcome: Outcome | None, box: Box, budget: Budget) -> bool:
        """Whether some case in the box has the outcome. Raises ``BudgetSpentError``."""
        found = self._found.setdefault((outcome.__class__, outcome), [])
        for known in found:
            if all(map(int.__and__, known, box)):
                return True
        left = self.left
        if outcome is None:
            case = avoid(left.facts, box, left.rows, budget)
            if case is not None:
                found.append(case)
            return case is not None
        same = left.output.rows(outcome)
        for number in bits(left.rows & same):
            narrowed = left.satisfying(box, number)
            if narrowed is None:
                continue
            # A row of the same outcome before this one does no harm: the outcome stays.
            blocking = left.rows & ((1 << number) - 1) & ~same
            case = avoid(left.facts, narrowed, blocking, budget)
            if case is not None:
                found.append(case)
                return True
        return False
