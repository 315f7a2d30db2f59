"""What a table says when some facts are unknown: the words in which it is said.

A row is true when every possible case satisfies it, false when none does, and else unknown.
``docs/engine.md`` shows the rules of each hit policy with examples.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from clinical_rules.tables.cells import bits
from clinical_rules.tables.table import Outcome
from clinical_rules.truth import Truth

Status = Literal["decided", "open", "none", "conflict"]


class Decision(NamedTuple):
    """What a FIRST or a UNIQUE table says.

    ``status``: ``decided`` for ``outcome``; ``open`` between the candidates; ``none`` when surely
    no row holds; ``conflict`` when surely two rows of a UNIQUE table hold. ``candidates`` stand in
    table order, and end with ``None`` when it may be that no row holds. They are exact (each is the
    outcome of some case that fits what is known, and no other outcome is) unless the search ran out
    of its budget; then they may name too many. A conflict has no outcome, so it is no candidate.
    ``fired`` names all rows that surely hold. Of a FIRST table ``row`` is the first of them, and
    ``open`` names those that may hold and are not overruled by ``row``; of a UNIQUE table ``row`` is
    the one that surely holds, ``open`` names all that may hold, and ``conflict`` those that do or
    may hold together with another: none where the rows are disjoint.
    """

    status: Status
    outcome: Outcome | None
    candidates: tuple[Outcome | None, ...]
    candidates_exact: bool
    fired: tuple[str, ...]
    open: tuple[str, ...]
    row: str | None = None
    conflict: tuple[str, ...] = ()


def answer(decision: Decision) -> object:
    """What a decision says, without the rows that say it and their order; ``True`` and ``"true"`` differ."""
    candidates = frozenset([(outcome.__class__, outcome) for outcome in decision.candidates])
    return decision.status, decision.outcome.__class__, decision.outcome, candidates


class Collected(NamedTuple):
    """What a COLLECT table says: the rows that surely hold, and those that also may."""

    sure: tuple[str, ...]
    possible: tuple[str, ...]


class Output:
    """One output of a table: what each row gives, and the rows that give the same."""

    __slots__ = ("name", "of_row", "rows_of", "same")

    def __init__(self, name: str, of_row: Sequence[Outcome]) -> None:
        self.name = name
        self.of_row = tuple(of_row)
        rows_of: dict[tuple[type, Outcome], int] = {}
        for number, outcome in enumerate(self.of_row):
            # True and "true" are different outcomes, and so would True and 1 be.
            place = (outcome.__class__, outcome)
            rows_of[place] = rows_of.get(place, 0) | 1 << number
        self.rows_of: tuple[tuple[Outcome, int], ...] = tuple([(outcome, some) for (_, outcome), some in rows_of.items()])
        """The rows of each outcome, outcomes in table order."""
        self.same: tuple[int, ...] = tuple([rows_of[outcome.__class__, outcome] for outcome in self.of_row])
        """For each row all rows of the same outcome."""

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
        found: list[Outcome | None] = [output.of_row[number] for number in self.first_of_each(output)]
        if not self.first_sure:
            found.append(None)
        return found

    def first_of_each(self, output: Output) -> list[int]:
        """For each outcome the first row that may give it, in table order."""
        found, rest = [], self.rows
        while rest:
            number = (rest & -rest).bit_length() - 1
            found.append(number)
            rest &= ~output.same[number]
        return found


def reach(sure: int, possible: int) -> Reach:
    """How far a FIRST table goes on: no row after one that surely holds can be the first."""
    first = sure & -sure
    return Reach(possible & (2 * first - 1) if first else possible, first)


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
    found = []
    while row_set:
        # From the highest: that needs one operation on the long integer less than from the lowest.
        number = row_set.bit_length() - 1
        row_set ^= 1 << number
        found.append(row_ids[number])
    found.reverse()
    return tuple(found)
