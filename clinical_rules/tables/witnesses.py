"""Witnesses: cases in which one row holds, and none of certain other rows.

Two ways to find one, both of them exact when they say yes. The quick one gives every row that shall fail a
fact of its own to fail by; that takes next to no time, and mostly finds one. The thorough one tries every
way that can matter; it counts its steps, since the question is hard in the worst case.
"""

from collections.abc import Mapping

from clinical_rules.tables.budget import Budget
from clinical_rules.tables.cells import Choices, Grid, Knowledge, Read, bits


def all_fail(grid: Grid, rows: int, free: int) -> bool:
    """Whether these rows can be seen at a glance to fail together, each by one of the free columns.

    ``False`` means that it cannot be seen at a glance.
    """
    hinges, spoilers = grid.hinges, grid.spoilers
    while rows:
        number = (rows & -rows).bit_length() - 1
        place = hinges[number] & free
        if not place:
            return False
        place &= -place
        free ^= place
        rows &= spoilers[number][place][0]
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
        own: Mapping[int, Choices] = {}
        living = blocking
        if target is not None:
            own = self._confined(target)
            living &= self._compatible(target, own)
        hangs: dict[int, int] = {}
        rest = living
        while rest:
            row = rest & -rest
            rest ^= row
            places = self._hanging(row)
            for place, chosen in own.items():
                if places & place and chosen.everywhere & row:
                    places ^= place
            if not places:
                return False
            hangs[row] = places
        return not living or self._fail(living, -1, hangs, own, budget)

    def together(self, target: int) -> int:
        """The rows that some case satisfies together with the target row, among those that may hold."""
        return self._compatible(target, self._confined(target))

    def _compatible(self, target: int, own: Mapping[int, Choices]) -> int:
        found = self._grid.aim(target).compatible
        if self._partial:
            for chosen in own.values():
                found &= chosen.somewhere
        return found

    def _fail(self, living: int, free: int, hangs: Mapping[int, int], own: Mapping[int, Choices], budget: Budget) -> bool:
        """Whether the living rows can be made to fail by the free columns."""
        budget.step()
        fewest, pivot, places = 1 << 30, 0, 0
        rest = living
        while rest:
            row = rest & -rest
            rest ^= row
            some = hangs[row] & free
            count = some.bit_count()
            if count < fewest:
                fewest, pivot, places = count, row, some
                if count < 2:
                    break
        ways: dict[tuple[int, int], int] = {}
        number = pivot.bit_length() - 1
        while places:
            place = places & -places
            places ^= place
            chosen = own.get(place) or self._partial.get(place)
            for mask in chosen.masks if chosen else self._grid.spoilers[number][place]:
                if mask & pivot:
                    continue
                left = mask & living
                if not left:
                    return True
                ways[left, place] = left.bit_count()
        fewest_first = sorted(ways, key=ways.__getitem__)
        return any(self._fail(left, free ^ place, hangs, own, budget) for left, place in fewest_first)

    def _hanging(self, row: int) -> int:
        """The columns on which a row hangs, given what is known."""
        found = self._grid.hinges[row.bit_length() - 1] & self._unknown
        for place, chosen in self._partial.items():
            if not chosen.everywhere & row:
                found |= place
        return found

    def _confined(self, target: int) -> dict[int, Choices]:
        """What may still be chosen of the facts on which the target row hangs."""
        unknown = self._unknown
        found = {place: chosen for place, chosen in self._grid.aim(target).confined.items() if place & unknown}
        for place, chosen in self._partial.items():
            if not chosen.everywhere >> target & 1:
                column = self._grid.columns[place.bit_length() - 1]
                found[place] = column.choices(column.cell_set(self._knowledge.get(column.key)) & column.satisfying(target))
        return found
