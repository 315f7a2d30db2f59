"""Why a row holds, why not, and by how little it failed."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from clinical_rules.tables.cells import REMEMBERED, Column, Grid, Knowledge
from clinical_rules.tables.possible import Possible, Span, Token
from clinical_rules.tables.sfeel import Test
from clinical_rules.truth import Truth


class TestExplanation(NamedTuple):
    """One test of a row against what is known.

    ``known`` is ``None`` for a fact nobody told us. ``distance`` is how far a known number or date
    lies from satisfying the test, scaled as the fact is: 0 when the test holds, ``None`` when it is
    unknown or no matter of numbers.
    """

    fact: str
    text: str
    truth: Truth
    known: Possible | None
    distance: int | None


class RowExplanation:
    """One row against what is known. Its tests are looked at when somebody asks for them."""

    __slots__ = ("_number", "_reading", "_tests", "row")

    def __init__(self, row: str, number: int, reading: "Reading") -> None:
        self.row = row
        self._number, self._reading = number, reading
        self._tests: tuple[TestExplanation, ...] | None = None

    @property
    def truth(self) -> Truth:
        """Whether the row holds."""
        return self._reading.truth(self._number)

    @property
    def tests(self) -> tuple[TestExplanation, ...]:
        """Every test of the row but those that ask nothing, as the row lists them."""
        if self._tests is None:
            self._tests = self._reading.tests(self._number)
        return self._tests

    @property
    def failed(self) -> tuple[TestExplanation, ...]:
        """The tests that surely do not hold: why the row is false."""
        return tuple(test for test in self.tests if test.truth is False)

    @property
    def unknown(self) -> tuple[TestExplanation, ...]:
        """The tests that hang on what is not known."""
        return tuple(test for test in self.tests if test.truth is None)

    def __repr__(self) -> str:
        return f"RowExplanation({self.row!r}, {self.truth}, {self.tests})"


class Asked(NamedTuple):
    """One test of one row, ready to be explained."""

    column: Column
    test: Test
    spans: tuple[Span, ...]
    """The numbers that satisfy it; none for a test of a boolean or a code."""
    unknown: TestExplanation
    """What there is to say while nothing is known of the fact."""
    said: dict[Token, TestExplanation]
    """What there is to say of each boolean or code, as far as somebody asked; not of numbers, of which there are too many."""


class Prepared:
    """The tests of all rows. A row is made ready when it is first explained."""

    __slots__ = ("_asked", "_grid", "_tests")

    def __init__(self, grid: Grid, tests: Sequence[Mapping[str, Test]]) -> None:
        self._grid, self._tests = grid, tests
        self._asked: dict[int, tuple[Asked, ...]] = {}

    def __getitem__(self, number: int) -> tuple[Asked, ...]:
        found = self._asked.get(number)
        if found is None:
            column_of = self._grid.column_of
            found = tuple([_asked(column_of[fact], test, 1 << number) for fact, test in self._tests[number].items()])
            self._asked[number] = found
        return found


def _asked(column: Column, test: Test, row: int) -> Asked:
    truth = True if column.any_sure & row else None
    spans = (test.accepts and test.accepts.spans) or ()
    return Asked(column, test, spans, TestExplanation(column.key, test.text, truth, None, None), {})


class Reading:
    """A table read over one state of knowledge, kept so that explanations can wait."""

    __slots__ = ("_asked", "_grid", "_knowledge", "_rows", "_summaries")

    def __init__(self, grid: Grid, asked: Prepared, knowledge: Knowledge) -> None:
        self._grid, self._asked = grid, asked
        # Copied now: the caller may go on changing what he knows before he reads the explanation.
        self._knowledge = dict(knowledge)
        self._summaries: dict[str, tuple[int, int]] = {}
        self._rows: tuple[int, int] | None = None

    @property
    def rows(self) -> tuple[int, int]:
        """The rows that surely hold, and those that may."""
        if self._rows is None:
            self._rows = self._grid.read(self._knowledge)[:2]
        return self._rows

    def truth(self, number: int) -> Truth:
        """Whether the row with this number holds."""
        sure, possible = self.rows
        return True if sure >> number & 1 else None if possible >> number & 1 else False

    def tests(self, number: int) -> tuple[TestExplanation, ...]:
        """The tests of the row with this number."""
        bit = 1 << number
        explained = []
        get = self._knowledge.get
        for column, test, spans, unknown, said in self._asked[number]:
            fact = column.key
            known = get(fact)
            if known is None:
                explained.append(unknown)
                continue
            ready = said.get(known.token)
            if ready is not None:
                explained.append(ready)
                continue
            summary = self._summaries.get(fact)
            if summary is None:
                self._summaries[fact] = summary = column.summary(known)
            sure, possible = summary
            truth = True if sure & bit else None if possible & bit else False
            distance = _distance(truth, known, spans) if spans else None
            one = TestExplanation(fact, test.text, truth, known, distance)
            if not spans and len(said) < REMEMBERED:
                said[known.token] = one
            explained.append(one)
        return tuple(explained)

    def miss(self, number: int) -> tuple[int, float, int]:
        """How badly a false row failed: failed tests, how far off they are, unknown tests.

        Distances of unlike facts are made comparable by dividing by the limit that was missed. A
        failed yes-or-no question counts as one whole limit; one that does not apply, as out of reach.
        """
        failed, unknown, far = 0, 0, 0.0
        for test, asked in zip(self.tests(number), self._asked[number], strict=True):
            if test.truth is None:
                unknown += 1
            elif test.truth is False:
                failed += 1
                far += _far(test, asked.spans)
        return failed, far, unknown


def _far(test: TestExplanation, spans: tuple[Span, ...]) -> float:
    known = test.known
    if known is not None and known.values is None and known.spans is None:
        return math.inf
    gap = _nearest((known and known.spans) or (), spans)
    return 1.0 if gap is None else gap[0] / max(1, abs(gap[1]))


def _distance(truth: Truth, known: Possible, spans: tuple[Span, ...]) -> int | None:
    if truth is None or known.spans is None:
        return None
    if truth:
        return 0
    gap = _nearest(known.spans, spans)
    return None if gap is None else gap[0]


def _nearest(known: tuple[Span, ...], accepted: tuple[Span, ...]) -> tuple[int, int] | None:
    """The smallest step from what is known into what is accepted, and the limit it would reach."""
    gaps: list[tuple[int, int]] = []
    for low, high in known:
        for accepted_low, accepted_high in accepted:
            if high is not None and accepted_low is not None and high < accepted_low:
                gaps.append((accepted_low - high, accepted_low))
            if low is not None and accepted_high is not None and low > accepted_high:
                gaps.append((low - accepted_high, accepted_high))
    return min(gaps, default=None)
