"""Rows against each other: two that hold together, none that holds, one inside another."""

from collections.abc import Iterator

from clinical_rules.tables.budget import BudgetSpentError
from clinical_rules.tables.cells import bits
from clinical_rules.tables.verify.question import Covered, Questions
from clinical_rules.tables.verify.space import Space

LIMIT = 50
"""Overlaps shown of one table; a table that has more is better looked at row by row."""


def never(ask: Questions) -> int:
    """Rows that no patient satisfies; returns those that some patient does."""
    if not ask.space.barred:
        return ask.space.all_rows  # a test that nothing satisfies is refused when it is read
    real = 0
    for number, box in enumerate(ask.space.boxes[: ask.space.row_count]):
        try:
            found = ask.patient(box, 0)
        except BudgetSpentError:
            ask.not_proved(f"whether any patient satisfies row {ask.row(number)}", rows=(number,))
            real |= 1 << number
            continue
        if isinstance(found, Covered):
            because = ", ".join(dict.fromkeys(ask.space.impossible[bit - ask.space.row_count].id for bit in bits(found.rows)))
            ask.add("never", "error", f"row {ask.row(number)} never holds: no patient satisfies all its tests ({because})", rows=(number,))
        else:
            real |= 1 << number
    return real


def pairs(space: Space) -> Iterator[tuple[int, int]]:
    """The pairs of rows, earlier first, that hold together in some case, were there no constraints."""
    for number, box in enumerate(space.boxes[: space.row_count]):
        together = space.all_rows & -(2 << number)
        for axis, options in box.items():
            kills = space.axes[axis].kills
            apart = -1
            for option in bits(options):
                apart &= kills[option]
            together &= ~apart
        for other in bits(together):
            yield number, other


def overlaps(ask: Questions, real: int) -> None:
    """UNIQUE: two rows that hold together. FIRST: where the earlier hides an outcome of the later."""
    unique = _policy(ask) == "UNIQUE"
    shown = 0
    for one, other in pairs(ask.space):
        if not (real >> one & real >> other & 1) or not (unique or _hides(ask, one, other)):
            continue
        box = ask.space.meet(ask.space.boxes[one], ask.space.boxes[other])
        if box is None:
            continue
        names = f"{ask.row(one)} and {ask.row(other)}"
        try:
            found = ask.patient(box, 0)
        except BudgetSpentError:
            if unique:
                ask.not_proved(f"whether rows {names} hold together", rows=(one, other))
            continue
        if isinstance(found, Covered):
            continue
        if shown == LIMIT:
            ask.add("overlap", "error" if unique else "note", f"more rows hold together; the first {LIMIT} pairs are shown")
            return
        shown += 1
        if unique:
            ask.add(
                "overlap", "error", f"rows {names} hold together, and the table is UNIQUE", rows=(one, other), witness=ask.space.case(found)
            )
        else:
            say = f"rows {names} hold together with different outcomes; the earlier one decides"
            ask.add("overlap", "note", say, rows=(one, other), witness=ask.space.case(found))


def _hides(ask: Questions, one: int, other: int) -> bool:
    # A last row that asks nothing is there for whatever the rows before it leave over.
    return bool(ask.space.boxes[other]) and not ask.outcomes[one] >> other & 1


def gap(ask: Questions, complete: bool) -> None:
    """A patient for whom no row holds."""
    try:
        found = ask.patient({}, ask.space.all_rows)
    except BudgetSpentError:
        ask.not_proved("whether some row holds for every patient")
        return
    if not isinstance(found, Covered):
        ask.add("gap", "error" if complete else "note", "there are patients for whom no row holds", witness=ask.space.case(found))


def inside(ask: Questions, real: int) -> None:
    """Rows that hold only where another row with the same outputs holds too."""
    space = ask.space
    for number in bits(real):
        try:
            feasible = _feasible(ask, number)
        except BudgetSpentError:
            ask.not_proved(f"whether row {ask.row(number)} lies inside another", rows=(number,))
            continue
        fails = 0
        for axis, options in enumerate(feasible):
            if options == space.axes[axis].everything:
                fails |= space.axes[axis].fails
            else:
                for option in bits(options):
                    fails |= space.axes[axis].kills[option]
        around = real & ~fails & ask.outcomes[number] & ~(1 << number)
        if _policy(ask) == "FIRST":
            around &= -(2 << number)  # inside an earlier row it is masked, which is said there
        for other in bits(around):
            say = f"row {ask.row(number)} holds only where row {ask.row(other)} holds, and gives the same"
            ask.add("inside", "note", say, rows=(number, other))
            break


def _feasible(ask: Questions, number: int) -> list[int]:
    """For each axis the options that some patient who satisfies the row has."""
    space = ask.space
    box = space.boxes[number]
    left = [box.get(axis, one.everything) for axis, one in enumerate(space.axes)]
    tied = space.tied
    found = [options if axis not in tied else 0 for axis, options in enumerate(left)]
    for axis in sorted(tied):
        for option in bits(left[axis]):
            if found[axis] >> option & 1:
                continue
            point = ask.point({**box, axis: 1 << option}, space.barred)
            if not isinstance(point, Covered):
                for other, chosen in enumerate(point):
                    found[other] |= 1 << chosen
    return found


def _policy(ask: Questions) -> str:
    return ask.space.compiled.table.hit_policy
