"""Where an answer would change if one known value were another: "would change at phosphate 1.45 or below".

All else stays as known. Of a number or date the nearest such value on each side counts; of a
boolean or code, each value.
"""

from collections.abc import Callable, Iterator
from typing import Generic, Literal, NamedTuple, TypeVar

from clinical_rules.tables.cells import Column, Grid, Knowledge
from clinical_rules.tables.possible import Possible, Scalar, exactly

Side = Literal["below", "above", "other"]
Said = TypeVar("Said")


class Flip(NamedTuple, Generic[Said]):
    """One value at which the answer changes.

    ``side``: a number or date would change it at ``value`` and for a stretch below, or above it;
    ``other`` for a boolean or code. ``says`` is the answer there.
    """

    fact: str
    side: Side
    value: Scalar
    says: Said


def flips(grid: Grid, knowledge: Knowledge, says: Callable[[Knowledge], Said], signs: Callable[[Said], object]) -> tuple[Flip[Said], ...]:
    """The flip points of all facts that have one known value, in the order of the table's columns.

    ``says`` answers; ``signs`` gives what must stay the same for the answer to count as unchanged.
    """
    now = signs(says(knowledge))
    found: list[Flip[Said]] = []
    for column in grid.columns:
        known = knowledge.get(column.key)
        if known is None or known.not_applicable:
            continue
        cell_set = column.cell_set(known)
        if cell_set & (cell_set - 1) or (not column.domain.numeric and len(known.values or ()) != 1):
            # Several values are possible: where it flips depends on which it is.
            continue
        elsewhere = {key: value for key, value in knowledge.items() if key != column.key}
        # Rows that fail by another fact have no say, whatever this one is.
        rows = grid.read(elsewhere).possible
        here = column.masks[cell_set.bit_length() - 1] & rows
        answers: dict[int, Said] = {}
        for side, stretch in _stretches(column, cell_set.bit_length() - 1, known):
            for value, mask in stretch:
                if mask & rows == here:
                    continue
                if mask & rows not in answers:
                    answers[mask & rows] = says({**elsewhere, column.key: exactly(value)})
                if signs(answers[mask & rows]) != now:
                    found.append(Flip(column.key, side, value, answers[mask & rows]))
                    if side != "other":
                        break
    return tuple(found)


def _stretches(column: Column, cell: int, known: Possible) -> Iterator[tuple[Side, list[tuple[Scalar, int]]]]:
    """The values to look at, nearest first, each with the rows that it satisfies."""
    if not column.domain.numeric:
        values: tuple[bool | str, ...] = column.domain.codes or (True, False)
        yield "other", [(value, column.mask(value)) for value in values if value not in known]
        return
    cuts, masks = column.cut.cuts, column.masks
    yield "below", [(cuts[number] - 1, masks[number]) for number in reversed(range(cell))]
    yield "above", [(cuts[number - 1], masks[number]) for number in range(cell + 1, len(cuts) + 1)]
