"""How a lesion is judged, as a circuit: emergencies, skin questions, type, and what these leave known."""

from collections.abc import Iterator

from clinical_rules.classification.flags import CALCIPHYLAXIS
from clinical_rules.classification.judge import BONE_CANDIDATES
from clinical_rules.derive.picture import NO, YES
from clinical_rules.pathway import TYPED_UNDER_TREATMENT
from clinical_rules.release import TYPES
from clinical_rules.tables import exactly
from clinical_rules.verification.circuit import Literal
from clinical_rules.verification.knowledge_states import REST, Place, RowTruth, States

CONFIRMED, SUSPECTED = "calciphylaxis", "calciphylaxis_suspected"
JUDGED = ("calciphylaxis_suspected_or_confirmed", "lesion_type", "lesion_status")
NEIGHBOUR = "not_calcinosis"


class Typing:
    """Emergencies and types of every lesion."""

    def __init__(self, states: States) -> None:
        self.states = states
        self.circuit = states.circuit
        self.release = states.release
        self.emergencies = self.release.tables["emergencies"]
        self.blocks = {row["id"]: row for row in self.release.content["tables"]["emergencies"]["row"]}
        self._number = {row.id: number for number, row in enumerate(self.emergencies.table.rows)}
        self.types = [str(row.then["type"]) for row in self.release.tables["classification"].table.rows]
        states.judged.update(
            {JUDGED[0]: self._calciphylaxis_state, JUDGED[1]: self._type_cells, JUDGED[2]: self._status_cells},
        )

    # --- emergencies ------------------------------------------------------------------------------
    def raised(self, row: str, place: Place) -> Literal:
        """A row of the emergencies raises its flag at a lesion, or by what is known there."""
        node = self.circuit.node(("raised", row, place), 1, lambda: self._raised(row, node.variables[0], place), deep=True, rows=(row,))
        return node.variables[0]

    def _raised(self, row: str, out: Literal, place: Place) -> Iterator[list[Literal]]:
        if place == REST:
            return
        truth = next(one for one in self.states.rows(self.emergencies, place) if one.row == row)
        yield [-truth.holds, out]
        if self.states.plain or self.blocks[row]["key"] in CALCIPHYLAXIS:
            yield [-out, truth.holds]
        elif not any(fact in self.states.groups for fact in self.emergencies.tests[self._number[row]]):
            # Where results contradict each other, the most alarming of them counts: the row may hold. (A contradicted answer
            # of a group counts so even where its members settled the group otherwise: such a row is left free.)
            yield [-out, -truth.fails]

    def flagged(self, key: str, place: Place) -> Literal:
        """A lesion's emergency of this key, by any row."""
        return self.circuit.either(self.raised(row, place) for row, block in self.blocks.items() if block["key"] == key)

    def counted(self, row: str, place: Place) -> Literal:
        """A row raises its flag and is named by it: a suspicion falls silent below a confirmed calciphylaxis."""
        literal = self.raised(row, place)
        if self.blocks[row]["key"] != SUSPECTED:
            return literal
        return self.circuit.both([literal, -self.flagged(CONFIRMED, place)])

    def stands(self, row: str, place: Place | None) -> Literal:
        """A row's flag stands for the patient as a whole (``None``: or for any lesion), or for this lesion or the patient."""
        if self.blocks[row]["scope"] == "lesion" and place is not None:
            return self.counted(row, place)
        return self.circuit.either(self.counted(row, one) for one in self.states.places)

    # --- the skin ---------------------------------------------------------------------------------
    def skin_unasked(self, place: Place) -> Literal:
        """The skin signs of calciphylaxis are open in a sure major setting."""
        if place == REST:
            return self.circuit.node(("skin_unasked", REST), 1, list).variables[0]
        states = self.states
        definite, denied = (side("any_definite_skin_sign", place) for side in (states.is_true, states.is_false))
        early_open = self.circuit.both([-states.is_true("early_skin_sign", place), -states.is_false("early_skin_sign", place)])
        unknown = self.circuit.both([-definite, -denied])
        return self.circuit.both(
            [states.is_true("major_setting", place), self.circuit.either([unknown, self.circuit.both([denied, early_open])])]
        )

    def _calciphylaxis_state(self, variables: range, place: Place) -> Iterator[list[Literal]]:
        yes, no = (variables[next(iter(self.states.ranges.satisfying(JUDGED[0], one)))] for one in (YES, NO))
        flagged = self.circuit.either([self.flagged(CONFIRMED, place), self.flagged(SUSPECTED, place)])
        yield from self._same(no, -flagged)
        yield from self._same(yes, self.circuit.either([flagged, self.skin_unasked(place)]))

    # --- the type ---------------------------------------------------------------------------------
    def _classification(self, place: Place) -> list[RowTruth]:
        return self.states.rows(self.release.tables["classification"], place)

    def neighbour(self, place: Place) -> Literal:
        """The lesion is surely no calcinosis (C1n)."""
        return self.states.some_row(self.release.tables["not_calcinosis"], place)

    def decided(self, kind: str, place: Place) -> Literal:
        """The lesion's type is this one and no other, an emergency above it left aside."""
        node = self.circuit.node(
            ("decided", kind, place), 1, lambda: self._decided(kind, node.variables[0], place), deep=True, rows=self._rows()
        )
        return node.variables[0]

    def _rows(self) -> tuple[str, ...]:
        tables = self.release.tables
        return tuple(row.id for name in ("classification", "not_calcinosis") for row in tables[name].table.rows)

    def _decided(self, kind: str, out: Literal, place: Place) -> Iterator[list[Literal]]:
        if place == REST:
            return
        rows = self._classification(place)
        reached = self.states.reached(rows)
        alone = self.circuit.both(
            [
                self.circuit.either(row.holds for row in rows),
                *(-literal for literal, other in zip(reached, self.types, strict=True) if other != kind),
            ]
        )
        neighbour = self.neighbour(place)
        by_rows = self.circuit.both([-neighbour, alone])
        yield from self._same(out, self.circuit.either([neighbour, by_rows]) if kind == NEIGHBOUR else by_rows)

    def typed_under_treatment(self, place: Place) -> Literal:
        """The type is decided first of all by a row that rests on treated values."""
        node = self.circuit.node(
            ("treated", "type", place), 1, lambda: self._typed_under_treatment(node.variables[0], place), deep=True, rows=self._rows()
        )
        return node.variables[0]

    def _typed_under_treatment(self, out: Literal, place: Place) -> Iterator[list[Literal]]:
        if place == REST:
            return
        rows = self._classification(place)
        firsts: list[Literal] = []
        before: list[Literal] = []
        for row in rows:
            if row.row in TYPED_UNDER_TREATMENT:
                firsts.append(self.circuit.both([row.holds, *before]))
            before.append(-row.holds)
        shown = [self.is_decided(place), -self.withheld(place), -self.neighbour(place)]
        yield from self._same(out, self.circuit.both([self.circuit.either(firsts), *shown]))

    def is_decided(self, place: Place) -> Literal:
        """The lesion has one type, an emergency above it left aside."""
        return self.circuit.either(self.decided(kind, place) for kind in TYPES)

    def withheld(self, place: Place) -> Literal:
        """Confirmed calciphylaxis stands above the type."""
        return self.flagged(CONFIRMED, place)

    def typed(self, kind: str, place: Place) -> Literal:
        """The lesion is shown as of this type."""
        return self.circuit.both([self.decided(kind, place), -self.withheld(place)])

    def _type_cells(self, variables: range, place: Place) -> Iterator[list[Literal]]:
        """The type as a fact: the one decided, else the candidates, of which some may not be exact ones."""
        ranges = self.states.ranges
        open_ = -self.is_decided(place)
        reached = self.states.reached(self._classification(place))
        nothing = self.circuit.both(-one for one in reached)
        bone = self.circuit.both([self.states.is_true("bone_suspected", place), -self.states.is_false("bone_on_histology", place)])
        for kind in TYPES:
            (cell,) = ranges.known("lesion_type", exactly(kind))
            own = self.decided(kind, place)
            yield [-own, variables[cell]]
            yield from ([-own, -one] for number, one in enumerate(variables) if number != cell)
        rows = self._classification(place)
        kept = {kind: self._candidate(kind, rows, reached, bone) for kind in TYPES}
        for cell, out in enumerate(variables):
            kinds = [str(one) for one in ranges.column("lesion_type").cell(cell).values or ()]
            candidate = self.circuit.either(literal for literal, kind in zip(reached, self.types, strict=True) if kind in kinds)
            yield [-open_, -out, candidate, nothing, bone]
            if self.states.plain:  # taking every candidate for an exact one
                told = self.circuit.either([*(kept[kind] for kind in kinds), self.circuit.both(-one for one in kept.values())])
                yield [-open_, -out, told]
                yield [-open_, out, -told]

    def _candidate(self, kind: str, rows: list[RowTruth], reached: list[Literal], bone: Literal) -> Literal:
        """A candidate of an open lesion; while bone is suspected only those are kept that bone leaves open, or that a row surely names."""
        named = self.circuit.either(literal for literal, other in zip(reached, self.types, strict=True) if other == kind)
        if kind in BONE_CANDIDATES:
            return named
        fired = self.circuit.either(row.holds for row, other in zip(rows, self.types, strict=True) if other == kind)
        return self.circuit.both([named, self.circuit.either([-bone, fired])])

    def _status_cells(self, variables: range, place: Place) -> Iterator[list[Literal]]:
        withheld, decided = self.withheld(place), self.is_decided(place)
        truths = {
            "withheld": withheld,
            "decided": self.circuit.both([decided, -withheld]),
            "open": self.circuit.both([-decided, -withheld]),
        }
        column = self.states.ranges.column("lesion_status")
        for cell, out in enumerate(variables):
            yield from self._same(
                out, self.circuit.either(truths[str(value)] for value in sorted(map(str, column.cells[cell].values or ())))
            )

    def _same(self, one: Literal, other: Literal) -> Iterator[list[Literal]]:
        yield [-one, other]
        yield [one, -other]
