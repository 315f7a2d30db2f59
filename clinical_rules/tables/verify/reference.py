"""The slow, obvious verification that the search is tested against: it goes through every case.

It knows no options, boxes or bit sets. Use it on small tables only.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise, product

from clinical_rules.tables.domain import Domain
from clinical_rules.tables.possible import Possible
from clinical_rules.tables.reference import Value, holds
from clinical_rules.tables.sfeel import ANYTHING, Interval, Test, parse_test
from clinical_rules.tables.table import Outcome, Table
from clinical_rules.tables.verify.constraints import Constraints, Impossible

Plain = Mapping[str, Value]
Held = frozenset[int]
"""The numbers of the rows that hold."""


class BruteForce:
    """A table and its constraints, read case by case."""

    def __init__(self, table: Table, domains: Mapping[str, Domain], constraints: Constraints) -> None:
        self.table, self.domains, self.constraints = table, {**constraints.domains, **domains}, constraints
        self.tests: list[dict[str, Test]] = [
            {fact: test for fact, text in row.when.items() if (test := parse_test(text, domains[fact])).text != ANYTHING}
            for row in table.rows
        ]
        self.asked = list(dict.fromkeys(fact for row in self.tests for fact in row))
        self.facts = list(self.asked)
        # A fact that is tied to one of the table's, through however many others, is part of the case.
        while more := [fact for one in constraints.impossible if set(one.together) & set(self.facts) for fact in one.together]:
            missing = [fact for fact in dict.fromkeys(more) if fact not in self.facts]
            if not missing:
                break
            self.facts += missing
        self.values = {fact: self._values(fact) for fact in self.facts}
        self.cases = [case for case in self._all() if self.possible(case)]
        """Every case that can be, as far as tests and constraints can tell cases apart."""

    def _all(self) -> Iterator[Plain]:
        for values in product(*(self.values[fact] for fact in self.facts)):
            yield dict(zip(self.facts, values, strict=True))

    def _values(self, fact: str) -> list[Value]:
        domain = self.domains[fact]
        found: list[Value] = list(self._numbers(fact) if domain.numeric else domain.codes or (True, False))
        if fact in self.constraints.may_not_apply:
            found.append(None)
        alike: dict[tuple[bool, ...], Value] = {}
        for value in found:
            tests = [holds(row[fact], value) for row in self.tests if fact in row]
            bars = [_may_be(one, fact, value) for one in self.constraints.impossible]
            # "Not applicable" is a state of its own, even where nothing tells it from a value.
            alike.setdefault((*tests, *bars, value is None), value)
        return list(alike.values())

    def _numbers(self, fact: str) -> list[int]:
        domain = self.domains[fact]
        marks: list[int | None] = [0, domain.low, domain.high]
        for row in self.tests:
            for part in row[fact].parts if fact in row else ():
                marks += [part.low, part.high] if isinstance(part, Interval) else [int(part.value)]
        for one in self.constraints.impossible:
            for span in (one.together[fact].spans or ()) if fact in one.together else ():
                marks += span
        numbers = {mark + step for mark in marks if mark is not None for step in (-1, 0, 1)}
        low, high = domain.low, domain.high
        return sorted(number for number in numbers if (low is None or number >= low) and (high is None or number <= high))

    def possible(self, case: Plain) -> bool:
        """Whether the constraints allow the case."""
        return not any(all(_may_be(one, fact, case.get(fact)) for fact in one.together) for one in self._bars(case))

    def _bars(self, case: Plain) -> Sequence[Impossible]:
        return [one for one in self.constraints.impossible if set(one.together) <= set(case)]

    def held(self, case: Plain) -> Held:
        """The rows that hold in a case."""
        return frozenset(number for number, row in enumerate(self.tests) if all(holds(test, case[fact]) for fact, test in row.items()))

    def result(self, case: Plain) -> object:
        """What the table says of a case: the first row's outputs, or, of a COLLECT table, the rows."""
        held = self.held(case)
        if self.table.hit_policy == "COLLECT":
            return held
        return self.outputs(min(held)) if held else None

    def outputs(self, number: int) -> frozenset[tuple[str, type, Outcome]]:
        """What a row gives, so that ``True`` and ``"true"`` differ."""
        return frozenset((name, outcome.__class__, outcome) for name, outcome in self.table.rows[number].then.items())

    def never(self) -> set[int]:
        """Rows that hold in no case."""
        return set(range(len(self.tests))) - {number for case in self.cases for number in self.held(case)}

    def masked(self) -> set[int]:
        """Rows that hold in some case and are the first to hold in none."""
        first = {min(held) for case in self.cases if (held := self.held(case))}
        return set(range(len(self.tests))) - first - self.never()

    def overlaps(self) -> set[tuple[int, int]]:
        """Pairs of rows that hold together in some case."""
        return {pair for case in self.cases for pair in combinations(sorted(self.held(case)), 2)}

    def gap(self) -> bool:
        """Whether no row holds in some case."""
        return any(not self.held(case) for case in self.cases)

    def inside(self) -> set[tuple[int, int]]:
        """Rows that hold only where another one with the same outputs holds, with that other one."""
        held = [self.held(case) for case in self.cases]
        real = sorted(set(range(len(self.tests))) - self.never())
        return {
            (one, other)
            for one in real
            for other in real
            if one != other and self.outputs(one) == self.outputs(other) and all(other in some for some in held if one in some)
        }

    def differ(self, fact: str, one: Value, other: Value, *, both: bool) -> bool:
        """Whether a possible case with one of two values would have another result with the other."""
        for case in self._all():
            if case[fact] != one or case[fact].__class__ is not one.__class__:
                continue
            changed = {**case, fact: other}
            allowed = (self.possible(case), self.possible(changed))
            if (all(allowed) if both else any(allowed)) and self.result(case) != self.result(changed):
                return True
        return False

    def idle_facts(self) -> set[str]:
        """Facts asked for that change no result."""
        return {fact for fact in self.asked if not any(self.differ(fact, *pair, both=False) for pair in combinations(self.values[fact], 2))}

    def idle_thresholds(self) -> set[tuple[str, int]]:
        """Thresholds of facts that are not idle, which change no result: the fact and the number above."""
        found = set()
        for fact in set(self.asked) - self.idle_facts():
            numbers = self._numbers(fact) if self.domains[fact].numeric else []
            for below, above in pairwise(numbers):
                apart = any(fact in row and holds(row[fact], below) is not holds(row[fact], above) for row in self.tests)
                # Neighbours of thresholds are among the numbers, so no threshold lies between two that are not.
                if apart and not self.differ(fact, self._like(fact, below), self._like(fact, above), both=False):
                    found.add((fact, above))
        return found

    def _like(self, fact: str, number: int) -> Value:
        """The value that stands for all that tests and constraints cannot tell from this number."""

        def signs(value: Value) -> list[bool]:
            tests = [holds(row[fact], value) for row in self.tests if fact in row]
            return tests + [_may_be(one, fact, value) for one in self.constraints.impossible]

        return next(value for value in self.values[fact] if value is not None and signs(value) == signs(number))

    def leaves_open(self) -> set[str]:
        """Facts that alone, while unknown, can leave the decision open."""
        return {
            fact
            for fact in self.asked
            if any(self.differ(fact, *pair, both=True) for pair in combinations([one for one in self.values[fact] if one is not None], 2))
        }


def _may_be(one: Impossible, fact: str, value: Value) -> bool:
    known: Possible | None = one.together.get(fact)
    return known is not None and (known.not_applicable if value is None else value in known)
