"""Hit policies when some facts are unknown: FIRST and COLLECT.

A row is true when every possible case satisfies it, false when none does, and else unknown.
``docs/engine.md`` shows the rules with examples.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from clinical_rules.tables.cells import bits
from clinical_rules.tables.table import Outcome
from clinical_rules.truth import Truth

Status = Literal["decided", "open", "none"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a FIRST table says.

    ``status``: ``decided`` for ``outcome``; ``open`` between the candidates; ``none`` when surely
    no row holds. ``candidates`` stand in table order, and end with ``None`` when it may be that no
    row holds. They are exact (each is the outcome of some case that fits what is known, and no
    other outcome is) unless the search ran out of its budget; then they may name too many.
    ``row`` is the first row that surely holds, ``fired`` all that surely hold, ``open`` those that
    may hold and are not overruled by ``row``.
    """

    status: Status
    outcome: Outcome | None
    candidates: tuple[Outcome | None, ...]
    candidates_exact: bool
    fired: tuple[str, ...]
    open: tuple[str, ...]
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Collected:
    """What a COLLECT table says: the rows that surely hold, and those that also may."""

    sure: tuple[str, ...]
    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Output:
    """One output of a FIRST table: the rows of each outcome, outcomes in table order."""

    name: str
    rows_of: tuple[tuple[Outcome, int], ...]

    def rows(self, outcome: Outcome | None) -> int:
        """The rows that give this outcome; of ``None``, which no row gives: none."""
        for name, row_set in self.rows_of:
            if name == outcome and name.__class__ is outcome.__class__:
                return row_set
        return 0


class Reach(NamedTuple):
    """How far a FIRST table can still be read: the rows that may be the first to hold."""

    rows: int
    first_sure: int
    """The first row that surely holds, as a bit set of one row; 0 when none does."""

    def outcomes(self, output: Output) -> list[Outcome | None]:
        """Kleene candidates in the order of the first row that may give them."""
        found: list[tuple[int, Outcome | None]] = []
        for name, row_set in output.rows_of:
            reached = row_set & self.rows
            if reached:
                found.append((reached & -reached, name))
        found.sort(key=_first_row)
        outcomes = [name for _, name in found]
        if not self.first_sure:
            outcomes.append(None)
        return outcomes


def _first_row(found: tuple[int, Outcome | None]) -> int:
    return found[0]


def reach(sure: int, possible: int) -> Reach:
    """How far a FIRST table goes on: no row after one that surely holds can be the first."""
    first = sure & -sure
    return Reach(possible & (2 * first - 1) if first else possible, first)


def collect(row_ids: Sequence[str], sure: int, possible: int) -> Collected:
    """The COLLECT reading of the rows that surely and possibly hold."""
    return Collected(names(row_ids, sure), names(row_ids, possible & ~sure))


def truths(row_count: int, sure: int, possible: int) -> tuple[Truth, ...]:
    """True, unknown or false for each row."""
    found: list[Truth] = [False] * row_count
    for number in bits(possible):
        found[number] = None
    for number in bits(sure):
        found[number] = True
    return tuple(found)


def names(row_ids: Sequence[str], row_set: int) -> tuple[str, ...]:
    """The ids of a set of rows, in table order."""
    return tuple([row_ids[number] for number in bits(row_set)])
