"""The slow, obvious answers to "what would settle it" and "where would it flip", for the tests."""

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from clinical_rules.tables.cells import Knowledge
from clinical_rules.tables.possible import NOT_APPLICABLE, Possible, exactly
from clinical_rules.tables.reference import Reference, Value, holds
from clinical_rules.tables.table import Outcome

Sets = set[frozenset[str]]
REACH = 60
"""How far from a known number the next flip may lie in the tests' tables."""


def known(value: Value) -> Possible:
    """The knowledge that a fact has this value."""
    return NOT_APPLICABLE if value is None else exactly(value)


class SlowExplanation:
    """Answers about one table and one partial case."""

    def __init__(self, reference: Reference, knowledge: Knowledge, output: str) -> None:
        self.reference, self.knowledge, self.output = reference, knowledge, output

    def unknown(self) -> list[str]:
        """Facts of which more than one value is possible."""
        return [fact for fact in self.reference.facts if len(self.reference.values(fact, self.knowledge.get(fact))) > 1]

    def settling_sets(self, size: int) -> tuple[Sets, Sets]:
        """The smallest sets that settle the status in all cases, and in some."""
        always: Sets = set()
        sometimes: Sets = set()
        for count in range(size + 1):
            for facts in map(frozenset, combinations(self.unknown(), count)):
                open_or_not = {self.reference.status(case, self.output)[0] == "open" for case in self._cases(sorted(facts))}
                if open_or_not == {False} and not any(some < facts for some in always):
                    always.add(facts)
                if False in open_or_not and not any(some < facts for some in sometimes):
                    sometimes.add(facts)
        return always, sometimes

    def _cases(self, facts: Sequence[str]) -> Iterator[Knowledge]:
        """What is known, with these facts known too, in every way."""
        for values in product(*(self.reference.values(fact, self.knowledge.get(fact)) for fact in facts)):
            yield {**self.knowledge, **{fact: known(value) for fact, value in zip(facts, values, strict=True)}}

    def answer(self, knowledge: Knowledge) -> tuple[object, ...]:
        """Status, outcome and candidates."""
        status, outcome = self.reference.status(knowledge, self.output)
        candidates = frozenset() if status == "none" else frozenset(map(_sign, self.reference.candidates(knowledge, self.output)))
        return status, _sign(outcome), candidates

    def flips(self, fact: str) -> set[tuple[str, Value]]:
        """Every flip of one known fact, found by trying value after value."""
        value = self.knowledge[fact].only
        now = self.answer(self.knowledge)
        domain = self.reference.domains[fact]
        if not domain.numeric:
            others: Sequence[bool | str] = [other for other in domain.codes or (True, False) if other != value]
            return {("other", other) for other in others if self._at(fact, other) != now}
        if not isinstance(value, int):
            raise TypeError(f"{fact} has no one value: {value}")
        low = value - REACH if domain.low is None else domain.low
        high = value + REACH if domain.high is None else domain.high
        below = next((other for other in range(min(value, high) - 1, low - 1, -1) if self._at(fact, other) != now), None)
        above = next((other for other in range(max(value, low) + 1, high + 1) if self._at(fact, other) != now), None)
        return {(side, other) for side, other in (("below", below), ("above", above)) if other is not None}

    def _at(self, fact: str, value: Value) -> tuple[object, ...]:
        return self.answer({**self.knowledge, fact: known(value)})

    def misses(self) -> list[tuple[int, str]]:
        """Every false row with the number of its tests that surely fail, fewest first, then in table order."""
        found = []
        for row, tests in zip(self.reference.table.rows, self.reference.tests, strict=True):
            failed = sum(
                not any(holds(test, value) for value in self.reference.values(fact, self.knowledge.get(fact)))
                for fact, test in tests.items()
            )
            if failed:
                found.append((failed, row.id))
        return found


def _sign(outcome: Outcome | None) -> tuple[type, Outcome | None]:
    return outcome.__class__, outcome
