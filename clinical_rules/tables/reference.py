"""The slow, obvious evaluator that the engine is tested against.

It knows no cells and no bit sets. It compares values with what a test says, and where the engine
searches, it goes through every case. Use it on small tables only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from clinical_rules.tables.cells import Knowledge
from clinical_rules.tables.decide import Collected, Status
from clinical_rules.tables.domain import Domain
from clinical_rules.tables.possible import NOT_APPLICABLE, Possible, exactly
from clinical_rules.tables.sfeel import ANYTHING, Interval, Part, Test, parse_test
from clinical_rules.tables.table import Outcome, Row, Table
from clinical_rules.truth import Truth, all_of

Value = bool | str | int | None
"""One value of a fact; ``None`` when the fact is not applicable."""
Case = Mapping[str, Value]
"""One complete case: a value for every fact of the table."""


@dataclass(frozen=True)
class Conflict:
    """Two rows of a UNIQUE table hold: there is no outcome."""


def holds(test: Test, value: Value) -> bool:
    """Whether one value satisfies one test."""
    if test.text == ANYTHING:
        return True
    if value is None:
        return False
    named = any(_fits(part, value) for part in test.parts)
    return named is not test.negated


def _fits(part: Part, value: bool | str | int) -> bool:
    if isinstance(part, Interval):
        number = int(value)
        above = number > part.low or (number == part.low and not part.low_open)
        below = number < part.high or (number == part.high and not part.high_open)
        return above and below
    if part.sign == "=":
        return value == part.value
    number, limit = int(value), int(part.value)
    return {
        "<": number < limit,
        "<=": number <= limit,
        ">": number > limit,
        ">=": number >= limit,
    }[part.sign]


class Reference:
    """A table, read row by row and case by case."""

    def __init__(self, table: Table, domains: Mapping[str, Domain]) -> None:
        self.table, self.domains = table, domains
        self.tests: list[dict[str, Test]] = [
            {fact: parse_test(text, domains[fact]) for fact, text in row.when.items()} for row in table.rows
        ]
        asked = [fact for row in self.tests for fact, test in row.items() if test.text != ANYTHING]
        self.facts = list(dict.fromkeys(asked))
        self._seen: dict[tuple[str, Possible | None, Possible | None], list[Value]] = {}

    # What a fact may be ---------------------------------------------------------------------------

    def values(self, fact: str, known: Possible | None, ordinary: Possible | None = None) -> list[Value]:
        """Values the fact may have: enough of them to show everything that its tests can tell.

        Values that satisfy the same tests, and are alike in being ordinary, appear once.
        """
        question = (fact, known, ordinary)
        if question not in self._seen:
            self._seen[question] = self._values(fact, known, ordinary)
        return self._seen[question]

    def _values(self, fact: str, known: Possible | None, ordinary: Possible | None) -> list[Value]:
        domain = self.domains[fact]
        found: list[Value] = []
        if known is not None and known.not_applicable:
            found.append(None)
        if domain.numeric:
            found += self._numbers(fact, known or domain.everything(), ordinary)
        else:
            everything: Sequence[bool | str] = domain.codes or (True, False)
            found += [value for value in everything if known is None or value in known]
        alike: dict[tuple[object, ...], Value] = {}
        for value in found:
            signs = [holds(row[fact], value) for row in self.tests if fact in row]
            usual = ordinary is not None and value in ordinary
            alike.setdefault((value is None, usual, *signs), value)
        return list(alike.values())

    def _numbers(self, fact: str, known: Possible, ordinary: Possible | None) -> list[int]:
        """Every number at which something may change, and its neighbours."""
        domain = self.domains[fact]
        marks: list[int | None] = [0, domain.low, domain.high]
        for row in self.tests:
            for part in row[fact].parts if fact in row else ():
                marks += [part.low, part.high] if isinstance(part, Interval) else [int(part.value)]
        for possible in (known, ordinary):
            for span in (possible and possible.spans) or ():
                marks += span
        numbers = {mark + step for mark in marks if mark is not None for step in (-1, 0, 1)}
        if not numbers:
            numbers = {0}
        numbers |= {min(numbers) - 1, max(numbers) + 1}
        return sorted({self._limited(domain, number) for number in numbers if number in known})

    def _limited(self, domain: Domain, number: int) -> int:
        """A value beyond a limit counts as the limit."""
        if domain.low is not None:
            number = max(number, domain.low)
        if domain.high is not None:
            number = min(number, domain.high)
        return number

    def cases(self, knowledge: Knowledge) -> Iterator[Case]:
        """Every complete case that fits what is known, as far as the tests can tell cases apart."""
        facts = self.facts
        for values in product(*(self.values(fact, knowledge.get(fact)) for fact in facts)):
            yield dict(zip(facts, values, strict=True))

    # What the table says --------------------------------------------------------------------------

    def truths(self, knowledge: Knowledge) -> tuple[Truth, ...]:
        """Each row as the Kleene AND of its tests."""
        return tuple(all_of(self._test(test, fact, knowledge) for fact, test in row.items()) for row in self.tests)

    def verdicts(self, knowledge: Knowledge) -> list[dict[str, tuple[str, Truth]]]:
        """For each row what its tests ask, and whether they hold; those that ask nothing are left out."""
        return [
            {fact: (test.text, self._test(test, fact, knowledge)) for fact, test in row.items() if test.text != ANYTHING}
            for row in self.tests
        ]

    def _test(self, test: Test, fact: str, knowledge: Knowledge) -> Truth:
        verdicts = {holds(test, value) for value in self.values(fact, knowledge.get(fact))}
        return verdicts.pop() if len(verdicts) == 1 else None

    def status(self, knowledge: Knowledge, output: str) -> tuple[Status, Outcome | None]:
        """FIRST: walk down, skip false rows, collect outcomes, stop at the first true row. UNIQUE: count the true rows."""
        if self.table.hit_policy == "UNIQUE":
            return self._unique_status(knowledge, output)
        collected: list[Outcome] = []
        for row, truth in zip(self.table.rows, self.truths(knowledge), strict=True):
            if truth is False:
                continue
            if row.then[output] not in collected:
                collected.append(row.then[output])
            if truth is True:
                return ("decided", collected[0]) if len(collected) == 1 else ("open", None)
        return ("open", None) if collected else ("none", None)

    def _unique_status(self, knowledge: Knowledge, output: str) -> tuple[Status, Outcome | None]:
        truths = self.truths(knowledge)
        if truths.count(True) > 1:
            return "conflict", None
        if truths.count(False) == len(truths):
            return "none", None
        if None in truths:
            return "open", None
        return "decided", self.table.rows[truths.index(True)].then[output]

    def conflicts(self, knowledge: Knowledge) -> tuple[str, ...]:
        """The rows that hold together with another in some case that fits what is known."""
        held = [[row.id for row in self.holding(case)] for case in self.cases(knowledge)]
        together = {row for rows in held if len(rows) > 1 for row in rows}
        return tuple(row.id for row in self.table.rows if row.id in together)

    def holding(self, case: Case) -> Iterator[Row]:
        """The rows that hold in one complete case."""
        for row, tests in zip(self.table.rows, self.tests, strict=True):
            if all(holds(test, case.get(fact)) for fact, test in tests.items()):
                yield row

    def collect(self, knowledge: Knowledge) -> Collected:
        """COLLECT: the true rows, and the unknown ones."""
        truths = list(zip(self.table.rows, self.truths(knowledge), strict=True))
        return Collected(
            sure=tuple(row.id for row, truth in truths if truth is True),
            possible=tuple(row.id for row, truth in truths if truth is None),
        )

    def outcome(self, case: Case, output: str) -> Outcome | Conflict | None:
        """What a table gives one complete case; ``None`` when no row holds."""
        held = self.holding(case)
        row = next(held, None)
        if self.table.hit_policy == "UNIQUE" and next(held, None):
            return Conflict()
        return row.then[output] if row else None

    def candidates(self, knowledge: Knowledge, output: str) -> set[Outcome | None]:
        """The outcomes of all cases that fit what is known; a conflict is none."""
        found = {self.outcome(case, output) for case in self.cases(knowledge)}
        return {outcome for outcome in found if not isinstance(outcome, Conflict)}

    def matters(self, fact: str, knowledge: Knowledge, output: str) -> bool:
        """Whether two cases that differ in this fact alone have different outcomes."""
        others: dict[tuple[tuple[str, Value], ...], Outcome | Conflict | None] = {}
        for case in self.cases(knowledge):
            rest = tuple((key, value) for key, value in case.items() if key != fact)
            outcome = self.outcome(case, output)
            if others.setdefault(rest, outcome) != outcome:
                return True
        return False

    def fewest_assumptions(
        self,
        knowledge: Knowledge,
        output: str,
        outcome: Outcome,
        ordinary: Mapping[str, Possible],
        fixed: frozenset[str] = frozenset(),
    ) -> tuple[int, int] | None:
        """How few facts must be narrowed, and how few of them to a value that is not ordinary."""
        free = [fact for fact in self.facts if fact not in fixed]
        for count in range(len(free) + 1):
            unusual = [
                self._unusual(chosen, ordinary)
                for facts in combinations(free, count)
                for chosen in self._narrowings(facts, knowledge, ordinary)
                if self.status({**knowledge, **_known(chosen)}, output) == ("decided", outcome)
            ]
            if unusual:
                return count, min(unusual)
        return None

    def _narrowings(self, facts: Sequence[str], knowledge: Knowledge, ordinary: Mapping[str, Possible]) -> Iterator[Case]:
        choices = [self.values(fact, knowledge.get(fact), ordinary.get(fact)) for fact in facts]
        for values in product(*choices):
            yield dict(zip(facts, values, strict=True))

    def _unusual(self, chosen: Case, ordinary: Mapping[str, Possible]) -> int:
        return sum(fact not in ordinary or not _may_be(value, ordinary[fact]) for fact, value in chosen.items())


def _may_be(value: Value, possible: Possible) -> bool:
    return possible.not_applicable if value is None else value in possible


def _known(case: Case) -> dict[str, Possible]:
    return {fact: NOT_APPLICABLE if value is None else exactly(value) for fact, value in case.items()}
