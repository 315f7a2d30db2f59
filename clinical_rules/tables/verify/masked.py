"""FIRST: rows that never come first, since an earlier row holds whenever they do."""

from collections.abc import Sequence

from clinical_rules.tables.budget import BudgetSpentError
from clinical_rules.tables.cells import bits
from clinical_rules.tables.verify.question import Covered, Questions
from clinical_rules.tables.verify.space import Box

CLOSER = 10
"""A closer look at masked rows may take this part of all steps."""


def masked(ask: Questions, real: int) -> int:
    """Finds them among the real rows; returns the rows that do come first for some patient.

    From top to bottom, so that what was learned of the rows above serves the rows below.
    """
    reached, spare = 0, ask.steps // CLOSER
    for number in bits(real):
        before = (1 << number) - 1
        try:
            found = ask.patient(ask.space.boxes[number], before)
        except BudgetSpentError:
            ask.not_proved(f"whether row {ask.row(number)} ever comes first", rows=(number,))
            reached |= 1 << number
            continue
        if not isinstance(found, Covered):
            reached |= 1 << number
            continue
        left = ask.steps
        covering = _fewest(ask, number, found.rows & before, left - spare)
        joining = _Joining(ask, number, left - spare).decides()
        spare -= left - ask.steps
        if joining:
            say = f"row {ask.row(number)} never comes first, but it decides while it is open which of {ask.rows(covering)} does"
        else:
            say = f"row {ask.row(number)} never comes first: whenever it holds, an earlier one does ({ask.rows(covering)})"
        ask.add("masked", "note" if joining else "error", say, rows=(number, *bits(covering)))
    return reached


def _fewest(ask: Questions, number: int, covering: int, floor: int) -> int:
    """The covering rows without those that are not needed, until only so many steps are left."""
    for row in reversed(list(bits(covering))):
        if ask.steps <= floor:
            break
        try:
            if isinstance(ask.patient(ask.space.boxes[number], covering & ~(1 << row)), Covered):
                covering &= ~(1 << row)
        except BudgetSpentError:
            break
    return covering


class _Joining:
    """Whether a masked row decides partial cases: it surely holds, and no row before it surely does.

    That is so where what is known leaves open which of several rows before it holds, all with its
    outcome. Sets of values are looked for that keep every other outcome before it out, each by some
    fact. When the steps are used up, the row counts as one that never decides.
    """

    def __init__(self, ask: Questions, number: int, floor: int) -> None:
        self.ask, self.floor = ask, floor
        self.box = ask.space.boxes[number]
        before = [(row, ask.space.boxes[row]) for row in range(number)]
        self.alike = [box for row, box in before if ask.outcomes[number] >> row & 1]
        self.others = [box for row, box in before if not ask.outcomes[number] >> row & 1]

    def decides(self) -> bool:
        """Whether there is such a partial case, and a patient whom it fits."""
        try:
            return self._decides([axis.everything & self.box.get(number, -1) for number, axis in enumerate(self.ask.space.axes)])
        except BudgetSpentError:
            return False

    def _decides(self, known: list[int]) -> bool:
        if self.ask.steps <= self.floor:
            raise BudgetSpentError
        self.ask.steps -= 1
        if any(_surely(box, known) for box in self.alike):
            return False  # and so in every smaller set
        other = next((box for box in self.others if all(known[axis] & options for axis, options in box.items())), None)
        if other is None:
            return not isinstance(self.ask.patient(dict(enumerate(known)), 0), Covered)
        return any(
            self._decides([*known[:axis], known[axis] & ~options, *known[axis + 1 :]])
            for axis, options in other.items()
            if known[axis] & ~options
        )


def _surely(box: Box, known: Sequence[int]) -> bool:
    return not any(known[axis] & ~options for axis, options in box.items())
