"""What may be known of a patient, as yes/no variables: one for each cell that a fact may be in.

A fact's range is cut into cells by every test of the release that looks at it; "not applicable" is one more cell where
it is possible. A knowledge state is a set of cells for each fact, never empty: one cell is known, all of them is
unknown, some of them is a result such as "below 0.5" or two results that contradict each other. So a proof over all
states is a proof over all patients and over everything that may be missing of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from clinical_rules.derive.build import MINOR_SETTINGS
from clinical_rules.derive.picture import NO, YES
from clinical_rules.facts import Fact
from clinical_rules.release import Definition, Group, Implication, Release
from clinical_rules.statements import WORDS
from clinical_rules.tables import CompiledTable, Possible, intersection, parse_test
from clinical_rules.tables.cells import Column, bits
from clinical_rules.tables.sfeel import Test
from clinical_rules.verification.circuit import Circuit, Literal, Node

Place = str
"""``P`` the patient, ``L1``, ``L2`` lesions, ``A`` a lesion's fact asked of the patient, ``R`` the patient's other lesions."""
PATIENT: Place = "P"
ANY: Place = "A"
REST: Place = "R"
OLDEST = 60_000
"""Days, and more years than anybody lives: the open end of an age."""


class Ranges:
    """The cells of every fact of a release."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self._accepted: dict[str, list[Possible]] = {}
        for table in _tables(release):
            for row in table.tests:
                for fact, test in row.items():
                    if test.accepts is not None:
                        self._accepted.setdefault(fact, []).append(test.accepts)
        for scope in ("patient", "lesion"):
            for implication in release.implications[scope]:
                for fact, possible in implication.then.items():
                    self._accepted.setdefault(fact, []).append(possible)
        for statement in release.statements:
            for tests in (*statement.conditions, *statement.unless, *([statement.outcome.facts] if statement.outcome.facts else [])):
                for fact, text in tests.items():
                    if fact not in WORDS:
                        self._accepted.setdefault(fact, []).append(self.accepted(fact, text))
        self._columns: dict[str, Column] = {}
        self._satisfying: dict[tuple[str, Possible], frozenset[int]] = {}

    def accepted(self, fact: str, text: str) -> Possible:
        """The values that satisfy a test."""
        return parse_test(text, self.release.domains[fact]).accepts or self.release.domains[fact].everything()

    def column(self, fact: str) -> Column:
        """The fact's cells, those in which no test of the release can tell two values apart."""
        found = self._columns.get(fact)
        if found is None:
            # A yes is always told from a no, also where only a group or an implication looks at the fact.
            different: list[Possible] = [YES] if self.release.domains[fact].kind == "boolean" else []
            for one in self._accepted.get(fact, ()):
                if one not in different:
                    different.append(one)
            found = self._columns[fact] = Column.of(self.release.domains[fact], different)
        return found

    def has_not_applicable(self, fact: str) -> bool:
        """Whether the question may make no sense in some patient."""
        one = self.release.facts[fact]
        return bool(one.applies) or (bool(one.both) and one.kind == "number")

    def cells(self, fact: str) -> range:
        """The numbers of the fact's cells; the last is "not applicable" where it is possible."""
        column = self.column(fact)
        return range(column.not_applicable + self.has_not_applicable(fact))

    def satisfying(self, fact: str, accepts: Possible) -> frozenset[int]:
        """The cells whose values the test accepts."""
        found = self._satisfying.get((fact, accepts))
        if found is None:
            column = self.column(fact)
            found = self._satisfying[fact, accepts] = frozenset(
                number for number in range(column.not_applicable) if intersection(column.cell(number), accepts) is not None
            )
        return found

    def known(self, fact: str, found: Possible | None) -> frozenset[int]:
        """The cells that what is known of a fact leaves it."""
        return frozenset(bits(self.column(fact).cell_set(found)))


def _tables(release: Release) -> Iterator[CompiledTable]:
    yield from release.tables.values()
    for definition in release.definitions.values():
        if definition.table is not None:
            yield definition.table
    for scope in ("patient", "lesion"):
        for group in release.groups[scope]:
            yield from (one for one in (group.true_when, group.false_when) if one is not None)
        yield from (implication.test for implication in release.implications[scope])
    yield from (one.gates for one in release.treatments.values() if one.gates is not None)
    for rows in release.conditional.values():
        yield from (table for _, table in rows if table is not None)


@dataclass(frozen=True, slots=True)
class RowTruth:
    """A row's tests at a place: whether they surely hold, and whether one of them surely fails."""

    row: str
    holds: Literal
    fails: Literal


class States:
    """The knowledge states of one patient with some lesions, as a circuit.

    ``lesions`` are judged in full. With ``open_ended`` any number of other lesions stand beside them, of which nothing
    is assumed. ``allowed`` leaves out patients of whom what an implication says was stated otherwise: an assessment takes
    what was stated, so such patients do occur. ``plain`` adds what is so of every plainly recorded patient (each fact
    known or not known, implications and groups carried out to the end): for witnesses that are easy to read and to
    replay, never for proofs.
    """

    def __init__(self, ranges: Ranges, lesions: tuple[Place, ...], *, open_ended: bool, plain: bool, allowed: bool = True) -> None:
        self.ranges = ranges
        self.release = ranges.release
        self.lesions = lesions
        self.plain = plain
        self.allowed = allowed or plain
        self.places = (*lesions, REST) if open_ended else lesions
        self.circuit = Circuit()
        self._rows: dict[tuple[int, Place], list[RowTruth]] = {}
        self.judged: dict[str, Callable[[range, Place], Iterator[list[Literal]]]] = {}
        """What binds the facts that stand only when a lesion is judged; the typing fills it in."""
        self.groups = {group.fact: group for scope in ("patient", "lesion") for group in self.release.groups[scope]}
        self._group_of: dict[str, list[Group]] = {}
        for group in self.groups.values():
            for member in group.members:
                self._group_of.setdefault(member, []).append(group)
        self._implied: dict[str, list[Implication]] = {}
        self._implying: dict[str, list[Implication]] = {}
        for scope in ("patient", "lesion"):
            for implication in self.release.implications[scope]:
                for fact in implication.then:
                    if self.release.facts[fact].scope == scope:
                        self._implied.setdefault(fact, []).append(implication)
                for fact in implication.test.facts:
                    self._implying.setdefault(fact, []).append(implication)

    # --- facts ------------------------------------------------------------------------------------
    def place_of(self, fact: str, place: Place) -> Place:
        """Where a fact is known when it is looked at from a place."""
        return PATIENT if self.release.facts[fact].scope == "patient" else place

    def fact(self, key: str, place: Place) -> Node:
        """The variables of a fact: for each cell whether the fact may be in it."""
        where = self.place_of(key, place)
        if where == PATIENT and self.release.facts[key].scope == "lesion":
            raise ValueError(f"{key} belongs to a lesion")
        size = len(self.ranges.cells(key))
        return self.circuit.node(("fact", key, where), size, lambda: self._define(key, where), rows=self._rows_of(key))

    def may(self, key: str, place: Place, cells: Iterable[int]) -> list[Literal]:
        """For each of these cells whether the fact may be in it."""
        variables = self.fact(key, place).variables
        return [variables[cell] for cell in cells]

    def surely(self, key: str, place: Place, accepts: Possible) -> Literal:
        """Every value that the fact may have satisfies the test; "not applicable" satisfies none."""
        inside = self.ranges.satisfying(key, accepts)
        return self.circuit.both(-one for one in self.may(key, place, (cell for cell in self.ranges.cells(key) if cell not in inside)))

    def surely_not(self, key: str, place: Place, accepts: Possible) -> Literal:
        """No value that the fact may have satisfies the test."""
        return self.circuit.both(-one for one in self.may(key, place, self.ranges.satisfying(key, accepts)))

    def is_true(self, key: str, place: Place) -> Literal:
        """A yes-or-no fact is surely so."""
        return self.surely(key, place, YES)

    def is_false(self, key: str, place: Place) -> Literal:
        """A yes-or-no fact is surely not so, or makes no sense here."""
        return self.surely_not(key, place, YES)

    # --- rows -------------------------------------------------------------------------------------
    def rows(self, table: CompiledTable, place: Place) -> list[RowTruth]:
        """The rows of a table at a place."""
        found = self._rows.get((id(table), place))  # a compiled table lives as long as its release, which the model holds
        if found is None:
            found = [self.row(row.id, tests, place) for row, tests in zip(table.table.rows, table.tests, strict=True)]
            self._rows[id(table), place] = found
        return found

    def row(self, name: str, tests: Mapping[str, Test], place: Place) -> RowTruth:
        """One row: all tests surely hold, one test surely fails, or neither."""
        asked = [(fact, test.accepts) for fact, test in tests.items() if test.accepts is not None]
        return RowTruth(
            name,
            self.circuit.both(self.surely(fact, place, accepts) for fact, accepts in asked),
            self.circuit.either(self.surely_not(fact, place, accepts) for fact, accepts in asked),
        )

    def when(self, tests: Mapping[str, str], place: Place) -> Literal:
        """All of these tests surely hold."""
        return self.circuit.both(self.surely(fact, place, self.ranges.accepted(fact, text)) for fact, text in tests.items())

    def some_row(self, table: CompiledTable | None, place: Place) -> Literal:
        """A row of the table surely holds."""
        return self.circuit.either(row.holds for row in self.rows(table, place)) if table is not None else -self.circuit.true

    # --- what binds a fact ------------------------------------------------------------------------
    def _rows_of(self, key: str) -> tuple[str, ...]:
        implications = tuple(one.id for one in self._binding(key))
        return (key, *implications) if key in self.release.definitions or key in self.groups or implications else ()

    def _binding(self, key: str) -> list[Implication]:
        """The implications that no patient of the model contradicts in this fact."""
        return self._implied.get(key, []) if self.allowed else []

    def _define(self, key: str, place: Place) -> Iterator[list[Literal]]:
        variables = self.fact(key, place).variables
        yield list(variables)  # it may be something
        if place == REST:
            return
        if place == ANY:
            yield from self._any_lesion(key, variables)
        elif key in self.release.definitions:
            yield from self._defined(self.release.definitions[key], variables, place)
        elif key in self.judged:
            yield from self.judged[key](variables, place)
        elif key in _SPECIAL or self.release.facts[key].section == "position":
            yield from _SPECIAL.get(key, _whichever)(self, variables, place)
        else:
            yield from self._entered(self.release.facts[key], variables, place)

    def _any_lesion(self, key: str, variables: range) -> Iterator[list[Literal]]:
        """A lesion's fact asked of the patient: yes when it is so of one lesion, no when of none; of other kinds: what any may be."""
        nodes = [self.fact(key, place) for place in self.places]
        if self.release.facts[key].kind != "boolean" or len(self.places) == 1:
            for cell, out in enumerate(variables):
                yield from self._same(out, self.circuit.either(node.variables[cell] for node in nodes))
            return
        yes, no = (next(iter(self.ranges.satisfying(key, one))) for one in (YES, NO))
        yield from self._same(variables[yes], self.circuit.either(node.variables[yes] for node in nodes))
        none_surely = self.circuit.both(-self.is_true(key, place) for place in self.places)
        # With one lesion "not applicable" stays what it is, with several it becomes a no: both are allowed here.
        outside = [variables[cell] for cell in range(len(variables)) if cell != yes]
        yield from self._same(self.circuit.either(outside), none_surely)
        for cell in range(len(variables)):
            if cell not in (yes, no):
                yield [-variables[cell], *(node.variables[cell] for node in nodes)]

    def _defined(self, definition: Definition, variables: range, place: Place) -> Iterator[list[Literal]]:
        if definition.table is None:
            yield from ([one] for one in variables)
            return
        rows = self.rows(definition.table, place)
        if definition.is_first:
            yield from self._first(definition.fact, definition.table, rows, variables)
            return
        yes, no = (variables[next(iter(self.ranges.satisfying(definition.fact, one)))] for one in (YES, NO))
        holds = self.circuit.either(row.holds for row in rows)
        may_hold = holds if definition.only_when_sure else -self.circuit.both(row.fails for row in rows)
        yield from self._same(yes, may_hold)
        yield from self._same(no, -holds)

    def _first(self, key: str, table: CompiledTable, rows: list[RowTruth], variables: range) -> Iterator[list[Literal]]:
        """The candidates of a FIRST table.

        Read row by row they may be too many. Where no two rows ask for the same fact they are exact; elsewhere each of
        them may be missing from the exact ones.
        """
        reached = self.reached(rows)
        asked = [fact for tests in table.tests for fact in tests]
        exact = len(asked) == len(set(asked)) and all(len(tests) <= 1 for tests in table.tests)
        candidates: dict[int, list[Literal]] = {}
        for row, literal in zip(table.table.rows, reached, strict=True):
            (cell,) = self.ranges.known(key, self.release.possible(key, str(row.then["is"])))
            candidates.setdefault(cell, []).append(literal)
        nothing = self.circuit.both(-literal for literal in reached)
        for cell, out in enumerate(variables):
            named = self.circuit.either(candidates.get(cell, ()))
            yield [-out, named, nothing]
            if exact:
                yield [out, -named]

    def reached(self, rows: list[RowTruth]) -> list[Literal]:
        """For each row of a FIRST table whether it may hold and none before it surely does."""
        found: list[Literal] = []
        before: list[Literal] = []
        for row in rows:
            found.append(self.circuit.both([-row.fails, *(-one for one in before)]))
            before.append(row.holds)
        return found

    def _entered(self, fact: Fact, variables: range, place: Place) -> Iterator[list[Literal]]:
        if self.ranges.has_not_applicable(fact.key):
            last = variables[-1]
            if fact.applies:
                yield [-last, self.is_false(fact.applies, place)]
            if not fact.both:
                yield from ([-last, -one] for one in variables[:-1])
        group = self.groups.get(fact.key)
        if group is not None:
            yield from self._group(group, place)
        for implication in self._binding(fact.key):
            # A patient of whom the consequence is stated otherwise is none that the declared implications allow.
            allowed = self.ranges.satisfying(fact.key, implication.then[fact.key])
            yield [-self.rows(implication.test, place)[0].holds, *(variables[cell] for cell in allowed)]
        if self.plain:
            yield from self._plain(fact, variables, place)

    def _group(self, group: Group, place: Place) -> Iterator[list[Literal]]:
        """A yes to a member is a yes to the group, whatever was stated of the group."""
        yes = self.is_true(group.fact, place)
        denied = self.some_row(group.false_when, place)
        yield from ([-self.is_true(member, place), yes, denied] for member in group.members)
        if not group.answer_wins:
            yield [-self.some_row(group.true_when, place), yes, denied]

    def _plain(self, fact: Fact, variables: range, place: Place) -> Iterator[list[Literal]]:
        applicable = [one for cell, one in enumerate(variables) if cell < self.ranges.column(fact.key).not_applicable]
        unknown = self.circuit.both(applicable)
        for index, one in enumerate(applicable):
            yield from ([-one, -other, unknown] for other in applicable[index + 1 :])
        if fact.applies:
            yield [-self.is_false(fact.applies, place), *variables[len(applicable) :]]
        if fact.derived:
            yield [unknown]
        for implication in (*self._implied.get(fact.key, ()), *self._implying.get(fact.key, ())):
            if implication.scope != fact.scope:
                continue  # it is written where the lesion's facts are
            for key, then in implication.then.items():
                if self.release.facts[key].scope == implication.scope:
                    yield [-self.rows(implication.test, place)[0].holds, self.surely(key, place, then)]
        groups = [*self._group_of.get(fact.key, ()), *([self.groups[fact.key]] if fact.key in self.groups else [])]
        for group in groups:
            yield from self._plain_group(group, place)

    def _plain_group(self, group: Group, place: Place) -> Iterator[list[Literal]]:
        yes, no = self.is_true(group.fact, place), self.is_false(group.fact, place)
        if group.both:
            first, second = group.both
            if self.release.facts[group.fact].kind == "boolean":
                yield from self._same(yes, self.circuit.both([self.is_true(first, place), self.is_true(second, place)]))
                yield from self._same(no, self.circuit.either([self.is_false(first, place), self.is_false(second, place)]))
            return
        yield from ([-no, self.is_false(member, place)] for member in group.members)
        yield [-self.some_row(group.false_when, place), no]
        if group.exhaustive and group.true_when is None:
            yield [*(-self.is_false(member, place) for member in group.members), no]

    def _same(self, one: Literal, other: Literal) -> Iterator[list[Literal]]:
        yield [-one, other]
        yield [one, -other]


def _whichever(states: States, variables: range, place: Place) -> Iterator[list[Literal]]:
    """Worked out from numbers, dates and ranges that are not modelled: any state is allowed."""
    if states.plain:
        unknown = states.circuit.both(variables)
        for index, one in enumerate(variables):
            yield from ([-one, -other, unknown] for other in variables[index + 1 :])


def _yes_or_unknown(states: States, variables: range, place: Place) -> Iterator[list[Literal]]:
    """Facts that nothing makes a no."""
    yield [variables[0]]


def _kidney_function_known(states: States, variables: range, place: Place) -> Iterator[list[Literal]]:
    """As above; of a plainly recorded patient exactly when a rate, a creatinine or a kidney disease is."""
    yield [variables[0]]
    if states.plain:
        results = [-states.circuit.both(states.fact(key, PATIENT).variables) for key in ("egfr", "crcl", "creatinine_position")]
        diseases = [states.is_true(key, PATIENT) for key in ("ckd5", "ckd34", "on_dialysis")]
        known = states.circuit.either([*results, *diseases])
        yield [-known, -variables[1]]
        yield [known, variables[1]]


def _always_known(states: States, variables: range, place: Place) -> Iterator[list[Literal]]:
    yield from states.circuit.at_most_one(variables)


def _never_known(states: States, variables: range, place: Place) -> Iterator[list[Literal]]:
    yield from ([one] for one in variables)


def _minor_settings(states: States, variables: range, place: Place) -> Iterator[list[Literal]]:
    """Between how many are surely so, and how many are not surely not so."""
    surely = [states.is_true(key, PATIENT) for key in MINOR_SETTINGS]
    maybe = [-states.is_false(key, PATIENT) for key in MINOR_SETTINGS]
    column = states.ranges.column("minor_settings")
    for cell, out in enumerate(variables):
        low, high = (column.cells[cell].spans or ((None, None),))[0]
        at_most = states.circuit.true if high is None else -at_least(states.circuit, high + 1, surely)
        enough = states.circuit.true if low is None else at_least(states.circuit, low, maybe)
        literal = states.circuit.both([at_most, enough])
        yield [-out, literal]
        yield [out, -literal]


def at_least(circuit: Circuit, wanted: int, literals: list[Literal]) -> Literal:
    """A literal that is true when at least so many of these are."""
    if wanted <= 0:
        return circuit.true
    reached = [circuit.true] + [-circuit.true] * wanted
    for one in literals:
        reached = [circuit.true] + [circuit.either([reached[k], circuit.both([reached[k - 1], one])]) for k in range(1, wanted + 1)]
    return reached[wanted]


def _age(states: States, variables: range, place: Place) -> Iterator[list[Literal]]:
    """Years and days say the same age, and are known together: each possible cell of one meets a possible cell of the other."""
    yield from _whichever(states, variables, place)
    years, days = (states.fact(key, PATIENT).variables for key in ("age_years", "age_days"))
    if states.plain:
        neither = states.circuit.both(years), states.circuit.both(days)
        yield from ([-neither[0], neither[1]], [neither[0], -neither[1]])
    spans = [
        [_span(cell) for cell in states.ranges.column(key).cells[: len(nodes)]] for key, nodes in (("age_years", years), ("age_days", days))
    ]
    for one, (low, high) in zip(years, spans[0], strict=True):
        yield [-one, *(other for other, span in zip(days, spans[1], strict=True) if _meet((low * 365, (high + 1) * 366), span))]
    for other, span in zip(days, spans[1], strict=True):
        yield [-other, *(one for one, (low, high) in zip(years, spans[0], strict=True) if _meet((low * 365, (high + 1) * 366), span))]


def _span(cell: Possible) -> tuple[int, int]:
    low, high = (cell.spans or ((None, None),))[0]
    return low or 0, OLDEST if high is None else high


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


_SPECIAL: dict[str, Callable[[States, range, Place], Iterator[list[Literal]]]] = {
    "sex": _whichever,
    "age_years": _age,
    "age_days": _age,
    "calcium_status": _whichever,
    "phosphate_status": _whichever,
    "ca_x_p": _never_known,
    "calcium_high_without_number": _always_known,
    "minor_settings": _minor_settings,
    "kidney_function_known": _kidney_function_known,
    "extended_search_done": _yes_or_unknown,
}
