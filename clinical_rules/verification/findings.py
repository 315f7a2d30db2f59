"""What is wrong, doubtful or noteworthy in a release's rows, facts and treatments.

A table is verified by itself (``tables.verify``); what it finds is then held against the whole release, so that no
patient is shown whom definitions, groups, implications or "not applicable" rule out, and rows that only the other
tables keep from ever holding are found too.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from clinical_rules.derive.build import EXTENDED_SEARCH, MINOR_SETTINGS
from clinical_rules.release import TYPES, Release
from clinical_rules.tables import CompiledTable, print_value
from clinical_rules.tables.verify import Constraints, TableFinding, implies, verify_table
from clinical_rules.verification.knowledge_states import PATIENT, Place
from clinical_rules.verification.promise import HERE, Model
from clinical_rules.verification.search import Models, values_of
from clinical_rules.verification.solver import Steps, StepsSpentError
from clinical_rules.verification.witness import Case, Witness, replay, shorten

Severity = Literal["error", "warning", "note"]
BUDGET = 200_000
"""Steps for one question about a row."""
QUIET = ("leaves_open", "idle_fact", "idle_threshold")
LISTS = ("work_up", "causes", "referrals", "advice", "follow_up", "controversies", "instruments")
COMPUTED = frozenset(
    {
        "sex",
        "age_years",
        "age_days",
        "calcium_status",
        "phosphate_status",
        "ca_x_p",
        "calcium_high_without_number",
        "minor_settings",
        "kidney_function_known",
        "extended_search_done",
        "calciphylaxis_suspected_or_confirmed",
        "lesion_type",
        "lesion_status",
    }
)
"""Facts that the code works out; positions are too."""
READ_BY_CODE = frozenset(
    {
        *MINOR_SETTINGS,
        *EXTENDED_SEARCH,
        "acute_kidney_injury",
        "albumin",
        "bmi",
        "ca_adjusted",
        "ca_ionised",
        "ca_total",
        "creatinine",
        "drug_list_complete",
        "egfr_child",
        "height",
        "phosphate",
        "phosphate_sample_unreliable",
        "skin_sign_within_12_weeks",
        "weight",
    }
)
"""Facts from which the code works out others."""


@dataclass(frozen=True, slots=True)
class ReleaseFinding:
    """One thing that is so in a release.

    ``place`` is the table, definition, list or treatment; ``about`` the row or fact that it is about first. ``values``
    show it as values of the table's facts, ``witness`` as a case of the contract's format. ``accepted`` is the reason
    written down in the release for leaving it so; then it does not block.
    """

    kind: str
    severity: Severity
    place: str
    about: str
    say: str
    rows: tuple[str, ...] = ()
    values: Mapping[str, str] | None = None
    witness: Case | None = None
    accepted: str = ""


def find_in_release(release: Release, models: Models | None = None) -> tuple[ReleaseFinding, ...]:
    """Every finding, errors first; what the release accepts bears its reason."""
    search = _Search(release, models or Models(release))
    found = [*search.tables(), *search.rows(), *_facts(release), *_treatments(release), *_sources(release)]
    order = {"error": 0, "warning": 1, "note": 2}
    return tuple(sorted(_accept(release, found), key=lambda one: (order[one.severity], bool(one.accepted))))


def _accept(release: Release, found: Iterable[ReleaseFinding]) -> Iterator[ReleaseFinding]:
    reasons = {(one["kind"], one["place"], one["about"]): one["reason"] for one in release.content.get("accepted", ())}
    used = set()
    for one in found:
        key = (one.kind, one.place, one.about)
        used.add(key)
        yield replace(one, accepted=reasons.get(key, ""))
    for kind, place, about in reasons.keys() - used:
        say = f"accepted, but no longer found: {kind} of {about}: take it out of accepted.toml"
        yield ReleaseFinding("accepted_in_vain", "warning", place, about, say)


class _Search:
    """The questions that need the whole release."""

    def __init__(self, release: Release, models: Models) -> None:
        self.release = release
        self.models = models
        self.proof = models.get((HERE,), plain=False)
        self.plain = models.get((HERE,), plain=True)
        everything = [one for scope in ("patient", "lesion") for one in release.implications[scope]]
        self.implied = [
            (frozenset((*one.test.facts, *one.then)), one, {fact: test.accepts for fact, test in one.test.tests[0].items()})
            for one in everything
        ]

    # --- one table at a time -----------------------------------------------------------------------
    def tables(self) -> Iterator[ReleaseFinding]:
        for place, table, declared, complete in self._tables():
            for finding in verify_table(table, self._constraints(table), declared=declared, complete=complete):
                yield from self._held_against_the_release(place, table, finding)

    def _tables(self) -> Iterator[tuple[str, CompiledTable, Mapping[str, tuple[str, ...]], bool]]:
        for name, table in self.release.tables.items():
            yield name, table, {"type": TYPES} if name == "classification" else {}, True
        for name, definition in self.release.definitions.items():
            if definition.table is not None:
                codes = tuple(code.code for code in self.release.facts[name].codes)
                yield f"definition:{name}", definition.table, {"is": codes} if definition.is_first else {}, True
        for name, treatment in self.release.treatments.items():
            if treatment.gates is not None:
                yield f"treatment:{name}", treatment.gates, {}, True
        for name in LISTS:
            for row, one in self.release.conditional[name]:
                if one is not None:
                    yield f"{name}:{row['row']}", one, {}, True

    def _constraints(self, table: CompiledTable) -> Constraints:
        facts = set(table.facts)
        domains = self.release.domains
        impossible = []
        named: set[str] = set()
        for heard, one, when in self.implied:
            if len(heard & facts) > 1:
                named |= heard
                impossible += list(implies(one.id, {fact: one for fact, one in when.items() if one is not None}, one.then, domains))
        may_not_apply = frozenset(fact for fact in facts | named if self.models.ranges.has_not_applicable(fact))
        return Constraints({fact: domains[fact] for fact in sorted(named)}, tuple(impossible), may_not_apply)

    def _held_against_the_release(self, place: str, table: CompiledTable, found: TableFinding) -> Iterator[ReleaseFinding]:
        """The finding with a patient of the whole release who shows it; nothing, when there can be none."""
        if found.severity == "note" and (found.kind in (*QUIET, "overlap") or place.startswith(("treatment:", "definition:"))):
            return
        values = None
        if found.witness is not None:
            domains = self.release.domains
            values = {
                fact: "not applicable" if value is None else print_value(value, domains[fact]) for fact, value in found.witness.items()
            }
        one = ReleaseFinding(
            found.kind,
            found.severity,
            place,
            found.rows[0] if found.rows else found.fact or place,
            found.say,
            found.rows,
            values,
        )
        if found.kind not in ("overlap", "gap"):
            yield one
            return
        at = self._place(table.facts)
        roots = {}
        for model in (self.proof, self.plain):
            rows = {row.row: row for row in model.states.rows(table, at)}
            roots[model] = (
                [rows[name].holds for name in found.rows[:2]] if found.kind == "overlap" else [row.fails for row in rows.values()]
            )
        witness = self._patient(roots, one)
        if witness is not None:
            yield replace(one, witness=witness or None)

    def _patient(self, roots: Mapping[Model, list[int]], about: ReleaseFinding) -> Case | None:
        """A patient of whom all of this is so; ``None`` when there can be none, empty when none could be written as a case."""
        try:
            if values_of(self.proof, roots[self.proof], Steps(BUDGET)) is None:
                return None
            values = values_of(self.plain, roots[self.plain], Steps(BUDGET))
        except StepsSpentError:
            return {}
        if values is None:
            return {}
        table = self._table_of(about.place)
        case = Witness(self.plain, values).case(f"{about.kind} {about.about}", about.say)

        def shows(one: Case) -> bool:
            found = replay(self.plain, one, None)
            if found is None or table is None:
                return False
            pictures = found.pictures
            knowledge = pictures.lesions[HERE].of(table)
            truths = dict(zip((row.id for row in table.table.rows), table.truths(knowledge), strict=True))
            return (
                all(truths[row] is True for row in about.rows[:2])
                if about.kind == "overlap"
                else not any(truth is not False for truth in truths.values())
            )

        return shorten(case, shows) if shows(case) else {}

    def _table_of(self, place: str) -> CompiledTable | None:
        kind, _, name = place.partition(":")
        if not name:
            return self.release.tables[kind]
        if kind == "definition":
            return self.release.definitions[name].table
        if kind == "treatment":
            return self.release.treatments[name].gates
        return next((table for row, table in self.release.conditional[kind] if row["row"] == name), None)

    def _place(self, facts: Iterable[str]) -> Place:
        return HERE if any(self.release.facts[fact].scope == "lesion" for fact in facts) else PATIENT

    # --- each row in the whole release -------------------------------------------------------------
    def rows(self) -> Iterator[ReleaseFinding]:
        """Rows that no patient of the release fulfils, though their own tests could all hold."""
        for place, row, literal in self._literals():
            try:
                possible = values_of(self.proof, [literal], Steps(BUDGET)) is not None
            except StepsSpentError:
                yield ReleaseFinding("not_proved", "error", place, row, f"whether row {row} can ever hold: the search was given up", (row,))
                continue
            if not possible:
                yield ReleaseFinding("never", "error", place, row, f"row {row} can never hold for any patient of this release", (row,))

    def _literals(self) -> Iterator[tuple[str, str, int]]:
        states, options = self.proof.states, self.proof.options
        for name in ("emergencies", "not_calcinosis", "leading", "states"):
            for row in states.rows(self.release.tables[name], HERE):
                yield name, row.row, row.holds
        rows = states.rows(self.release.tables["classification"], HERE)
        before: list[int] = []
        for row in rows:
            yield "classification", row.row, self.proof.circuit.both([row.holds, *before])
            before.append(-row.holds)
        for name in options.choice_rows:
            yield "choice", name, options.listed(name, HERE).holds
        for name, definition in self.release.definitions.items():
            if definition.table is not None:
                for row in states.rows(definition.table, self._place(definition.table.facts)):
                    yield f"definition:{name}", row.row, row.holds
        for name, treatment in self.release.treatments.items():
            at = None if treatment.scope == "patient" else HERE
            for row in options.gates(treatment, at).values():
                yield f"treatment:{name}", row.row, row.holds
        for name in LISTS:
            for block, listed in self.release.conditional[name]:
                if listed is not None:
                    for row in states.rows(listed, self._place(listed.facts)):
                        yield f"{name}:{block['row']}", row.row, row.holds


def _readers(release: Release) -> dict[str, set[str]]:
    """For each fact what reads it."""
    found: dict[str, set[str]] = {}

    def note(who: str, facts: Iterable[str]) -> None:
        for fact in facts:
            found.setdefault(fact, set()).add(who)

    for name, table in release.tables.items():
        note(name, table.facts)
    for name, definition in release.definitions.items():
        note(
            name,
            (
                *(definition.table.facts if definition.table is not None else ()),
                *(one for text in definition.asks for one in text.split(" if ")),
            ),
        )
    for name, treatment in release.treatments.items():
        note(
            name,
            (fact for kind in ("gate", "stop", "monitoring") for row in treatment.content.get(kind, ()) for fact in row.get("when", ())),
        )
    for scope in ("patient", "lesion"):
        for group in release.groups[scope]:
            note(group.fact, (*group.members, *group.both))
            for one in (group.true_when, group.false_when):
                note(group.fact, one.facts if one is not None else ())
        for implication in release.implications[scope]:
            note(implication.id, implication.test.facts)
    for name in LISTS:
        for row, listed in release.conditional[name]:
            note(row["row"], listed.facts if listed is not None else ())
    for fact in release.facts.values():
        note(fact.key, (fact.applies,) if fact.applies else ())
        note(fact.key, fact.members)
    note("the code", READ_BY_CODE)
    return found


def _facts(release: Release) -> Iterator[ReleaseFinding]:
    readers = _readers(release)
    implied = {key for scope in ("patient", "lesion") for one in release.implications[scope] for key in one.then}
    for key, fact in release.facts.items():
        if fact.kind == "codes":
            continue
        made = (
            key in release.definitions or key in COMPUTED or fact.section == "position" or key in implied or bool(fact.members or fact.both)
        )
        if fact.derived and not made and readers.get(key):
            say = f"{key} cannot be entered, and nothing works it out: {', '.join(sorted(readers[key]))} will never know it"
            yield ReleaseFinding("nobody_enters", "error", "facts", key, say)
        if key in release.definitions and release.definitions[key].table is None and readers.get(key):
            yield ReleaseFinding("nobody_enters", "error", "facts", key, f"{key} is defined by no row: nothing is ever known of it")
        position = readers.get(f"{key}_position")
        if not fact.derived and not readers.get(key) and not position:
            severity: Severity = "note" if fact.section in ("laboratory", "conditions", "drug_list") else "warning"
            yield ReleaseFinding("nothing_reads", severity, "facts", key, f"{key} ({fact.label}) can be entered, and no rule reads it")


def _treatments(release: Release) -> Iterator[ReleaseFinding]:
    forwarded = {name for row in release.content["tables"]["emergencies"]["row"] for name in row.get("forward", ())}
    followed = {row.get("treatment") for row, _ in release.conditional["follow_up"]}
    for name, treatment in release.treatments.items():
        place = f"treatment:{name}"
        label = treatment.content["treatment"]["name"]
        if not treatment.gate_rows:
            yield ReleaseFinding("without_gates", "warning", place, name, f"{label}: nothing is asked before it is started")
        if name not in followed:
            yield ReleaseFinding("without_follow_up", "error", place, name, f"{label}: no follow-up check belongs to it")
        if not release.offered_by[name] and name not in forwarded and treatment.category != "avoid":
            say = f"{label}: no row of the choice and no emergency brings it forward"
            yield ReleaseFinding("never_forward", "warning", place, name, say)


def _sources(release: Release) -> Iterator[ReleaseFinding]:
    for place, name, block in _rows(release):
        if not block.get("sources"):
            yield ReleaseFinding("without_source", "error", place, name, f"{name} names no source")
    for statement in release.statements:
        if not statement.sources:
            yield ReleaseFinding("without_source", "error", "statements", statement.id, f"statement {statement.id} names no source")


def _rows(release: Release) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for name, table in release.content["tables"].items():
        for row in table["row"]:
            yield name, row["id"], row
    for block in release.content["definitions"]:
        yield "definitions", block["fact"], block
    for name, treatment in release.content["treatments"].items():
        for kind in ("gate", "stop", "dose", "response", "monitoring"):
            for row in treatment.get(kind, ()):
                yield f"treatment:{name}", row["row"], row
    for name, rows in release.content["lists"].items():
        for row in rows:
            # A controversy names the sources of each side.
            yield name, row["row"], {"sources": [*row.get("sources", ()), *row.get("sources_a", ()), *row.get("sources_b", ())]}
