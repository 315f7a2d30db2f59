"""Why rows hold or hang, ready to be handed out: which tests of a row hold, and which hang on what is unknown.

A row of so many tests can hang in so many ways; each is said once and handed to every case that is
like it.
"""

from collections.abc import Mapping
from typing import NamedTuple

from clinical_rules.tables.decide import Decision
from clinical_rules.tables.sfeel import Test
from clinical_rules.truth import Truth

REMEMBERED = 256
"""Ways in which one row hangs, before they are forgotten and said anew."""


class TestVerdict(NamedTuple):
    """One test of a row: it surely holds, surely fails, or (``None``) hangs on what is unknown."""

    fact: str
    text: str
    truth: Truth


class RowVerdict(NamedTuple):
    """A row that may hold: whether it surely does, and every test of it but those that ask nothing."""

    row: str
    truth: Truth
    tests: tuple[TestVerdict, ...]


class Explained(NamedTuple):
    """A decision with its reasons: the rows that fired and the rows that are open, as the decision names them.

    Known values and distances are not in it: ``CompiledTable.explain`` looks them up.
    """

    decision: Decision
    fired: tuple[RowVerdict, ...]
    open: tuple[RowVerdict, ...]


class Verdicts(dict[int, RowVerdict]):
    """The verdicts on one row, by the columns on which it hangs."""

    __slots__ = ("_index_of", "_row", "_tests")

    def __init__(self, row: str, tests: Mapping[str, Test], index_of: Mapping[str, int]) -> None:
        super().__init__()
        self._row, self._tests, self._index_of = row, tests, index_of

    def __missing__(self, hanging: int) -> RowVerdict:
        tests = tuple(
            TestVerdict(fact, test.text, None if hanging >> self._index_of[fact] & 1 else True) for fact, test in self._tests.items()
        )
        found = RowVerdict(self._row, None if hanging else True, tests)
        if len(self) >= REMEMBERED:
            self.clear()
        self[hanging] = found
        return found
