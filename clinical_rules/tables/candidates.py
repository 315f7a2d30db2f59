"""Exact candidates: which outcomes some case that fits the findings really has.

Kleene logic looks at each row alone, so it may name an outcome that no case has: with rows
``x <= 5`` and ``x > 5`` before it, a third row "may hold" while x is unknown. Whether an outcome is
real is a covering question: is there a value for every fact such that its row holds and no row
before it does? The search below answers it, and counts its steps, since the question is hard in
the worst case.
"""

from collections.abc import Sequence

from clinical_rules.tables.cells import Grid, Knowledge, Read, bits
from clinical_rules.tables.decide import Output, Reach
from clinical_rules.tables.residue import Box, OpenFact, Residue, members
from clinical_rules.tables.table import Outcome

BUDGET = 2_000
"""Steps that the search may take for one question."""


_Groups = tuple[int, list[tuple[int, int]]]
"""A fact's number, and its groups in question with the rows that each satisfies."""


class BudgetSpentError(Exception):
    """The search gave up before it knew."""


class Budget:
    """Counts the steps of one question down."""

    __slots__ = ("left",)

    def __init__(self, steps: int = BUDGET) -> None:
        self.left = steps

    def step(self) -> None:
        """One step more; raises ``BudgetSpentError`` when there were too many."""
        if self.left <= 0:
            raise BudgetSpentError
        self.left -= 1


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


def evident(grid: Grid, output: Output, read: Read, reached: Reach, outcome: Outcome | None) -> bool:
    """A quick look that shows most candidates to be real, without a search.

    Each row that could hold before the outcome's own is let fail by an unknown fact on which that
    own row does not hang, a new fact each time. Where that works, such a case exists.
    """
    same = output.rows(outcome)
    own = reached.rows & same
    own &= -own
    living = reached.rows & ~same & (own - 1 if own else -1)
    free = read.unknown & ~(grid.hinges[own.bit_length() - 1] if own else 0)
    while living:
        lowest = living & -living
        hinges = grid.hinges[lowest.bit_length() - 1] & free
        if not hinges:
            return False
        hinge = hinges & -hinges
        free ^= hinge
        column = grid.columns[hinge.bit_length() - 1]
        left = living
        for mask in column.masks[: column.not_applicable]:
            alive = mask & living
            if not alive & lowest and (left is living or alive.bit_count() < left.bit_count()):
                left = alive
        living = left
    return True


def exact(
    grid: Grid, knowledge: Knowledge, output: Output, read: Read, reached: Reach, kleene: Sequence[Outcome | None]
) -> list[Outcome | None]:
    """The exact candidates among the Kleene ones, in their order. Raises ``BudgetSpentError``."""
    doubtful = {
        (name.__class__, name)
        # Nothing stands before the first row that may hold: its outcome needs no look.
        for name in kleene[1:]
        if not evident(grid, output, read, reached, name)
    }
    if not doubtful:
        return list(kleene)
    search = Possibilities(Residue(grid, knowledge, output, read, reached))
    budget = Budget()
    everything = search.left.everything
    return [name for name in kleene if (name.__class__, name) not in doubtful or search.has(name, everything, budget)]


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
