"""FIRST: rows that never come first, since an earlier row holds whenever they do."""

from collections.abc import Sequence

from clinical_rules.tables.budget import BudgetSpentError
from clinical_rules.tables.cells import bits
from clinical_rules.tables.verify.question import Covered, Questions

CLOSER = 20
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
        before = (1 << number) - 1
        self.alike, self.others = before & ask.outcomes[number], before & ~ask.outcomes[number]

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
        fails, may_fail = self._read(known)
        if self.alike & ~may_fail:
            return False  # one of them surely holds, and does in every smaller set
        others = self.others & ~fails
        if not others:
            return not isinstance(self.ask.patient(dict(enumerate(known)), 0), Covered)
        nearest = self.ask.space.boxes[next(bits(others))]
        return any(
            self._decides([*known[:axis], known[axis] & ~options, *known[axis + 1 :]])
            for axis, options in nearest.items()
            if known[axis] & ~options
        )

    def _read(self, known: Sequence[int]) -> tuple[int, int]:
        """The rows that surely fail, and those that may."""
        fails = may_fail = 0
        for axis, options in zip(self.ask.space.axes, known, strict=True):
            if options == axis.everything:
                may_fail |= axis.fails
                continue
            every = -1
            for option in bits(options):
                every &= axis.kills[option]
                may_fail |= axis.kills[option]
            fails |= every
        return fails, may_fail
