"""Looks for a case outside some boxes, or proves that they cover everything.

Whether rows leave a gap, whether a row is masked, whether a patient can exist: all are one question,
"is there a case in this box and in none of those?", hard in the worst case. The search tries values
and follows what they force. When it fails it learns a box that is covered in truth, the resolvent of
those that brought it down, and never enters that box again. Two boxes give a third: where they meet
on all axes but one, what either covers there is covered.

Rows are bit sets here, so that following costs a few operations per axis however many rows there
are. Every round of following counts as one step of the budget.
"""

from collections.abc import Sequence
from typing import NamedTuple

from clinical_rules.tables.budget import Budget
from clinical_rules.tables.cells import bits
from clinical_rules.tables.verify.space import Box, Space

MENDING = 10
"""How many facts of a guess are changed before values are tried one by one."""

LEARNED = 600
"""How many learned boxes are kept from one question for the next."""


class Covered(NamedTuple):
    """No case exists: this box, which holds the one asked about, is covered by these rows."""

    box: Box
    rows: int


class _Level(NamedTuple):
    """The state before a value was tried."""

    options: list[int]
    dead: list[int]
    unsure: list[int]
    trail: int


class _Change(NamedTuple):
    """One axis narrowed, and by which row; -1 where a value was tried, -2 where the question said so."""

    axis: int
    before: int
    row: int


class Search:
    """Answers questions about one space. What it learns in one question it uses in the next."""

    def __init__(self, space: Space, budget: Budget) -> None:
        self.space, self.budget = space, budget
        self.boxes: list[Box] = list(space.boxes)
        self.made_of: list[int] = [1 << number for number in range(len(self.boxes))]
        """For each box the rows that cover it: itself, or what it was learned from."""
        self.kills = [list(axis.kills) for axis in space.axes]
        self.whole = [axis.everything for axis in space.axes]
        self.dead = [_summary(kills, everything)[0] for kills, everything in zip(self.kills, self.whole, strict=True)]
        """For each axis the rows that fail whatever it is."""
        self.unsure = [_summary(kills, everything)[1] for kills, everything in zip(self.kills, self.whole, strict=True)]
        """For each axis the rows that may fail by it."""
        self.last = [max(range(len(kills)), key=lambda option: (kills[option].bit_count(), -option)) for kills in self.kills]
        """The case to start from: the last one found, which is often nearly right."""

    def outside(self, box: Box, rows: int, without: int = -1) -> list[int] | Covered:
        """A case in the box and in none of the rows, one option per axis; or that there is none.

        ``without`` is an axis that shall not help: the rows must fail by the others. Raises
        ``BudgetSpentError``.
        """
        known = len(self.space.boxes)
        kept = len(self.boxes)
        for number in range(known, kept):
            if not self.made_of[number] & ~rows:
                rows |= 1 << number
        try:
            run = _Run(self, rows, without)
            return run.narrow(box) or run.go()
        finally:
            if without >= 0:
                # True only for rows that ignore that axis.
                self._keep(range(known, kept))
            elif len(self.boxes) - known > LEARNED:
                # A box that asks for little says the most.
                widest = sorted(range(known, len(self.boxes)), key=lambda number: (len(self.boxes[number]), -number))
                self._keep(sorted(widest[: LEARNED // 2]))

    def learn(self, box: Box, made_of: int) -> int:
        """Keep a box that is covered in truth; returns its number."""
        number = len(self.boxes)
        self.boxes.append(box)
        self.made_of.append(made_of)
        bit = 1 << number
        for axis, options in box.items():
            kills = self.kills[axis]
            for option in range(len(kills)):
                if not options >> option & 1:
                    kills[option] |= bit
            _amend(self.whole[axis], options, self.dead, self.unsure, axis, bit)
        return number

    def _keep(self, learned: Sequence[int]) -> None:
        """Forget what was learned but for these."""
        known = len(self.space.boxes)
        if len(learned) == len(self.boxes) - known:
            return
        kept = [(self.boxes[number], self.made_of[number]) for number in learned]
        del self.boxes[known:], self.made_of[known:]
        mask = (1 << known) - 1
        for summaries in (self.dead, self.unsure, *self.kills):
            summaries[:] = [summary & mask for summary in summaries]
        for box, made_of in kept:
            self.learn(box, made_of)


class _Run:
    """One question."""

    def __init__(self, search: Search, rows: int, without: int) -> None:
        self.search, self.rows, self.kills, self.without = search, rows, search.kills, without
        self.axes = range(len(search.space.axes))
        self.options, self.dead, self.unsure = search.whole.copy(), search.dead.copy(), search.unsure.copy()
        if without >= 0:
            self.options[without] = 1
            self.dead[without] = self.unsure[without] = 0
        self.trail: list[_Change] = []
        self.levels: list[_Level] = []
        self.alive = rows

    def narrow(self, box: Box) -> Covered | None:
        """Stay inside the box."""
        for axis, options in box.items():
            if axis == self.without:
                continue
            left = self.options[axis] & options
            if not left:
                return Covered(box, 0)
            if left != self.options[axis]:
                self._set(axis, left, -2)
        return None

    def go(self) -> list[int] | Covered:
        """Try values until a case is found or nothing is left."""
        while True:
            fallen = self._follow()
            while fallen is not None:
                if not self.levels:
                    return self._why(fallen)
                fallen = self._learn(fallen)
                if fallen is None:
                    fallen = self._follow()
            found = self._guess()
            if found is not None:
                return found
            self._try()

    def _set(self, axis: int, options: int, row: int) -> None:
        self.trail.append(_Change(axis, self.options[axis], row))
        self.options[axis] = options
        self.dead[axis], self.unsure[axis] = _summary(self.kills[axis], options)

    def _follow(self) -> int | None:
        """Narrow what the rows force; the number of a row that holds whatever is done, or ``None``."""
        while True:
            self.search.budget.step()
            dead = once = twice = 0
            for failing in self.dead:
                dead |= failing
            for failing in self.unsure:
                twice |= once & failing
                once |= failing
            alive = self.alive = self.rows & ~dead
            if not alive:
                return None
            holds = alive & ~once
            if holds:
                return (holds & -holds).bit_length() - 1
            forced = alive & ~twice
            if not forced:
                return None
            fallen = self._force(forced)
            if fallen is not None:
                return fallen

    def _force(self, forced: int) -> int | None:
        """Let rows fail that can fail by one axis only."""
        boxes = self.search.boxes
        for axis in self.axes:
            here = forced & self.unsure[axis]
            for row in bits(here):
                allowed = boxes[row][axis]
                options = self.options[axis]
                left = options & ~allowed
                if not left:
                    return row
                if left != options:
                    self._set(axis, left, row)
        return None

    def _try(self) -> None:
        alive, most, chosen = self.alive, 0, -1
        for axis in self.axes:
            count = (self.unsure[axis] & alive).bit_count()
            if count > most and self.options[axis] & (self.options[axis] - 1):
                most, chosen = count, axis
        options = self.options[chosen]
        option = self.search.last[chosen]
        if not options >> option & 1:
            option = self._best(chosen, alive)
        self.levels.append(_Level(self.options.copy(), self.dead.copy(), self.unsure.copy(), len(self.trail)))
        self._set(chosen, 1 << option, -1)

    def _guess(self) -> list[int] | None:
        """The last case, changed where it must be: often it will do."""
        guess, alive = self.search.last.copy(), self.alive
        for axis in self.axes:
            if axis == self.without:
                continue
            option, options = guess[axis], self.options[axis]
            if not options >> option & 1:
                option = guess[axis] = self._best(axis, alive)
            alive &= ~self.kills[axis][option]
        if alive and (self.levels or not self._mend(guess, alive)):
            return None
        self.search.last = guess
        return guess.copy()

    def _mend(self, guess: list[int], alive: int) -> bool:
        """Change the guess fact by fact, so that ever fewer rows hold; whether none is left."""
        kills, last = self.kills, -1
        for _ in range(MENDING):
            self.search.budget.step()
            once = twice = 0
            for axis in self.axes:
                if axis != self.without:
                    failing = kills[axis][guess[axis]]
                    twice |= once & failing
                    once |= failing
            only = once & ~twice
            row = (alive & -alive).bit_length() - 1
            fewest, best = -1, (0, 0)
            for axis, options in self._box(row).items():
                if axis == last:
                    continue
                losing = alive | kills[axis][guess[axis]] & only & self.rows
                for option in bits(self.options[axis] & ~options):
                    left = (losing & ~kills[axis][option]).bit_count()
                    if fewest < 0 or left < fewest:
                        fewest, best = left, (axis, option)
            if fewest < 0:
                return False
            last, guess[best[0]] = best[0], best[1]
            alive = self.rows
            for axis in self.axes:
                if axis != self.without:
                    alive &= ~kills[axis][guess[axis]]
            if not alive:
                return True
        return False

    def _best(self, axis: int, alive: int) -> int:
        """The option that rules out the most rows."""
        kills = self.kills[axis]
        return max(bits(self.options[axis]), key=lambda option: ((kills[option] & alive).bit_count(), -option))

    def _learn(self, fallen: int) -> int | None:
        """Learn from a row that fell, go back as far as that allows, and narrow by it."""
        box, made_of = self._box(fallen), self.search.made_of[fallen]
        before = self.levels[-1].options
        position = len(self.trail)
        while True:
            late = [axis for axis, options in box.items() if before[axis] & ~options]
            if len(late) == 1:
                break
            position -= 1
            made_of |= self._resolve(box, self.trail[position])
        asserting = late[0]
        others = [(axis, options) for axis, options in box.items() if axis != asserting]
        back = len(self.levels) - 1
        while back and not any(self.levels[back - 1].options[axis] & ~options for axis, options in others):
            back -= 1
        level = self.levels[back]
        del self.levels[back:], self.trail[level.trail :]
        self.options, self.dead, self.unsure = level.options, level.dead, level.unsure
        number = self.search.learn(box, made_of)
        self.rows |= 1 << number
        # The summaries kept with the levels do not know the new box yet.
        for axis, options in box.items():
            for kept in self.levels:
                _amend(kept.options[axis], options, kept.dead, kept.unsure, axis, 1 << number)
            _amend(self.options[axis], options, self.dead, self.unsure, axis, 1 << number)
        self._set(asserting, self.options[asserting] & ~box[asserting], number)
        return None

    def _box(self, number: int) -> dict[int, int]:
        return {axis: options for axis, options in self.search.boxes[number].items() if axis != self.without}

    def _resolve(self, box: dict[int, int], change: _Change) -> int:
        """Replace what one change brought about by what brought that change about."""
        axis, before, row = change
        if axis not in box or not before & ~box[axis] or row < 0:
            return 0
        for other, options in self._box(row).items():
            if other == axis:
                joined = box[axis] | options
                if joined == self.search.space.axes[axis].everything:
                    del box[axis]
                else:
                    box[axis] = joined
            else:
                box[other] = box.get(other, options) & options
        return self.search.made_of[row]

    def _why(self, fallen: int) -> Covered:
        box, made_of = self._box(fallen), self.search.made_of[fallen]
        for change in reversed(self.trail):
            made_of |= self._resolve(box, change)
        return Covered(box, made_of)


def _summary(kills: Sequence[int], options: int) -> tuple[int, int]:
    """The rows that fail whichever of the options it is, and those that fail in some."""
    dead, unsure = -1, 0
    for option in bits(options):
        dead &= kills[option]
        unsure |= kills[option]
    return dead, unsure


def _amend(left: int, options: int, dead: list[int], unsure: list[int], axis: int, row: int) -> None:
    """Add a new row to an axis's summaries."""
    if left & ~options:
        unsure[axis] |= row
        if not left & options:
            dead[axis] |= row
