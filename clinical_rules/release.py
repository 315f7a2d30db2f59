"""A release as a value: everything the rules rest on, checked, compiled, canonical and hashed.

The content is plain data (what the knowledge files say); two releases with the same content have the same
hash. Compiling it checks that every name in every row is a fact of this release.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from clinical_rules.errors import ReleaseError
from clinical_rules.facts import Code, Fact, condition_fact, drug_fact, fact_from, laboratory_fact
from clinical_rules.hearing import Listeners, beneath
from clinical_rules.joined import join
from clinical_rules.knowledge_files import KNOWLEDGE, read_knowledge
from clinical_rules.statements import Names, read_statements
from clinical_rules.tables import CompiledTable, Domain, Possible, Row, Table, TableError, compile_table, intersection, parse_test

POSITION_CODES = (Code("below", "below range"), Code("within", "within range"), Code("above", "above range"))
TYPES = ("iatrogenic", "mixed", "metastatic", "dystrophic", "idiopathic", "not_calcinosis")
TYPE_LABELS = {
    "iatrogenic": "Iatrogenic",
    "mixed": "Mixed",
    "metastatic": "Metastatic",
    "dystrophic": "Dystrophic",
    "idiopathic": "Idiopathic",
    "not_calcinosis": "Not calcinosis",
}


class Definition(NamedTuple):
    """A derived fact as rows: true when one holds, or the value of the first that does."""

    fact: str
    table: CompiledTable | None
    is_first: bool
    only_when_sure: bool
    asks: tuple[str, ...]


class Implication(NamedTuple):
    """If all tests surely hold, the facts in ``then`` are so unless stated otherwise."""

    id: str
    test: CompiledTable
    then: Mapping[str, Possible]
    scope: str


class Group(NamedTuple):
    """A question that covers others: how its answer and theirs inform each other."""

    fact: str
    members: tuple[str, ...]
    exhaustive: bool
    drugs_only: bool
    true_when: CompiledTable | None
    false_when: CompiledTable | None
    both: tuple[str, ...]
    answer_wins: bool
    scope: str
    hears: tuple[str, ...]
    """The facts that inform it: itself, its members and what its tests ask."""


@dataclass(frozen=True)
class Treatment:
    """One treatment and its gates. They are judged with those of all others (``Release.gates``); alone, when asked for."""

    id: str
    content: Mapping[str, Any]
    gate_table: Table | None
    domains: Mapping[str, Domain] = field(repr=False)

    @cached_property
    def gates(self) -> CompiledTable | None:
        """Its own gates as a table."""
        return compile_table(self.gate_table, self.domains) if self.gate_table else None

    @cached_property
    def gate_rows(self) -> Mapping[str, Mapping[str, Any]]:
        """The rows that gate its start, by id."""
        return {row["row"]: row for row in _start_gates(self.content)}

    def __getattr__(self, name: str) -> Any:
        try:
            return self.content["treatment"][name]
        except KeyError:
            raise AttributeError(name) from None


class ListedRow(NamedTuple):
    """One row of a list (work-up, advice, ...) and the tests that say for whom; without tests: for everybody."""

    row: Mapping[str, Any]
    table: Table | None
    is_local: bool
    """Whether it hangs on a lesion's facts, and so is said of each lesion for itself."""


COMPLETE_DRUG_LIST = "drug_list_complete"


class Release:
    """One immutable version of all knowledge. ``content`` must not be changed after it was given."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        # In the order of the canonical text: the order of names in a row decides the order of questions, and a release
        # that was stored and read again must ask them in the same order.
        self.text: str = _canonical(content)
        """Canonical JSON: sorted keys, no blanks, the same bytes for the same content."""
        self.content: Mapping[str, Any] = json.loads(self.text)
        content = self.content
        self.number: int = content["number"]
        try:
            self.facts: dict[str, Fact] = _facts(content)
            self.domains: dict[str, Domain] = {key: fact.domain() for key, fact in self.facts.items() if fact.kind != "codes"}
            self.tables: dict[str, CompiledTable] = {name: self._table(block) for name, block in content["tables"].items()}
            self.definitions = self._definitions()
            self.groups = {scope: self._groups(scope) for scope in ("patient", "lesion")}
            implications = self._implications()
            self.implications = {scope: tuple(one for one in implications if one.scope == scope) for scope in ("patient", "lesion")}
            self.treatments = {name: self._treatment(name, block) for name, block in content["treatments"].items()}
            self.gates = {scope: join(f"gates of the {scope}", self._gate_tables(scope), self.domains) for scope in ("patient", "lesion")}
            """The gates of all treatments of one scope, read together."""
            self.listed = {name: self._list(name, rows) for name, rows in content["lists"].items()}
            self.conditions = join("lists", [one.table for rows in self.listed.values() for one in rows if one.table], self.domains)
            """The tests of all listed rows, read together."""
            self.statements = read_statements(content.get("statements", ()), self._names())
        except TableError as error:
            raise ReleaseError(str(error)) from error

    @classmethod
    def from_json(cls, text: str) -> "Release":
        """The release whose canonical JSON this is."""
        return cls(json.loads(text))

    def to_json(self) -> str:
        """The canonical JSON."""
        return self.text

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def _names(self) -> Names:
        """What a safety statement may speak of."""
        return Names(
            domains=self.domains,
            treatments={name: one.content["treatment"] for name, one in self.treatments.items()},
            flags=frozenset(row["key"] for row in self.content["tables"]["emergencies"]["row"]),
            types=frozenset(TYPES),
            steps=frozenset(row["row"] for name in ("work_up", "causes", "referrals", "advice") for row in self.content["lists"][name]),
            rows=frozenset(self.rows),
            tables=frozenset(self.tables) | frozenset(self.treatments),
            bands=frozenset(one["key"] for one in self.content["laboratory"]),
            jurisdictions=frozenset(("none", *self.content["jurisdictions"])),
        )

    @cached_property
    def references(self) -> dict[str, Mapping[str, Any]]:
        """The sources by citation key."""
        return {one["key"]: one for one in self.content["references"]}

    def rests_on(self, key: str) -> frozenset[str]:
        """The fact itself and everything that it is worked out from, down to what a person enters, group questions included."""
        found = self._rests_on.get(key)
        if found is None:
            seen = beneath(key, self._beneath)
            covering = {group.fact for groups in self.groups.values() for group in groups if not seen.isdisjoint(group.members)}
            found = self._rests_on[key] = seen | covering
        return found

    @cached_property
    def _rests_on(self) -> dict[str, frozenset[str]]:
        return {}

    def _beneath(self, key: str) -> Iterable[str]:
        definition, fact = self.definitions.get(key), self.facts[key]
        if definition is not None:
            return definition.table.facts if definition.table is not None else ()
        return (*fact.members, *(fact.asks if fact.derived else ()))

    @cached_property
    def informs(self) -> Mapping[str, tuple[str, ...]]:
        """For each fact the derived facts that are worked out anew when it becomes known."""
        found: dict[str, tuple[str, ...]] = {}
        for key in self.worked_out:
            for one in beneath(key, self._reads):
                found[one] = (*found.get(one, ()), key)
        return found

    @cached_property
    def listeners(self) -> Mapping[str, tuple[Listeners, Listeners]]:
        """By scope: who hears of a fact among the implications, and among the groups."""
        return {scope: (self._hearing_implications(scope), self._hearing_groups(scope)) for scope in ("patient", "lesion")}

    def _hearing_implications(self, scope: str) -> Listeners:
        rules = self.implications[scope]
        heard = [self._heard((*one.test.facts, *one.then)) for one in rules]
        unasked = [n for n, one in enumerate(rules) if True in one.test.truths({}) or not heard[n].isdisjoint(self._speaks_unasked)]
        return Listeners(heard, unasked)

    def _hearing_groups(self, scope: str) -> Listeners:
        rules = self.groups[scope]
        heard = [self._heard((*one.hears, *((COMPLETE_DRUG_LIST,) if one.drugs_only else ()))) for one in rules]
        return Listeners(heard, [n for n, _ in enumerate(rules) if not heard[n].isdisjoint(self._speaks_unasked)])

    def _heard(self, facts: Iterable[str]) -> frozenset[str]:
        return frozenset[str]().union(*(beneath(fact, self._reads) for fact in facts))

    def _reads(self, key: str) -> Iterable[str]:
        """What a fact is worked out from directly, where nobody stated it."""
        definition = self.definitions.get(key)
        if definition is not None:
            return definition.table.facts if definition.table is not None else ()
        applies = self.facts[key].applies
        return (applies,) if applies else ()

    @cached_property
    def worked_out(self) -> frozenset[str]:
        """The facts that may have a value although nobody stated or implied them."""
        return frozenset((*self.definitions, *(fact.key for fact in self.facts.values() if fact.applies)))

    @cached_property
    def of_patient(self) -> frozenset[str]:
        """The facts that belong to the patient, and that every lesion shares."""
        return frozenset(fact.key for fact in self.facts.values() if fact.scope == "patient")

    @cached_property
    def _speaks_unasked(self) -> frozenset[str]:
        """The defined facts that may have a value while nothing is known."""
        return frozenset(
            key
            for key, one in self.definitions.items()
            if one.only_when_sure or (one.table is not None and (one.is_first or True in one.table.truths({})))
        )

    @cached_property
    def drug_list(self) -> tuple[str, ...]:
        """The drugs that a complete drug list answers for."""
        return tuple(fact.key for fact in self.facts.values() if fact.section == "drug_list")

    @cached_property
    def asked_after_typing(self) -> Mapping[str, tuple[str, ...]]:
        """By scope: the facts that the choice table, the gates and the listed rows ask for."""
        joined = (*self.gates.values(), self.conditions)
        asked = dict.fromkeys((*self.tables["choice"].facts, *(fact for one in joined for fact in one.facts)))
        return {scope: tuple(fact for fact in asked if self.facts[fact].scope == scope) for scope in ("patient", "lesion")}

    @cached_property
    def conditional(self) -> Mapping[str, tuple[tuple[Mapping[str, Any], CompiledTable | None], ...]]:
        """Rows of each list (work-up, advice, ...) with the tests that say for whom, compiled; without tests: for everybody."""
        return {
            name: tuple((one.row, compile_table(one.table, self.domains) if one.table else None) for one in rows)
            for name, rows in self.listed.items()
        }

    @cached_property
    def rows(self) -> dict[str, Mapping[str, Any]]:
        """Every row of the release that an assessment may name, by id, with its ``table``."""
        found: dict[str, Mapping[str, Any]] = {}
        for name, block in self.content["tables"].items():
            found |= {row["id"]: {**row, "table": name} for row in block["row"]}
        for name, block in self.content["treatments"].items():
            for kind in ("gate", "stop", "dose", "response", "monitoring"):
                found |= {row["row"]: {**row, "table": f"treatment:{name}", "kind": kind} for row in block.get(kind, ())}
            found[block["treatment"]["row"]] = {**block["treatment"], "table": f"treatment:{name}", "kind": "treatment"}
        for name, rows in self.content["lists"].items():
            for row in rows:
                named = {**row, "table": name}
                found[f"{name}:{row['row']}"] = named
                # A follow-up check and a treatment's response may bear one id; assessments name gates by it.
                found.setdefault(row["row"], named)
        return found

    @cached_property
    def exhaustive_groups(self) -> dict[str, tuple[str, ...]]:
        """The group questions that cover a fact and have no other members than those named."""
        found: dict[str, tuple[str, ...]] = {}
        for scope in ("lesion", "patient"):
            for group in self.groups[scope]:
                if group.exhaustive:
                    found |= {member: (*found.get(member, ()), group.fact) for member in group.members}
        return found

    @cached_property
    def offered_by(self) -> dict[str, tuple[str, ...]]:
        """The choice rows that bring a treatment forward."""
        found: dict[str, tuple[str, ...]] = dict.fromkeys(self.treatments, ())
        for row in self.content["tables"]["choice"]["row"]:
            for name in row["offer"]:
                found[name] = (*found[name], row["id"])
        return found

    def label(self, key: str) -> str:
        """What people call a fact."""
        fact = self.facts.get(key)
        return fact.label if fact else key

    def possible(self, fact: str, test: str) -> Possible:
        """The values of a fact that satisfy a simple test: ``true``, a list of codes, or one comparison."""
        return _satisfying(test, self.domains[fact])

    def _table(self, block: Mapping[str, Any]) -> CompiledTable:
        head = block["table"]
        rows = tuple(Row(row["id"], row["when"], row.get("then") or {head["output"]: row["id"]}, {}) for row in block["row"])
        return compile_table(Table(head["key"], head["hit_policy"], rows), self.domains)

    def _any_of(self, name: str, rows: Iterable[Mapping[str, str]]) -> CompiledTable | None:
        table = _any_of(name, rows)
        return compile_table(table, self.domains) if table else None

    def _definitions(self) -> dict[str, Definition]:
        found = {}
        for block in self.content["definitions"]:
            key = block["fact"]
            first = block.get("first")
            if first:
                rows = tuple(Row(f"{key}.{number}", one["when"], {"is": one["is"]}, {}) for number, one in enumerate(first, 1))
                table: CompiledTable | None = compile_table(Table(key, "FIRST", rows), self.domains)
            else:
                table = self._any_of(key, block["any"])
            self._only_own_scope(key, block["scope"], table.facts if table else ())
            found[key] = Definition(key, table, bool(first), block.get("only_when_sure", False), tuple(block.get("asks", ())))
        return found

    def _only_own_scope(self, name: str, scope: str, facts: Iterable[str]) -> None:
        """A patient's fact must not rest on one lesion's: the patient's picture cannot see it."""
        local = [fact for fact in facts if fact in self.facts and self.facts[fact].scope == "lesion"]
        if scope == "patient" and local:
            raise ReleaseError(f"{name} belongs to the patient and cannot rest on a lesion's {', '.join(local)}: make its scope lesion")

    def _groups(self, scope: str) -> tuple[Group, ...]:
        found = []
        for fact in self.facts.values():
            if fact.scope != scope or not (fact.members or fact.true_when or fact.false_when or fact.both) or fact.kind == "codes":
                continue
            lacking = [one for one in (*fact.members, *fact.both) if one not in self.facts]
            if lacking:
                raise ReleaseError(f"fact {fact.key}: member {', '.join(lacking)} is no fact of the release: define it or take it out")
            tests = [name for when in (*fact.true_when, *fact.false_when) for name in when]
            self._only_own_scope(fact.key, fact.scope, (*fact.members, *fact.both, *tests))
            found.append(
                Group(
                    fact.key,
                    fact.members,
                    fact.exhaustive,
                    bool(fact.members) and fact.section == "drugs",
                    self._any_of(fact.key, fact.true_when),
                    self._any_of(f"not {fact.key}", fact.false_when),
                    fact.both,
                    fact.answer_wins,
                    scope,
                    (fact.key, *fact.members, *fact.both, *tests),
                )
            )
        return tuple(found)

    def _implications(self) -> list[Implication]:
        found = []
        blocks = [*self.content["implications"]]
        blocks += [
            {"id": f"{one['key']}.implies", "if": {one["key"]: "true"}, "then": dict.fromkeys(one["implies"], "true")}
            for one in self.content["conditions"]
            if one.get("implies")
        ]
        for block in blocks:
            scopes = {self.facts[key].scope for key in (*block["if"], *block["then"])}
            table = compile_table(Table(block["id"], "COLLECT", (Row(block["id"], block["if"], {}, {}),)), self.domains)
            then = {key: self.possible(key, text) for key, text in block["then"].items()}
            found.append(Implication(block["id"], table, then, "lesion" if "lesion" in scopes else "patient"))
        return found

    def _treatment(self, name: str, block: Mapping[str, Any]) -> Treatment:
        rows = tuple(Row(row["row"], row["when"], {}, {}) for row in _start_gates(block))
        return Treatment(name, block, Table(name, "COLLECT", rows) if rows else None, self.domains)

    def _gate_tables(self, scope: str) -> list[Table]:
        return [one.gate_table for one in self.treatments.values() if one.scope == scope and one.gate_table]

    def _list(self, name: str, rows: Iterable[Mapping[str, Any]]) -> tuple[ListedRow, ...]:
        found = []
        for row in rows:
            whens = row.get("any") or ([row["when"]] if row.get("when") else [])
            is_local = any(fact in self.facts and self.facts[fact].scope == "lesion" for when in whens for fact in when)
            found.append(ListedRow(row, _any_of(f"{name}:{row['row']}", whens), is_local))
        return tuple(found)


def _any_of(name: str, rows: Iterable[Mapping[str, str]]) -> Table | None:
    """A table of which one row is to hold; ``None`` without rows."""
    listed = tuple(Row(f"{name}.{number}", when, {}, {}) for number, when in enumerate(rows, 1))
    return Table(name, "COLLECT", listed) if listed else None


def _start_gates(block: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in block.get("gate", ()) if row["stage"] == "start"]


def _canonical(content: Mapping[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@lru_cache(maxsize=1)
def load() -> Release:
    """Release 1, from the text files beside this module."""
    return Release(read_knowledge(KNOWLEDGE))


def _facts(content: Mapping[str, Any]) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    parts = (
        [_sex_fact(), *_age_facts()],
        [fact_from(block) for block in content["facts"]],
        [laboratory_fact(block) for block in content["laboratory"]],
        [condition_fact(block) for block in content["conditions"]],
        [drug_fact(block) for block in content["drugs"]],
        [_position_fact(block) for block in content["laboratory"]],
        [_definition_fact(block) for block in content["definitions"]],
        _derived_facts(),
    )
    for part in parts:
        for fact in part:
            if fact.key in found:
                raise ReleaseError(f"fact {fact.key} is defined twice ({found[fact.key].section}, {fact.section}): keep one")
            found[fact.key] = fact
    for fact in (
        _set_fact("conditions", "Conditions", content["conditions"], "key"),
        _set_fact("drugs", "Drug list", content["drugs"], "code"),
    ):
        found[fact.key] = fact
    return found


def _set_fact(key: str, label: str, blocks: Iterable[Mapping[str, Any]], name: str) -> Fact:
    codes = tuple(Code(block[name], block["label"]) for block in blocks if block.get("enterable", True) is not False)
    return Fact(key, label, f"{label}: which?", "codes", "patient", key, codes=codes)


def _derived(key: str, label: str, kind: Any = "boolean", *, scope: Any = "patient", section: str = "derived", **more: Any) -> Fact:
    return Fact(key, label, label, kind, scope, section, derived=True, **more)


def _sex_fact() -> Fact:
    return _derived("sex", "sex", "code", section="person", codes=(Code("female", "female"), Code("male", "male")))


def _age_facts() -> list[Fact]:
    return [
        _derived("age_years", "age", "number", section="person", unit="a"),
        _derived("age_days", "age in days", "number", section="person", unit="d"),
    ]


def _position_fact(block: Mapping[str, Any]) -> Fact:
    return _derived(
        f"{block['key']}_position",
        f"{block['name']} against its range",
        "code",
        section="position",
        codes=POSITION_CODES,
        asks=(block["key"],),
    )


def _definition_fact(block: Mapping[str, Any]) -> Fact:
    codes = tuple(Code(one["code"], one["label"]) for one in block.get("codes", ()))
    return _derived(
        block["fact"],
        block["label"],
        "code" if codes else "boolean",
        scope=block["scope"],
        codes=codes,
        sources=tuple(block["sources"]),
        asks=tuple(text.partition(" if ")[0] for text in block.get("asks", ())),
    )


def _derived_facts() -> list[Fact]:
    status = (Code("raised", "raised"), Code("in_range", "in range"), Code("low", "low"))
    types = tuple(Code(one, TYPE_LABELS[one]) for one in TYPES)
    return [
        _derived("calcium_status", "calcium status", "code", codes=status, asks=("ca_total", "albumin", "ca_ionised")),
        _derived("phosphate_status", "phosphate status", "code", codes=status, asks=("phosphate",)),
        _derived("ca_x_p", "calcium x phosphate (for information)", "number", unit="mmol2/L2", precision=2, asks=("ca_total", "phosphate")),
        _derived("calcium_high_without_number", "calcium reported high without a number", asks=("ca_total",)),
        _derived("minor_settings", "number of minor settings for calciphylaxis", "number"),
        _derived("kidney_function_known", "kidney function known", asks=("creatinine",)),
        _derived("extended_search_done", "ANA, CK, PTH and 25-OH-D known", asks=("ana", "ck", "pth", "vitd25")),
        _derived(
            "calciphylaxis_suspected_or_confirmed",
            "calciphylaxis suspected or confirmed",
            scope="lesion",
            asks=("any_definite_skin_sign", "any_early_skin_sign"),
        ),
        _derived("lesion_type", "type of the lesion", "code", scope="lesion", codes=types),
        _derived(
            "lesion_status",
            "status of the lesion",
            "code",
            scope="lesion",
            codes=(Code("decided", "decided"), Code("open", "open"), Code("withheld", "withheld")),
        ),
    ]


def _satisfying(text: str, domain: Domain) -> Possible:
    accepted = parse_test(text, domain).accepts
    narrowed = domain.everything() if accepted is None else intersection(accepted, domain.everything())
    if narrowed is None:
        raise ReleaseError(f"{domain.key}: {text!r} can never hold")
    return narrowed
