"""Which options come forward and with which status, as a circuit: the order of ``pathway`` over knowledge states."""

from clinical_rules.classification.flags import CALCIPHYLAXIS
from clinical_rules.pathway import EMERGENCY_ONLY_IF_LISTED, PROCEDURES, STATUSES
from clinical_rules.release import Treatment
from clinical_rules.verification.circuit import Literal, Node
from clinical_rules.verification.judging import Typing
from clinical_rules.verification.knowledge_states import ANY, PATIENT, REST, Place, RowTruth, States

WITHOUT = "none"
"""No jurisdiction is named: the gates of all of them apply."""


class Options:
    """Every treatment for the patient (place ``None``) or for a lesion."""

    def __init__(self, states: States, typing: Typing) -> None:
        self.states = states
        self.typing = typing
        self.circuit = states.circuit
        self.release = states.release
        self.choice = self.release.tables["choice"]
        self.choice_rows = {row["id"]: row for row in self.release.content["tables"]["choice"]["row"]}

    # --- where the law is ------------------------------------------------------------------------
    def jurisdiction(self, name: str) -> Literal:
        """The assessment is made for this jurisdiction; exactly one holds, ``none`` among them."""
        names = (WITHOUT, *self.release.content["jurisdictions"])
        node = self.circuit.node(("jurisdiction",), len(names), lambda: self.circuit.exactly_one(node.variables))
        return node.variables[names.index(name)]

    def _applies(self, block: object) -> Literal:
        named = block.get("jurisdictions") if isinstance(block, dict) else None
        if not named:
            return self.circuit.true
        return self.circuit.either(self.jurisdiction(one) for one in (WITHOUT, *named))

    # --- gates ------------------------------------------------------------------------------------
    def gates(self, treatment: Treatment, place: Place | None) -> dict[str, RowTruth]:
        """The gates judged before a start, as they apply."""
        if treatment.gates is None:
            return {}
        found = {}
        for row in self.states.rows(treatment.gates, ANY if place is None else place):
            applies = self._applies(treatment.gate_rows[row.row])
            found[row.row] = RowTruth(row.row, self.circuit.both([applies, row.holds]), self.circuit.either([-applies, row.fails]))
        return found

    def _some_gate(self, treatment: Treatment, place: Place | None, severity: str, *, is_open: bool) -> Literal:
        gates = [row for row in self.gates(treatment, place).values() if treatment.gate_rows[row.row]["severity"] == severity]
        if is_open:
            return self.circuit.either(self.circuit.both([-row.holds, -row.fails]) for row in gates)
        return self.circuit.either(row.holds for row in gates)

    def cleared(self, treatment: Treatment, place: Place | None) -> Literal:
        """Every absolute gate surely fails."""
        gates = [row for row in self.gates(treatment, place).values() if treatment.gate_rows[row.row]["severity"] == "absolute"]
        node = self.circuit.node(
            ("cleared", treatment.id, place),
            1,
            lambda: _equal(node.variables[0], self.circuit.both(row.fails for row in gates)),
            rows=tuple(row.row for row in gates),
        )
        return node.variables[0]

    # --- what brings it forward -------------------------------------------------------------------
    def listed(self, row: str, place: Place) -> RowTruth:
        """A row of the choice at a lesion, after the first exclusive row that surely fits has held back those below it."""
        node: Node = self.circuit.node(("listed", row, place), 2, lambda: self._listed(row, place, node), deep=True, rows=(row,))
        return RowTruth(row, node.variables[0], node.variables[1])

    def _listed(self, row: str, place: Place, node: Node) -> list[list[Literal]]:
        holds, fails = node.variables
        if place == REST:
            return [[-holds, -fails]]
        truths = {one.row: one for one in self.states.rows(self.choice, place)}
        block = self.choice_rows[row]
        held = -self.circuit.true
        if not block.get("always"):
            ranks = sorted({one["exclusive"] for one in self.choice_rows.values() if one.get("exclusive")})
            before: list[Literal] = []
            others = []
            for rank in ranks:
                fits = self.circuit.either(truths[name].holds for name, one in self.choice_rows.items() if one.get("exclusive") == rank)
                if rank != block.get("exclusive"):
                    others.append(self.circuit.both([fits, *(-one for one in before)]))
                before.append(fits)
            held = self.circuit.either(others)
        return [
            *_equal(holds, self.circuit.both([truths[row].holds, -held])),
            *_equal(fails, self.circuit.either([truths[row].fails, held])),
        ]

    def forwarded(self, treatment: Treatment, place: Place | None) -> Literal:
        """An emergency that stands here puts the treatment forward, unless the choice table surely leaves the patient out."""
        rows = [row for row, block in self.typing.blocks.items() if treatment.id in block.get("forward", ())]
        literal = self.circuit.either(self.typing.stands(row, place) for row in rows)
        if treatment.id not in EMERGENCY_ONLY_IF_LISTED:
            return literal
        listed = [row for row, block in self.choice_rows.items() if treatment.id in block["offer"] and block.get("exclusive") == 1]
        left_out = self.circuit.both(self.listed(row, one).fails for one in self._lesions(place) for row in listed)
        return self.circuit.both([literal, -left_out])

    def _lesions(self, place: Place | None) -> tuple[Place, ...]:
        return self.states.places if place is None else (place,)

    def indicated(self, treatment: Treatment, place: Place | None) -> RowTruth:
        """A row of the choice, or an emergency, surely brings it forward; or surely none does."""
        listed = [self.listed(row, one) for one in self._lesions(place) for row in self.release.offered_by[treatment.id]]
        holds = [row.holds for row in listed]
        fails = [row.fails for row in listed]
        if treatment.id not in EMERGENCY_ONLY_IF_LISTED:
            forwarded = self.forwarded(treatment, place)
            holds.append(forwarded)
            fails.append(-forwarded)
        return RowTruth(treatment.id, self.circuit.either(holds), self.circuit.both(fails))

    # --- what holds it back -----------------------------------------------------------------------
    def held_back(self, treatment: Treatment, place: Place | None) -> Literal:
        """An emergency holds back what is elective: calciphylaxis anywhere all of it, another emergency here the procedures."""
        if not treatment.content["treatment"].get("elective"):
            return -self.circuit.true
        standing = []
        for row, block in self.typing.blocks.items():
            if block["key"] in CALCIPHYLAXIS:
                standing.append(self.typing.stands(row, None))
            elif treatment.category in PROCEDURES:
                standing.append(self.typing.stands(row, place))
        return self.circuit.both([-self.forwarded(treatment, place), self.circuit.either(standing)])

    def waits_for_skin(self, treatment: Treatment, place: Place | None) -> Literal:
        """A procedure waits while the skin signs of calciphylaxis are open in a major setting."""
        if treatment.category not in PROCEDURES:
            return -self.circuit.true
        return self.circuit.either(
            self.circuit.both([self.typing.skin_unasked(one), -self.typing.withheld(one)]) for one in self._lesions(place)
        )

    def specialist(self, treatment: Treatment, place: Place | None) -> Literal:
        """Left to a specialist by its own row, by a type that rests on treated values, or because the patient is a child."""
        head = treatment.content["treatment"]
        if head.get("specialist"):
            return self.circuit.true
        found = []
        if head.get("elective"):
            found += [self.typing.typed_under_treatment(one) for one in self._lesions(place)]
        if head.get("child_specialist"):
            found.append(-self.states.is_false("is_child", PATIENT))
        return self.circuit.either(found)

    # --- status -----------------------------------------------------------------------------------
    def status(self, treatment: Treatment, place: Place | None, status: str) -> Literal:
        """The option's status is this one."""
        node = self.circuit.node(
            ("status", treatment.id, place),
            len(STATUSES),
            lambda: self._statuses(treatment, place, node),
            rows=(treatment.row, *(row for row in treatment.gate_rows)),
        )
        return node.variables[STATUSES.index(status)]

    def _statuses(self, treatment: Treatment, place: Place | None, node: Node) -> list[list[Literal]]:
        both, either = self.circuit.both, self.circuit.either
        is_avoided = self.circuit.true if treatment.category == "avoid" else -self.circuit.true
        indicated = self.indicated(treatment, place)
        only_led = both([-indicated.holds, -indicated.fails])
        # Which type leads is not modelled: whether it would bring the option forward is left free.
        led = self.circuit.node(("led", treatment.id, place), 1, list).variables[0]
        relative = self._some_gate(treatment, place, "relative", is_open=False)
        careful = either(
            [
                self._some_gate(treatment, place, "caution", is_open=False),
                self._some_gate(treatment, place, "relative", is_open=True),
                self._some_gate(treatment, place, "caution", is_open=True),
            ]
        )
        order = (
            (is_avoided, "blocked"),
            (indicated.fails, "not_indicated"),
            (self._some_gate(treatment, place, "absolute", is_open=False), "blocked"),
            (self.held_back(treatment, place), "blocked"),
            (self.waits_for_skin(treatment, place), "unassessable"),
            (self._some_gate(treatment, place, "absolute", is_open=True), "unassessable"),
            (both([only_led, -led]), "unassessable"),
            (only_led, "provisional"),
            (self.specialist(treatment, place), "specialist"),
            (relative, "reason"),
            (careful, "caution"),
            (self.circuit.true, "offered"),
        )
        found: dict[str, list[Literal]] = {}
        before: list[Literal] = []
        for literal, status in order:
            found.setdefault(status, []).append(both([literal, *before]))
            before.append(-literal)
        return [clause for name, out in zip(STATUSES, node.variables, strict=True) for clause in _equal(out, either(found.get(name, ())))]


def _equal(one: Literal, other: Literal) -> list[list[Literal]]:
    return [[-one, other], [one, -other]]
