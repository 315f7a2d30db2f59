"""A table made ready for evaluation: the engine's one way in."""

import difflib
from collections.abc import Collection, Mapping

from clinical_rules.tables import decide, leading, settle
from clinical_rules.tables.candidates import BudgetSpentError, exact
from clinical_rules.tables.cells import Column, Grid, Knowledge, bits
from clinical_rules.tables.decide import Collected, Decision, Output
from clinical_rules.tables.domain import Domain
from clinical_rules.tables.errors import TableError
from clinical_rules.tables.explain import Reading, RowExplanation, prepare
from clinical_rules.tables.leading import Assumption
from clinical_rules.tables.possible import Possible
from clinical_rules.tables.sfeel import Test, parse_test
from clinical_rules.tables.table import HIT_POLICIES, Outcome, Row, Table
from clinical_rules.truth import Truth


class CompiledTable:
    """One table, checked and compiled. Immutable: threads may share it."""

    __slots__ = ("_asked", "_grid", "_number_of", "_outputs", "_row_ids", "domains", "facts", "table", "tests")

    def __init__(self, table: Table, domains: Mapping[str, Domain], tests: tuple[Mapping[str, Test], ...]) -> None:
        """Use ``compile_table``, which checks what this trusts."""
        self.table = table
        self.tests = tests
        """The parsed tests of each row, without those that ask nothing."""
        self.facts = tuple(dict.fromkeys(fact for row in tests for fact in row))
        """The facts that some row asks for, in the order in which the rows do."""
        self.domains = {fact: domains[fact] for fact in self.facts}
        self._row_ids = tuple(row.id for row in table.rows)
        self._number_of = {row: number for number, row in enumerate(self._row_ids)}
        self._grid = Grid(
            [Column(domains[fact], [row.get(fact) for row in tests]) for fact in self.facts],
            len(table.rows),
        )
        self._asked = prepare(self._grid, tests)
        self._outputs = _outputs(table)

    def truths(self, knowledge: Knowledge) -> tuple[Truth, ...]:
        """Whether each row holds, in table order."""
        return decide.truths(len(self._row_ids), *self._grid.read(knowledge)[:2])

    def decide(self, knowledge: Knowledge, output: str) -> Decision:
        """What a FIRST table says of one output."""
        outcomes = self._output(output)
        read = self._grid.read(knowledge)
        reached = decide.reach(read.sure, read.possible)
        kleene = reached.outcomes(outcomes)
        fired = decide.names(self._row_ids, read.sure)
        still_open = decide.names(self._row_ids, reached.rows & ~read.sure)
        if not read.possible:
            return Decision("none", None, (), True, fired, still_open)
        first = None
        if reached.first_sure:
            first = self._row_ids[reached.first_sure.bit_length() - 1]
            if len(kleene) == 1:
                return Decision("decided", kleene[0], tuple(kleene), True, fired, still_open, first)
        certain = True
        try:
            kleene = exact(self._grid, knowledge, outcomes, read, reached, kleene)
        except BudgetSpentError:
            certain = False
        return Decision("open", None, tuple(kleene), certain, fired, still_open, first)

    def collect(self, knowledge: Knowledge) -> Collected:
        """The rows of a COLLECT table that hold, and those that may."""
        return decide.collect(self._row_ids, *self._grid.read(knowledge)[:2])

    def explain(self, knowledge: Knowledge, rows: Collection[str] | None = None) -> tuple[RowExplanation, ...]:
        """Each row (or those named), in table order, with its tests; these are read when asked for."""
        reading = Reading(self._grid, self._asked, knowledge)
        numbers = range(len(self._row_ids)) if rows is None else sorted(self._number_of[row] for row in rows)
        return tuple([RowExplanation(self._row_ids[number], number, reading) for number in numbers])

    def nearest_misses(self, knowledge: Knowledge, n: int) -> tuple[RowExplanation, ...]:
        """The ``n`` false rows that came nearest to holding: fewest failed tests, then least far."""
        reading = Reading(self._grid, self._asked, knowledge)
        _, possible = reading.rows
        missed = sorted(bits(self._grid.all_rows & ~possible), key=lambda number: (*reading.miss(number), number))
        return tuple(RowExplanation(self._row_ids[number], number, reading) for number in missed[:n])

    def assumptions(
        self,
        knowledge: Knowledge,
        output: str,
        outcome: Outcome,
        ordinary: Mapping[str, Possible],
        fixed: frozenset[str] = frozenset(),
    ) -> tuple[Assumption, ...] | None:
        """The fewest facts to narrow so that ``decide`` is decided for the outcome.

        Each is narrowed within what is known; ``ordinary`` values are preferred; facts in ``fixed``
        are left alone. ``None`` when nothing would do, ``()`` when it is decided already.
        """
        return leading.assumptions(self._grid, self._output(output), outcome, knowledge, ordinary, fixed)

    def settle(self, knowledge: Knowledge, output: str) -> tuple[str, ...]:
        """The facts that would narrow the candidates, best first. A fact left out cannot matter."""
        return settle.settle(self._grid, self._output(output), knowledge)

    def _output(self, name: str) -> Output:
        found = self._outputs.get(name)
        if found is None:
            raise self._no_output(name)
        return found

    def _no_output(self, name: str) -> TableError:
        if self.table.hit_policy != "FIRST":
            return TableError(
                f"a {self.table.hit_policy} table decides nothing",
                remedy="use collect(), or give the table the hit policy FIRST",
                table=self.table.key,
            )
        lacking = [row.id for row in self.table.rows if name not in row.then]
        return TableError(
            f"output {name!r} is not given by every row",
            remedy=f"add it to the rows {', '.join(lacking[:5])}",
            table=self.table.key,
        )


def compile_table(table: Table, domains: Mapping[str, Domain]) -> CompiledTable:
    """Check a table and make it ready. ``domains`` may hold more facts than the table uses.

    Raises ``TableError`` with table, row, fact, text and remedy.
    """
    if table.hit_policy not in HIT_POLICIES:
        raise TableError(
            f"hit policy {table.hit_policy!r} is unknown",
            remedy=f"use one of {', '.join(HIT_POLICIES)}",
            table=table.key,
        )
    if not table.rows:
        raise TableError("has no rows", remedy="write at least one", table=table.key)
    seen: set[str] = set()
    for row in table.rows:
        if row.id in seen:
            raise TableError(
                "another row has the same id",
                remedy="give each row an id of its own",
                table=table.key,
                row=row.id,
            )
        seen.add(row.id)
    tests = tuple(_tests(table, row, domains) for row in table.rows)
    return CompiledTable(table, domains, tests)


def _tests(table: Table, row: Row, domains: Mapping[str, Domain]) -> dict[str, Test]:
    parsed = {}
    for fact, text in row.when.items():
        domain = domains.get(fact)
        if domain is None:
            alike = difflib.get_close_matches(fact, domains, n=3)
            raise TableError(
                "no such fact",
                remedy=f"did you mean {' or '.join(alike)}?" if alike else "define it first",
                table=table.key,
                row=row.id,
                fact=fact,
            )
        if not isinstance(text, str):
            raise TableError(
                f"a test is text, not {text!r}",
                remedy='put it in quotes, as in "true" or "> 1.45"',
                table=table.key,
                row=row.id,
                fact=fact,
            )
        try:
            test = parse_test(text, domain)
        except TableError as error:
            raise error.at(table=table.key, row=row.id, fact=fact) from None
        if test.accepts is not None:
            parsed[fact] = test
    return parsed


def _outputs(table: Table) -> dict[str, Output]:
    """The outputs that every row of a FIRST table gives; only these can be decided."""
    if table.hit_policy != "FIRST":
        return {}
    shared = set.intersection(*(set(row.then) for row in table.rows))
    found = {}
    for name in sorted(shared):
        rows_of: dict[tuple[type, Outcome], int] = {}
        for number, row in enumerate(table.rows):
            outcome = row.then[name]
            # True and "true" are different outcomes, and so would True and 1 be.
            place = (outcome.__class__, outcome)
            rows_of[place] = rows_of.get(place, 0) | 1 << number
        found[name] = Output(name, tuple((outcome, row_set) for (_, outcome), row_set in rows_of.items()))
    return found
