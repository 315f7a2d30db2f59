"""The ledger: every row of the sources is carried by a row of the knowledge, or left out with a reason; and nothing else is in it.

`sources.json` names a source row as `file#row`; a row of evidence.md by section and number ("evidence.md#b.3"; the id or
number printed in its first cell where there is one: "evidence.md#a.3.C0", "evidence.md#c.1.15"). A target is `file#id`.
"""

import csv
import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

RULES = Path(__file__).parents[2] / "clinical_rules"
KNOWLEDGE = RULES / "knowledge"
LEDGER: dict[str, dict[str, Any]] = json.loads((KNOWLEDGE / "sources.json").read_text())

# What counts as a rule row: file, table, and the field that names the row.
RULE_ROWS = [
    ("laboratory.toml", "laboratory.bands", "row"),
    ("conditions.toml", "condition", "key"),
    ("follow_up.toml", "check", "row"),
    ("work_up.toml", "work_up", "id"),
    ("causes.toml", "cause", "id"),
    ("advice.toml", "advice", "id"),
    ("referrals.toml", "referral", "id"),
    ("controversies.toml", "controversy", "id"),
    ("instruments.toml", "instrument", "id"),
    ("references.toml", "reference", "key"),
    *((f"tables/{name}.toml", "row", "id") for name in ("emergencies", "not_calcinosis", "classification", "leading", "choice")),
    *(
        (f"treatments/{path.name}", table, "row")
        for path in sorted((KNOWLEDGE / "treatments").glob("*.toml"))
        for table in ("treatment", "dose", "response", "gate", "stop", "monitoring")
    ),
]
BEYOND_THE_DOSSIER = {
    "references.toml#RCPAQAP_LIMITS": "the dossier states no error of a method; docs/decisions says why these limits",
    "references.toml#RCPAQAP_LIST": "the same programme's limit for ionised calcium",
}
NAMES = ("row", "id", "key", "fact", "code")
EVIDENCE_TABLES = ("a.1", "a.2", "a.3", "a.4", "a.5", "b", "c.1", "d", "e", "g", "h", "i", "j", "l")
OPERATORS = {"lt": "< ", "lte": "<= ", "gt": "> ", "gte": ">= "}
ONE_NAME = {"alc": "lymphocytes", "anc": "neutrophils"}


@cache
def document(name: str) -> dict[str, Any]:
    return tomllib.loads((KNOWLEDGE / name).read_text())


def blocks(name: str, table: str) -> list[dict[str, Any]]:
    """All blocks of one table; `laboratory.bands` are the bands of every laboratory block."""
    found: list[dict[str, Any]] = [document(name)]
    for part in table.split("."):
        found = [inner for outer in found for inner in (outer.get(part, []) if isinstance(outer.get(part, []), list) else [outer[part]])]
    return found


def walk(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


@cache
def names_in(name: str) -> frozenset[str]:
    return frozenset(str(block[field]) for block in walk(document(name)) for field in NAMES if isinstance(block.get(field), str))


def targets(entry: dict[str, Any]) -> list[str]:
    carried = entry.get("carried_by", [])
    return [carried] if isinstance(carried, str) else list(carried)


def exists(target: str) -> bool:
    name, _, row = target.partition("#")
    if name.endswith(".py"):
        path = (KNOWLEDGE / name).resolve()
        return path.is_file() and re.search(rf"^(def|class) {re.escape(row)}\b", path.read_text(), re.MULTILINE) is not None
    return (KNOWLEDGE / name).is_file() and row in names_in(name)


def test_every_source_row_has_one_fate() -> None:
    for source, entry in LEDGER.items():
        assert len(entry) == 1, source
        assert targets(entry) or entry.get("left_out", "").strip(), f"{source}: name what carries it, or why it is left out"


def test_every_target_exists() -> None:
    lost = {source: target for source, entry in LEDGER.items() for target in targets(entry) if not exists(target)}
    assert lost == {}


def test_every_rule_row_is_in_the_ledger() -> None:
    carried = {target for entry in LEDGER.values() for target in targets(entry)}
    unknown = [
        f"{name}#{block[field]}"
        for name, table, field in RULE_ROWS
        for block in blocks(name, table)
        if f"{name}#{block[field]}" not in carried
    ]
    assert unknown == list(BEYOND_THE_DOSSIER)


def test_row_names_are_unique_within_their_file() -> None:
    for name in sorted({name for name, _, _ in RULE_ROWS}):
        rows = [block[field] for file, table, field in RULE_ROWS if file == name for block in blocks(file, table)]
        assert len(rows) == len(set(rows)), name


def test_every_citation_key_is_a_reference() -> None:
    known = {block["key"] for block in blocks("references.toml", "reference")}
    unknown = {
        (str(path.relative_to(KNOWLEDGE)), key)
        for path in KNOWLEDGE.rglob("*.toml")
        for block in walk(tomllib.loads(path.read_text()))
        for field in ("sources", "sources_a", "sources_b")
        for key in block.get(field, [])
        if key not in known
    }
    assert unknown == set()


def test_drugs_and_groups_say_the_same() -> None:
    """A pharmacist reads the groups of a drug, a nurse the members of a group: both must be true."""
    from_drugs = {(group, drug["code"]) for drug in blocks("facts/drugs.toml", "drug") for group in drug.get("groups", [])}
    codes = {drug["code"] for drug in blocks("facts/drugs.toml", "drug")}
    from_groups = {
        (fact["key"], member) for fact in blocks("facts/gates.toml", "fact") for member in fact.get("members", []) if member in codes
    }
    assert from_drugs == from_groups


# --- against the sources themselves ----------------------------------------------------------------


def read(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "clinical" / name).open(newline="") as file:
        return list(csv.DictReader(file))


def evidence_rows(text: str) -> Iterator[str]:
    """The rows of the tables (and of the one numbered list) of evidence.md that the ledger answers for."""
    section, number = "", 0
    for line in text.splitlines():
        if heading := re.match(r"#{2,3} ([a-z](?:\.\d)?)\.? ", line):
            section, number = heading[1], 0
        elif section == "g" and (item := re.match(r"(\d+)\. ", line)):
            yield f"evidence.md#g.{item[1]}"
        elif section in EVIDENCE_TABLES and line.startswith("|"):
            number += 1
            if number <= 2:
                continue
            first = line.split("|")[1].strip()
            named = section in ("a.3", "c.1", "l")
            yield f"evidence.md#{section}.{first if named else number - 2}"


@pytest.mark.conformance
def test_the_ledger_is_complete(shared: Path) -> None:
    expected = {f"{name}#{row['row_id']}" for name in ("treatments.csv", "labs.csv", "followup.csv") for row in read(shared, name)}
    expected |= {f"conditions.csv#{row['condition_id']}" for row in read(shared, "conditions.csv")}
    expected |= {f"references.json#{entry['key']}" for entry in json.loads((shared / "clinical" / "references.json").read_text())}
    expected |= set(evidence_rows((shared / "clinical" / "evidence.md").read_text()))
    assert {"missing": expected - set(LEDGER), "unknown": set(LEDGER) - expected} == {"missing": set(), "unknown": set()}


@pytest.mark.conformance
def test_gates_say_what_the_source_says(shared: Path) -> None:
    for row in read(shared, "treatments.csv"):
        if row["row_type"] not in ("contraindication", "caution", "interaction", "stop_rule"):
            continue
        rules = {rule["row"]: rule for table in ("gate", "stop") for rule in blocks(f"treatments/{row['treatment_id']}.toml", table)}
        rule = rules[row["row_id"]]
        test = {ONE_NAME.get(row["fact"], row["fact"]): OPERATORS.get(row["operator"], "") + row["value"]}
        said = (rule["when"], rule["severity"], rule["stage"], ";".join(rule["sources"]), rule["seen"], rule["seen_basis"])
        assert said == (test, row["severity"], row["stage"], row["citation_keys"], row["seen"] == "true", row["seen_basis"]), row["row_id"]


@pytest.mark.conformance
def test_laboratory_bands_say_what_the_source_says(shared: Path) -> None:
    bands = {band["row"]: (lab, band) for lab in blocks("laboratory.toml", "laboratory") for band in lab["bands"]}
    for row in read(shared, "labs.csv"):
        lab, band = bands[row["row_id"]]
        said = (lab["key"], lab["unit"], band["age_days"], band["sex"], band["reference"], band["critical"], band["soft"], band["seen"])
        assert said == (
            row["lab_id"],
            row["ucum_canonical"],
            [int(row["age_low_days"]), int(row["age_high_days"])],
            row["sex"],
            [row["ref_low"], row["ref_high"]],
            [row["critical_low"], row["critical_high"]],
            [row["soft_low"], row["soft_high"]],
            row["seen"] == "true",
        ), row["row_id"]
        if row["alt_to_canonical_factor"]:
            assert row["alt_to_canonical_factor"] in {unit["factor"] for unit in lab["units"]}, row["row_id"]


@pytest.mark.conformance
def test_checks_fall_due_as_the_source_says(shared: Path) -> None:
    checks = {check["row"]: check for check in blocks("follow_up.toml", "check")}
    for row in read(shared, "followup.csv"):
        check = checks[row["row_id"]]
        said = (check.get("treatment", check.get("condition")), check.get("first_due_days", ""), check.get("repeat_days", ["", ""]))
        assert said == (row["treatment_id"], row["first_due_days"], [row["repeat_days_min"], row["repeat_days_max"]]), row["row_id"]
