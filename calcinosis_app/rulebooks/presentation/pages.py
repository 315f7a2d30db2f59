"""The pages of a release that are made of rows, as sections."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from calcinosis_app.rulebooks.bridge import PHASE_LABELS, Rules
from calcinosis_app.rulebooks.presentation import words
from calcinosis_app.rulebooks.presentation.places import PAGE_OF_SECTION
from calcinosis_app.rulebooks.presentation.rows import Line, Link, RowView, fact_link, label_of, row_view, treatment_link

LIST_TITLES = {
    "work_up": "Work-up",
    "causes": "Treat the cause",
    "follow_up": "Follow-up",
    "advice": "Advice to patients",
    "referrals": "Referrals",
    "controversies": "Controversies",
    "instruments": "Instruments",
}
TABLE_ORDER = ("emergencies", "not_calcinosis", "classification", "leading", "choice", "states")
SEVERITIES = ("absolute", "relative", "caution", "info")
STAGES = {"start": "before it is started", "dose_entry": "when a dose is written", "on_treatment": "while it is used"}
OF_STATE = "By what the patient has"
OF_TREATMENT = "By treatment"
# A table with more columns than this is read row by row; the grid would be mostly empty.
WIDEST_GRID = 16


@dataclass(frozen=True)
class Section:
    """Rows under one heading. `of` says to which kind of thing a section of a long list belongs."""

    anchor: str
    title: str
    rows: tuple[RowView, ...]
    of: str = ""


@dataclass(frozen=True)
class GridRow:
    """A row of a decision table in one line: each test under its column."""

    id: str
    cells: tuple[str, ...]
    outcome: str


@dataclass(frozen=True)
class TablePage:
    """A decision table."""

    title: str
    policy: str
    columns: tuple[Link, ...]
    grid: tuple[GridRow, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class TreatmentPage:
    """A treatment with everything that belongs to it."""

    name: str
    head: RowView
    facts: tuple[Line, ...]
    sections: tuple[Section, ...]


def contents(rules: Rules) -> list[tuple[str, str, str]]:
    """The parts of a release: the view's name, its argument, its title."""
    tables = sorted(rules.content["tables"], key=lambda name: TABLE_ORDER.index(name) if name in TABLE_ORDER else len(TABLE_ORDER))
    return [
        ("release", "", "Overview"),
        *(("table", name, rules.content["tables"][name]["table"]["title"]) for name in tables),
        ("treatments", "", "Treatments"),
        *(("list", name, LIST_TITLES.get(name, words.humanised(name))) for name in LIST_TITLES if name in rules.content["lists"]),
        ("facts", "", "Facts"),
        ("laboratory", "", "Laboratory"),
        ("conditions", "", "Conditions"),
        ("drugs", "", "Drug list"),
        ("derived", "", "Derived facts"),
        ("references", "", "References"),
    ]


def table_page(rules: Rules, name: str) -> TablePage:
    """One decision table. Raises KeyError when the release has no such table."""
    block = rules.content["tables"][name]
    head, rows = block["table"], block["row"]
    columns = list(dict.fromkeys(fact for row in rows for fact in row["when"]))
    is_narrow = len(columns) <= WIDEST_GRID
    return TablePage(
        title=head["title"],
        policy=words.HIT_POLICIES[head["hit_policy"]],
        columns=tuple(fact_link(rules, fact) for fact in columns) if is_narrow else (),
        grid=tuple(_grid_row(rules, row, columns, head["output"]) for row in rows) if is_narrow else (),
        sections=(Section("rows", f"{len(rows)} rows", tuple(row_view(rules, row) for row in rows)),),
    )


def treatment_page(rules: Rules, name: str) -> TreatmentPage:
    """One treatment. Raises KeyError when the release has no such treatment."""
    block = rules.content["treatments"][name]
    head = block["treatment"]
    gates = [*block.get("gate", ()), *block.get("stop", ())]
    starting = [row for row in gates if row["stage"] == "start"]
    sections = [
        _section(rules, "doses", "Doses", block.get("dose", ())),
        _section(rules, "responses", "What was seen", block.get("response", ())),
        *(
            _section(rules, f"gates-{severity}", f"Gates: {severity}", [row for row in starting if row["severity"] == severity])
            for severity in SEVERITIES
        ),
        *(
            _section(rules, stage, f"Speaks against it {said}", [row for row in gates if row["stage"] == stage])
            for stage, said in STAGES.items()
            if stage != "start"
        ),
        _section(rules, "monitoring", "Monitoring", block.get("monitoring", ())),
        _section(
            rules,
            "follow-up",
            "Follow-up",
            [row for row in rules.content["lists"]["follow_up"] if row.get("treatment") == name],
            guest_from="follow_up",
        ),
        _section(
            rules,
            "choice",
            "Brought forward by",
            [row for row in rules.content["tables"]["choice"]["row"] if name in row["offer"]],
            guest_from="choice",
        ),
    ]
    return TreatmentPage(
        name=head["name"],
        head=row_view(rules, {"row": head["row"], "say": head["indication"], **{key: head[key] for key in _HEAD_MARKS if key in head}}),
        facts=tuple(
            Line(label, (Link(PHASE_LABELS.get(str(head[key]), words.humanised(str(head[key]))) if key in _CODED else str(head[key])),))
            for key, label in _HEAD_LINES.items()
            if head.get(key) not in (None, "", False)
        ),
        sections=tuple(section for section in sections if section.rows),
    )


def list_page(rules: Rules, name: str) -> tuple[Section, ...]:
    """One list, grouped by what it belongs to. Raises KeyError when the release has no such list."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rules.content["lists"][name]:
        groups.setdefault(_group(rules, name, row), []).append(row)
    sections = (_section(rules, f"part-{number}", title, rows) for number, (title, rows) in enumerate(groups.items(), 1))
    return tuple(replace(one, of=_kind(name, groups[one.title][0])) for one in sections)


def folded(sections: Iterable[Section]) -> dict[str, list[Section]]:
    """The sections of a long list by what they belong to: states as the list has them, treatments by name."""
    kinds: dict[str, list[Section]] = {OF_STATE: [], OF_TREATMENT: []}
    for section in sections:
        kinds.setdefault(section.of, []).append(section)
    kinds[OF_TREATMENT].sort(key=lambda section: section.title.casefold())
    return {kind: found for kind, found in kinds.items() if found}


def derived_page(rules: Rules) -> tuple[Section, ...]:
    """How facts are worked out of others, and what one fact says of another."""
    definitions = tuple(_definition(rules, one) for one in rules.content["definitions"])
    implications = tuple(_implication(rules, one) for one in rules.content["implications"])
    computed = tuple(
        _computed(rules, fact.key)
        for fact in rules.facts.values()
        if fact.derived and PAGE_OF_SECTION.get(fact.section) == "derived" and fact.key not in rules.definitions
    )
    return (
        Section("definitions", "Worked out by rows", definitions),
        Section("computed", "Worked out by formulas and bands", computed),
        Section("implications", "What one fact says of another", implications),
    )


_HEAD_MARKS = ("sources", "seen", "seen_basis", "grade")
_CODED = frozenset({"phase", "category", "scope"})
_HEAD_LINES = {
    "category": "kind",
    "phase": "phase",
    "scope": "given to",
    "route": "route",
    "population": "population",
    "dose": "dose",
    "time_to_effect": "time to effect",
    "judge_after_days": "judge after, in days",
    "specialist_reason": "shown to specialists only, because",
}


def _section(rules: Rules, anchor: str, title: str, rows: Iterable[Mapping[str, Any]], *, guest_from: str = "") -> Section:
    return Section(anchor, title, tuple(row_view(rules, row, guest_from=guest_from) for row in rows))


def _grid_row(rules: Rules, row: Mapping[str, Any], columns: list[str], output: str) -> GridRow:
    shown = row_view(rules, row)
    outcome = next((line for line in shown.lines if line.label == label_of(output)), None)
    return GridRow(
        row["id"],
        tuple(words.asks(rules, fact, row["when"][fact]) if fact in row["when"] else "" for fact in columns),
        ", ".join(item.text for item in outcome.items) if outcome else shown.heading,
    )


def _kind(name: str, row: Mapping[str, Any]) -> str:
    if name != "follow_up":
        return ""
    return OF_TREATMENT if row.get("treatment") else OF_STATE


def _group(rules: Rules, name: str, row: Mapping[str, Any]) -> str:
    if name != "follow_up":
        return LIST_TITLES.get(name, words.humanised(name))
    if row.get("treatment"):
        return treatment_link(rules, row["treatment"]).text
    return words.state_label(rules, row["condition"])


def _definition(rules: Rules, one: Mapping[str, Any]) -> RowView:
    codes = {code["code"]: code["label"] for code in one.get("codes", ())}
    lines = []
    for step in one.get("first", ()):
        when = " and ".join(f"{rules.label(fact)}: {words.asks(rules, fact, test)}" for fact, test in step["when"].items())
        lines.append(Line(codes.get(step["is"], step["is"]), (Link(when or "otherwise"),)))
    if one.get("only_when_sure"):
        lines.append(Line("counts", (Link("only when it is sure"),)))
    shown = row_view(
        rules, {"row": f"fact-{one['fact']}", "say": one["label"], **{key: one[key] for key in ("any", "sources") if key in one}}
    )
    return replace(shown, badge="first that holds" if one.get("first") else "any of", lines=tuple(lines))


def _implication(rules: Rules, one: Mapping[str, Any]) -> RowView:
    then = [f"{rules.label(fact)}: {words.asks(rules, fact, test)}" for fact, test in one["then"].items()]
    return replace(row_view(rules, {"id": one["id"], "say": "; ".join(then), "when": one["if"]}), badge="then")


def _computed(rules: Rules, key: str) -> RowView:
    fact = rules.facts[key]
    inputs = tuple(fact_link(rules, name) for name in dict.fromkeys(one.partition(" if ")[0] for one in fact.asks))
    shown = row_view(rules, {"id": f"fact-{key}", "say": fact.label, "sources": fact.sources})
    return replace(shown, badge=words.kind_of(fact), lines=(Line("from", inputs),) if inputs else ())
