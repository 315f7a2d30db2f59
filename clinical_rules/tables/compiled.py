"""A table made ready for evaluation: the engine's one way in."""

import difflib
from collections.abc import Collection, Mapping

from clinical_rules.tables import decide, first, flips, leading, settle, settling
from clinical_rules.tables.cells import Grid, Knowledge, Read, bits
from clinical_rules.tables.decide import Collected, Decision, Output
from clinical_rules.tables.domain import Domain
from clinical_rules.tables.errors import TableError
from clinical_rules.tables.explain import Prepared, Reading, RowExplanation
from clinical_rules.tables.flips import Flip
from clinical_rules.tables.leading import Assumption
from clinical_rules.tables.possible import Possible
from clinical_rules.tables.settle import Idle
from clinical_rules.tables.settling import SettlingSets
from clinical_rules.tables.sfeel import Test, parse_test
from clinical_rules.tables.table import HIT_POLICIES, Outcome, Row, Table
from clinical_rules.tables.unique import AsFirst, Unique
from clinical_rules.tables.verdicts import Explained, RowVerdict, Verdicts
from clinical_rules.truth import Truth


class CompiledTable:
    """One table, checked and compiled. Immutable: threads may share it."""

    __slots__ = (
        "_accepted",
        "_asked",
        "_grid",
        "_number_of",
        "_outputs",
        "_row_ids",
        "_unique",
        "_verdicts",
        "domains",
        "facts",
        "table",
        "tests",
    )

    def __init__(self, table: Table, domains: Mapping[str, Domain], tests: tuple[Mapping[str, Test], ...]) -> None:
        """Use ``compile_table``, which checks what this trusts."""
        self.table = table
        self.tests = tests
        """The parsed tests of each row, without those that ask nothing."""
        self.facts = tuple(dict.fromkeys(fact for row in tests for fact in row))
        """The facts that some row asks for, in the order in which the rows do."""
        self.domains = {fact: domains[fact] for fact in self.facts}
        self._row_ids = tuple([row.id for row in table.rows])
        self._number_of = {row: number for number, row in enumerate(self._row_ids)}
        self._accepted = [{fact: test.accepts for fact, test in row.items() if test.accepts is not None} for row in tests]
        self._grid = Grid(list(self.domains.values()), self._accepted)
        self._asked = Prepared(self._grid, tests)
        self._outputs = _outputs(table)
        self._unique = table.hit_policy == "UNIQUE"
        self._verdicts: tuple[tuple[RowVerdict, ...], tuple[Verdicts, ...]] | None = None

    def truths(self, knowledge: Knowledge) -> tuple[Truth, ...]:
        """Whether each row holds, in table order."""
        return decide.truths(len(self._row_ids), *self._grid.read(knowledge)[:2])

    def decide(self, knowledge: Knowledge, output: str) -> Decision:
        """What a FIRST or UNIQUE table says of one output."""
        outcomes = self._output(output)
        scan = self._grid.scan(knowledge)
        sure, possible, _, _ = scan
        if self._unique:
            fired, still_open = decide.names(self._row_ids, sure), decide.names(self._row_ids, possible & ~sure)
            return Unique(self._grid, self._accepted, knowledge, Read(*scan)).decide(outcomes, self._row_ids, fired, still_open)
        rows, first_sure = decide.reach(sure, possible)
        fired, still_open = decide.names(self._row_ids, sure), decide.names(self._row_ids, rows ^ first_sure)
        return first.decide(self._grid, knowledge, outcomes, scan, rows, first_sure, fired, still_open)

    def explained(self, knowledge: Knowledge, output: str) -> Explained:
        """What ``decide`` says, with every test of the rows that fired and of those that are open."""
        grid, outcomes = self._grid, self._output(output)
        scan = grid.scan(knowledge)
        sure, possible, unknown, partial = scan
        first_sure = 0 if self._unique else sure & -sure
        rows = possible & (2 * first_sure - 1) if first_sure else possible
        places, hinges = grid.places, grid.hinges
        holding, verdicts = self._verdicts or self._all_verdicts()
        fired, rest = [], sure
        while rest:
            # From the highest, as in `names`.
            number = rest.bit_length() - 1
            rest ^= places[number]
            fired.append(holding[number])
        fired.reverse()
        rest = rows & ~sure
        if partial:
            still_open = self._partly_known(knowledge, Read(*scan), rest)
        else:
            still_open = []
            while rest:
                number = rest.bit_length() - 1
                rest ^= places[number]
                still_open.append(verdicts[number][hinges[number] & unknown])
            still_open.reverse()
        fired_rows, open_rows = tuple([row.row for row in fired]), tuple([row.row for row in still_open])
        if self._unique:
            unique = Unique(grid, self._accepted, knowledge, Read(*scan))
            decision = unique.decide(outcomes, self._row_ids, fired_rows, open_rows)
        else:
            decision = first.decide(grid, knowledge, outcomes, scan, rows, first_sure, fired_rows, open_rows)
        return Explained(decision, tuple(fired), tuple(still_open))

    def _partly_known(self, knowledge: Knowledge, read: Read, rows: int) -> list[RowVerdict]:
        """The open rows, some of which may hang on a fact of which something is known, but not all."""
        grid, (_, verdicts) = self._grid, self._verdicts or self._all_verdicts()
        found = []
        for number in bits(rows):
            hanging = grid.hinges[number] & read.unknown
            for index in bits(grid.tested[number] & read.partial):
                if not grid.surely(index, knowledge) >> number & 1:
                    hanging |= 1 << index
            found.append(verdicts[number][hanging])
        return found

    def _all_verdicts(self) -> tuple[tuple[RowVerdict, ...], tuple[Verdicts, ...]]:
        """For each row what is said of it when it holds, and what is said of it otherwise."""
        index_of = {column.key: index for index, column in enumerate(self._grid.columns)}
        verdicts = tuple([Verdicts(row, tests, index_of) for row, tests in zip(self._row_ids, self.tests, strict=True)])
        self._verdicts = tuple([some[0] for some in verdicts]), verdicts
        return self._verdicts

    def collect(self, knowledge: Knowledge) -> Collected:
        """The rows of a COLLECT table that hold, and those that may."""
        read = self._grid.read(knowledge)
        return Collected(decide.names(self._row_ids, read.sure), decide.names(self._row_ids, read.possible & ~read.sure))

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
        left = self._left(knowledge, self._output(output))
        return left and leading.assumptions(*left, outcome, knowledge, ordinary, fixed)

    def settle(self, knowledge: Knowledge, output: str) -> tuple[str, ...]:
        """The facts that would narrow the candidates, best first. A fact left out cannot matter."""
        outcomes = self._output(output)
        left = self._left(knowledge, outcomes)
        if left is None:
            return Unique(self._grid, self._accepted, knowledge, self._grid.read(knowledge)).hanging()
        return settle.settle(*left, knowledge)

    def _left(self, knowledge: Knowledge, output: Output) -> AsFirst | None:
        """The table as a FIRST table; ``None`` for a UNIQUE one with too many conflicts in it."""
        if not self._unique:
            return AsFirst(self._grid, output)
        return Unique(self._grid, self._accepted, knowledge, self._grid.read(knowledge)).as_first(output)

    def cannot_matter(self, knowledge: Knowledge, output: str) -> Idle:
        """The facts not known exactly on which the outcome does not hang any more."""
        left = self._left(knowledge, self._output(output))
        return Idle((), all=False) if left is None else settle.idle(*left, knowledge, self.facts)

    def settling_sets(self, knowledge: Knowledge, output: str, size: int = settling.SIZE) -> SettlingSets:
        """The smallest sets of facts, up to ``size``, that settle the decision: in all cases, and in some."""
        left = self._left(knowledge, self._output(output))
        return settling.NONE_KNOWN if left is None else settling.settling_sets(*left, knowledge, size)

    def flips(self, knowledge: Knowledge, output: str) -> tuple[Flip[Decision], ...]:
        """Where status, outcome or candidates would change if one known value were another."""
        return flips.flips(self._grid, knowledge, lambda known: self.decide(known, output), decide.answer)

    def collect_flips(self, knowledge: Knowledge) -> tuple[Flip[Collected], ...]:
        """Where the rows that hold, or may hold, would change if one known value were another."""
        return flips.flips(self._grid, knowledge, self.collect, lambda collected: collected)

    def _output(self, name: str) -> Output:
        found = self._outputs.get(name)
        if found is None:
            raise self._no_output(name)
        return found

    def _no_output(self, name: str) -> TableError:
        if self.table.hit_policy == "COLLECT":
            return TableError(
                f"a {self.table.hit_policy} table decides nothing",
                remedy="use collect(), or give the table the hit policy FIRST or UNIQUE",
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
    """The outputs that every row of a FIRST or UNIQUE table gives; only these can be decided."""
    if table.hit_policy == "COLLECT":
        return {}
    shared = [name for name in table.rows[0].then if all(name in row.then for row in table.rows)]
    return {name: Output(name, [row.then[name] for row in table.rows]) for name in shared}
