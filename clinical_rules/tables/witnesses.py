"""Witnesses: cases in which one row holds, and none of certain other rows.

Two ways to find one, both of them exact when they say yes. The quick one gives every row that shall fail a
fact of its own to fail by; that takes next to no time, and mostly finds one. The thorough one tries every
way that can matter; it counts its steps, since the question is hard in the worst case.
"""

from collections.abc import Mapping, Sequence

from clinical_rules.tables.budget import Budget
from clinical_rules.tables.cells import Choices, Grid, Knowledge, Read, bits

_NOTHING: Mapping[int, Choices] = {}


def all_fail(grid: Grid, rows: int, free: int) -> bool:
    """Whether these rows can be seen at a glance to fail together, each by one of the free columns.

    ``False`` means that it cannot be seen at a glance.
    """
    hinges, spoilers, places = grid.hinges, grid.spoilers, grid.places
    while rows:
        number = rows.bit_length() - 1
        some = hinges[number] & free
        if not some:
            return False
        index = some.bit_length() - 1
        free ^= places[index]
        rows &= spoilers[number][index][0]
    return True


class Witnesses:
    """Looks for cases that fit what is known, by choosing cells for the facts that are not."""

    __slots__ = ("_grid", "_knowledge", "_partial", "_unknown")

    def __init__(self, grid: Grid, knowledge: Knowledge, read: Read) -> None:
        self._grid, self._knowledge = grid, knowledge
        self._unknown = read.unknown
        self._partial = {
            1 << index: (column := grid.columns[index]).choices(column.cell_set(knowledge.get(column.key))) for index in bits(read.partial)
        }
        """What may still be chosen of the facts that are known in part, by column."""

    def exists(self, target: int | None, blocking: int, budget: Budget) -> bool:
        """Whether some case satisfies the target row (where there is one) and none of the blocking rows.

        The target must be a row that may hold. Raises ``BudgetSpentError``.
        """
        own, living, own_places = _NOTHING, blocking, 0
        if target is not None:
            own = self._confined(target)
            living &= self._compatible(target, own)
            for place in own:
                own_places |= place
        hinges, unknown = self._grid.hinges, self._unknown
        waiting: list[tuple[int, int]] = []
        rest = living
        while rest:
            number = rest.bit_length() - 1
            row = 1 << number
            rest ^= row
            places = hinges[number] & unknown
            for place, chosen in self._partial.items():
                if not chosen.everywhere & row:
                    places |= place
            if places & own_places:
                for place, chosen in own.items():
                    if places & place and chosen.everywhere & row:
                        places ^= place
            if not places:
                return False
            waiting.append((row, places))
        waiting.reverse()
        return not living or self._fail(living, -1, waiting, own, budget)

    def together(self, target: int) -> int:
        """The rows that some case satisfies together with the target row, among those that may hold."""
        return self._compatible(target, self._confined(target))

    def _compatible(self, target: int, own: Mapping[int, Choices]) -> int:
        found = self._grid.aims[target].compatible
        if self._partial:
            for chosen in own.values():
                found &= chosen.somewhere
        return found

    def _fail(self, living: int, free: int, waiting: Sequence[tuple[int, int]], own: Mapping[int, Choices], budget: Budget) -> bool:
        """Whether the living rows can be made to fail by the free columns; ``waiting``: rows, and by which columns they may."""
        budget.step()
        fewest, pivot, places = 1 << 30, 0, 0
        for row, hangs in waiting:
            if row & living:
                some = hangs & free
                count = some.bit_count()
                if count < fewest:
                    fewest, pivot, places = count, row, some
                    if count < 2:
                        break
        ways: list[tuple[int, int, int]] = []
        spoilers, partial = self._grid.spoilers[pivot.bit_length() - 1], self._partial
        while places:
            index = places.bit_length() - 1
            place = 1 << index
            places ^= place
            chosen = own.get(place) or partial.get(place)
            best: list[int] = []
            for mask in chosen.masks if chosen else spoilers[index]:
                if mask & pivot:
                    continue
                left = mask & living
                if not left:
                    return True
                for other in best:
                    if not other & ~left:
                        break
                else:
                    best.append(left)
                    ways.append((left.bit_count(), left, place))
        if len(ways) > 1:
            ways.sort()
        for _, left, place in ways:  # noqa: SIM110 - a generator would cost more than the search
            if self._fail(left, free ^ place, waiting, own, budget):
                return True
        return False

    def _confined(self, target: int) -> Mapping[int, Choices]:
        """What is left to choose of the facts on which the target row hangs; facts that are known play no part."""
        if not self._partial:
            return self._grid.aims[target].confined
        found = self._grid.aims[target].confined.copy()
        for place, chosen in self._partial.items():
            if place in found or not chosen.everywhere >> target & 1:
                column = self._grid.columns[place.bit_length() - 1]
                found[place] = column.choices(column.cell_set(self._knowledge.get(column.key)) & column.satisfying(target))
        return found
