"""Every statement of a release proved, refuted with a witness, or not proved."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from clinical_rules.release import Release
from clinical_rules.statements import Statement
from clinical_rules.verification.circuit import Node
from clinical_rules.verification.data import holds_in_data
from clinical_rules.verification.judging import JUDGED
from clinical_rules.verification.promise import HERE, THERE, Model, Question, breaks, broken_by, lesions_needed, named, questions
from clinical_rules.verification.search import Models, clauses_of, unknown_first
from clinical_rules.verification.solver import Steps, StepsSpentError, solve
from clinical_rules.verification.witness import Case, Witness, replay, shorten

Verdict = Literal["proved", "refuted", "not_proved"]
BUDGET = 400_000
"""Steps (assignments of the search) for one statement."""
TRIES = 6
"""Patients of the model that are replayed before a refutation is given up as not confirmed."""


@dataclass(frozen=True, slots=True)
class StatementResult:
    """What became of one statement.

    ``rests_on`` names the rows of the release that a proof looked at (ids of table rows and gates, keys of definitions
    and groups, ids of implications): while none of them changes, it stays a proof. ``witness`` is a case of the
    contract's format that breaks the promise when it is assessed for ``jurisdiction``, ``shows`` what it shows;
    ``steps`` is what the search cost; ``why`` says what stopped a proof. ``allowed_only``: the proof speaks only of
    patients of whom no implication is contradicted; else of everybody.
    """

    id: str
    verdict: Verdict
    steps: int
    rests_on: frozenset[str]
    witness: Mapping[str, Any] | None = None
    jurisdiction: str | None = None
    shows: str = ""
    why: str = ""
    allowed_only: bool = False


def check_statements(release: Release, only: Collection[str] | None = None, budget: int = BUDGET) -> tuple[StatementResult, ...]:
    """Check the statements of a release, or only those whose ids are given, each within ``budget`` steps."""
    checks = Checks(release)
    return tuple(checks.check(one, budget) for one in release.statements if only is None or one.id in only)


class Checks:
    """The statements of one release; models are built once and shared."""

    def __init__(self, release: Release, models: Models | None = None) -> None:
        self.release = release
        self.models = models or Models(release)
        self.ranges = self.models.ranges
        self._beyond = _cannot_be_modelled(release)

    def check(self, statement: Statement, budget: int = BUDGET) -> StatementResult:
        """Prove or refute one statement."""
        if statement.kind == "data":
            wrong = holds_in_data(self.release, statement)
            return StatementResult(
                statement.id, "refuted" if wrong else "proved", 0, frozenset(statement.outcome.names), shows=wrong, why=wrong
            )
        if self._beyond:
            return StatementResult(statement.id, "not_proved", 0, frozenset(), why=self._beyond)
        steps = Steps(budget)
        rows: set[str] = set()
        allowed_only = False
        for question in questions(statement):
            try:
                used = self._prove(statement, question, steps, allowed=False)
                if used is None:
                    used = self._prove(statement, question, steps, allowed=True)
                    allowed_only |= used is not None
                if used is not None:
                    rows |= used
                    continue
                refuted = self._refute(statement, question, steps)
            except StepsSpentError:
                why = f"the search was given up after {budget} steps"
                return StatementResult(statement.id, "not_proved", steps.used, frozenset(rows), why=why)
            if refuted is not None:
                case, jurisdiction, shows = refuted
                return StatementResult(statement.id, "refuted", steps.used, frozenset(), case, jurisdiction, shows, shows)
            about = f" ({question.treatment})" if question.treatment else ""
            why = f"the model allows a patient who breaks it{about}, but none was found whom an assessment confirms"
            return StatementResult(statement.id, "not_proved", steps.used, frozenset(rows), why=why)
        return StatementResult(statement.id, "proved", steps.used, frozenset(rows), allowed_only=allowed_only)

    def _prove(self, statement: Statement, question: Question, steps: Steps, *, allowed: bool) -> set[str] | None:
        """The rows that a proof looked at; ``None`` when the model allows a patient who breaks the statement."""
        model = self.models.get(lesions_needed(statement), plain=False, allowed=allowed)
        roots = breaks(model, statement, question)
        for deep in (False, True):
            nodes = model.circuit.cone([*roots, model.circuit.true], deep=deep)
            if solve(clauses_of(nodes, roots), {}, steps) is None:
                return {row for node in nodes for row in node.rows}
        if question.treatment is None or self.release.treatments[question.treatment].scope != "patient":
            return None
        # An option of the patient may be brought forward by another lesion than the one the statement is about.
        model = self.models.get((HERE, THERE), plain=False, allowed=allowed)
        roots = [*breaks(model, statement, question), *named(model, question)]
        nodes = model.circuit.cone([*roots, model.circuit.true], deep=True)
        return None if solve(clauses_of(nodes, roots), {}, steps) is not None else {row for node in nodes for row in node.rows}

    def _refute(self, statement: Statement, question: Question, steps: Steps) -> tuple[Case, str | None, str] | None:
        """A case that breaks the statement when it is assessed, the jurisdiction, and what it shows."""
        needed = lesions_needed(statement)
        for lesions in dict.fromkeys((needed, (HERE, THERE))):
            model = self.models.get(lesions, plain=True)
            roots = breaks(model, statement, question)
            nodes = model.circuit.cone([*roots, model.circuit.true], deep=True)
            clauses = clauses_of(nodes, roots)
            for _ in range(TRIES):
                values = solve(clauses, unknown_first(nodes), steps)
                if values is None:
                    break
                found = self._confirm(model, statement, question, values)
                if found is not None:
                    return found
                clauses.append(_another(nodes, values))
        return None

    def _confirm(
        self, model: Model, statement: Statement, question: Question, values: Mapping[int, bool]
    ) -> tuple[Case, str | None, str] | None:
        witness = Witness(model, values)

        def breach(case: Case) -> str | None:
            found = replay(model, case, witness.jurisdiction)
            return broken_by(self.release, self.ranges, statement, found) if found is not None else None

        case = witness.case(statement.id, f"breaks: {statement.say}")
        if breach(case) is None:
            return None
        case = shorten(case, lambda shorter: breach(shorter) is not None)
        return case, witness.jurisdiction, breach(case) or ""


def _another(nodes: Iterable[Node], values: Mapping[int, bool]) -> list[int]:
    """A clause that asks for another patient: one who differs in a fact that is known of this one."""
    differs = []
    for node in nodes:
        if node.key[0] == "fact":
            inside = [variable for variable in node.variables if values.get(variable)]
            if len(inside) < len(node.variables):
                differs += [-inside[0] if len(inside) == 1 else inside[0] for _ in inside[:1]]
                differs += [variable for variable in node.variables if not values.get(variable, True)]
    return differs


def _cannot_be_modelled(release: Release) -> str:
    """What a release may do that the model does not follow; empty when it follows all.

    Emergencies and types are judged before they are known as facts. A no to a lesion's group that covers the patient's
    facts answers for them at that lesion alone, while the model knows such a fact once, for all of the patient.
    """
    for group in release.groups["lesion"]:
        shared = [member for member in group.members if release.facts[member].scope == "patient"]
        if shared:
            return f"the lesion's question {group.fact} covers {', '.join(shared)} of the patient: make it a question of the patient"
    for name in ("emergencies", "classification", "not_calcinosis"):
        for fact in release.tables[name].facts:
            if not release.rests_on(fact).isdisjoint(JUDGED):
                return f"the table {name} reads {fact}, which stands only after it"
    return ""
