"""What changes the outcome: thresholds and facts that do not, and facts that can leave it open.

Two values of one fact make a difference when some patient with the one would have another outcome
with the other, all else alike.
"""

from collections.abc import Iterator
from itertools import combinations, pairwise

from clinical_rules.tables.budget import BudgetSpentError
from clinical_rules.tables.cells import bits
from clinical_rules.tables.possible import NOT_APPLICABLE
from clinical_rules.tables.sfeel import print_value
from clinical_rules.tables.verify.question import Covered, Questions
from clinical_rules.tables.verify.space import Axis, Box


def idle(ask: Questions) -> None:
    """Facts and thresholds that the table asks for and that change no outcome."""
    for number, axis in enumerate(ask.space.axes):
        if not axis.asked:
            continue
        steps = list(_steps(axis))
        try:
            used = [make_difference(ask, number, low, high) for _, low, high in steps]
            if not any(used) and not any(make_difference(ask, number, *pair) for pair in combinations(range(len(axis.options)), 2)):
                _idle_fact(ask, number, axis)
                continue
        except BudgetSpentError:
            ask.not_proved(f"whether every threshold of {axis.key} changes something", fact=axis.key)
            continue
        for (threshold, low, high), changes in zip(steps, used, strict=True):
            if not changes:
                _idle_threshold(ask, axis, threshold, axis.kills[low] ^ axis.kills[high])


def _idle_fact(ask: Questions, number: int, axis: Axis) -> None:
    rows = tuple(row for row in range(ask.space.row_count) if number in ask.space.boxes[row])
    ask.add("idle_fact", "warning", f"{axis.key} is asked for and never changes the outcome", rows=rows, fact=axis.key)


def _idle_threshold(ask: Questions, axis: Axis, threshold: int, differing: int) -> None:
    rows = tuple(bits(differing & ask.space.all_rows))
    if rows:
        below, above = print_value(threshold - 1, axis.domain), print_value(threshold, axis.domain)
        say = f"the threshold of {axis.key} between {below} and {above} changes no outcome"
        ask.add("idle_threshold", "warning", say, rows=rows, fact=axis.key, text=above)


def _steps(axis: Axis) -> Iterator[tuple[int, int, int]]:
    """Each threshold as the first number above it, with the options below and above."""
    if not axis.domain.numeric:
        return
    numbers = [(cell.spans[0][0], axis.option_of(number)) for number, cell in enumerate(axis.cells) if cell.spans]
    for (_, below), (first, above) in pairwise(numbers):
        if first is not None and below is not None and above is not None:
            yield first, below, above


def leaves_open(ask: Questions) -> None:
    """Facts that can leave the decision open, all else known: what is rarely measured deserves a look."""
    for number, axis in enumerate(ask.space.axes):
        if not axis.asked:
            continue
        # A fact that is known to be not applicable is known.
        options = [option for option in range(len(axis.options)) if axis.cells[axis.options[option][0]] != NOT_APPLICABLE]
        try:
            found = next(
                (some for pair in combinations(options, 2) if (some := difference(ask, number, *pair, both=True)) is not None), None
            )
        except BudgetSpentError:
            ask.not_proved(f"whether {axis.key} can leave the decision open", fact=axis.key)
            continue
        if found is not None:
            witness = {fact: value for fact, value in ask.space.case(found).items() if fact != axis.key}
            say = f"{axis.key} alone, while unknown, can leave the decision open"
            ask.add("leaves_open", "note", say, fact=axis.key, witness=witness)


def make_difference(ask: Questions, axis: int, one: int, other: int) -> bool:
    """Whether some patient with one of the two options would have another outcome with the other."""
    return difference(ask, axis, one, other, both=False) is not None


def difference(ask: Questions, axis: int, one: int, other: int, *, both: bool) -> list[int] | None:
    """A patient with one of two options of a fact who would have another outcome with the other.

    ``both``: the patient with the other option must be possible too. Raises ``BudgetSpentError``.
    """
    kills, barred = ask.space.axes[axis].kills, ask.space.barred
    bars = [barred & ~kills[one], barred & ~kills[other]]
    for bar in [bars[0] | bars[1]] if both else bars if bars[0] != bars[1] else bars[:1]:
        for here, there in ((one, other), (other, one)):
            found = _deciders(ask, axis, here, there, bar)
            if found is not None:
                return found
    return None


def _deciders(ask: Questions, axis: int, here: int, there: int, barred: int) -> list[int] | None:
    """As ``difference``, where the row that decides first in table order decides ``here``.

    That row must fail ``there``, by this fact; and so must, by the others, all rows before it that
    this fact would let hold on either side.
    """
    space = ask.space
    kills = space.axes[axis].kills
    holding, others = space.all_rows & ~kills[here], space.all_rows & ~kills[there]
    collect = space.compiled.table.hit_policy == "COLLECT"
    # Where both are patients or neither is, only rows that come first for some patient can decide.
    deciding = space.all_rows if (kills[here] ^ kills[there]) & space.barred else ask.reached
    for row in bits(holding & ~others & deciding):
        box = space.boxes[row]
        if collect:
            found = ask.point(box, barred, axis)
            if not isinstance(found, Covered):
                return _at(found, axis, here)
            continue
        before, same = (1 << row) - 1, ask.outcomes[row]
        blocking = barred | before & (holding | others)
        # Most often nothing with the same outcome holds instead.
        found = ask.point(box, blocking | others & same & ~before, axis)
        if not isinstance(found, Covered):
            return _at(found, axis, here)
        for later in bits(others & ~same & ~before & deciding):
            if not others & same & -(2 << later):
                continue  # covered by the look above
            narrowed = space.meet(_but(box, axis), _but(space.boxes[later], axis))
            if narrowed is None:
                continue
            found = ask.point(narrowed, blocking | others & same & ~before & ((1 << later) - 1), axis)
            if not isinstance(found, Covered):
                return _at(found, axis, here)
    return None


def _but(box: Box, axis: int) -> Box:
    return {key: options for key, options in box.items() if key != axis}


def _at(point: list[int], axis: int, option: int) -> list[int]:
    point[axis] = option
    return point
