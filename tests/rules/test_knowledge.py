"""Release 1 as a whole: it loads, every name in it means something, and what it says bears its source."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clinical_rules.errors import ReleaseError
from clinical_rules.release import KNOWLEDGE, Release, Treatment, load, read_knowledge

RELEASE = load()
TREATMENTS = list(RELEASE.treatments.values())
WITHOUT_GATES = {"extravasation_protocol", "wound_care_offload", "myo_inositol_hexaphosphate"}
"""Care that nothing speaks against, and an experimental substance that is never offered."""
SEVERITIES = {"absolute", "relative", "caution", "info"}
STAGES = {"start", "dose_entry", "on_treatment"}
GRADES = {"IB", "II-III", "IV", "V", "G", "none"}


def blocks(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every table of the content with its path."""
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from blocks(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from blocks(inner, f"{path}[{number}]")


def grades(treatment: Treatment) -> set[str]:
    """The grades of evidence in what is printed: ``G for ulcers; V for calcinosis`` bears two."""
    return set(re.findall(r"\b(?:II-III|IB|IV|V|G|none)\b", treatment.content["treatment"]["grade"]))


def gate_rows() -> list[tuple[Treatment, dict[str, Any]]]:
    return [(one, row) for one in TREATMENTS for kind in ("gate", "stop") for row in one.content.get(kind, ())]


# --- names ----------------------------------------------------------------------------------------
def test_every_source_of_every_row_is_a_reference() -> None:
    keys = set(RELEASE.references)
    unknown = {
        (path, source)
        for path, block in blocks({key: value for key, value in RELEASE.content.items() if key != "cases"})
        for name in ("sources", "sources_a", "sources_b")
        for source in block.get(name, ())
        if source not in keys
    }

    assert not unknown


def test_every_reference_is_cited() -> None:
    cited = {
        source for _, block in blocks(RELEASE.content) for name in ("sources", "sources_a", "sources_b") for source in block.get(name, ())
    }
    uncited = {one["key"] for one in RELEASE.content["references"]} - cited

    assert len(uncited) < len(RELEASE.references) / 4, f"many references carry nothing: {sorted(uncited)}"


def test_every_row_of_a_table_says_what_it_means_with_a_source_and_whether_it_was_seen() -> None:
    for name, table in RELEASE.content["tables"].items():
        for row in table["row"]:
            assert row.get("say"), (name, row["id"])
            assert row.get("sources"), (name, row["id"])
            assert isinstance(row.get("seen"), bool), (name, row["id"])


def test_row_ids_are_unique() -> None:
    ids = [row["id"] for table in RELEASE.content["tables"].values() for row in table["row"]]
    ids += [
        row["row"] for one in TREATMENTS for kind in ("gate", "stop", "dose", "response", "monitoring") for row in one.content.get(kind, ())
    ]

    assert [name for name, times in Counter(ids).items() if times > 1] == []


def test_every_treatment_that_a_row_offers_or_forwards_is_one_of_the_release() -> None:
    named = {
        name
        for table in RELEASE.content["tables"].values()
        for row in table["row"]
        for key in ("offer", "forward")
        for name in row.get(key, ())
    }

    assert named <= set(RELEASE.treatments)


def test_every_code_and_member_is_a_fact() -> None:
    for fact in RELEASE.facts.values():
        assert set(fact.members) <= set(RELEASE.facts), fact.key
        assert fact.applies is None or fact.applies in RELEASE.facts, fact.key
        if fact.key in ("conditions", "drugs"):
            assert {code.code for code in fact.codes} <= set(RELEASE.facts)


def test_every_fact_that_can_be_entered_has_a_question_and_a_number_its_limits() -> None:
    for fact in RELEASE.facts.values():
        assert fact.label, fact.key
        if not fact.derived and fact.kind != "codes":
            assert fact.question, fact.key
        if not fact.derived and fact.kind == "number":
            assert fact.hard != (None, None), f"{fact.key}: without hard limits a slip of the keyboard counts"


def test_nothing_asks_whether_something_is_missing() -> None:
    """No `missing` tests in release 1: they would break proofs of monotony."""
    assert not [path for path, block in blocks(RELEASE.content) for text in (block.get("when") or {}).values() if "missing" in str(text)]


# --- treatments -----------------------------------------------------------------------------------
@pytest.mark.parametrize("treatment", TREATMENTS, ids=lambda one: one.id)
def test_every_treatment_has_gates_or_is_listed_as_having_none_and_is_followed_up(treatment: Treatment) -> None:
    assert bool(treatment.gate_rows) is (treatment.id not in WITHOUT_GATES)
    assert [row for row, _ in RELEASE.conditional["follow_up"] if row.get("treatment") == treatment.id]


@pytest.mark.parametrize("treatment", TREATMENTS, ids=lambda one: one.id)
def test_every_treatment_has_a_name_a_phase_a_scope_a_grade_and_sources(treatment: Treatment) -> None:
    head = treatment.content["treatment"]

    assert head["id"] == treatment.id
    assert head["name"]
    assert head["phase"] in {"act_now", "confirm", "treat_cause", "medical", "local_surgical", "support", "follow_up"}
    assert head["scope"] in {"patient", "lesion"}
    assert grades(treatment) <= GRADES
    assert grades(treatment)
    assert head["sources"]
    assert head.get("specialist_reason") if head.get("specialist") else True


def test_no_drug_reaches_above_grade_iv_in_favour_of_use() -> None:
    """The single IB statement is against low-dose warfarin [TRAINEAU2020]."""
    drugs = [one for one in TREATMENTS if one.category.startswith("drug")]

    assert {grade for one in drugs for grade in grades(one)} <= {"IV", "V", "G"}
    assert [(one.id, one.content["treatment"]["grade"]) for one in TREATMENTS if "IB" in grades(one)] == [
        ("warfarin_low_dose", "IB (against)")
    ]


def test_every_gate_bears_severity_stage_action_reason_and_whether_it_was_seen() -> None:
    for treatment, row in gate_rows():
        assert row["severity"] in SEVERITIES, row["row"]
        assert row["stage"] in STAGES, row["row"]
        assert row["when"], row["row"]
        assert row["action"] or row["reason"], row["row"]
        assert isinstance(row["seen"], bool), row["row"]
        assert row["row"].startswith(f"{treatment.id}."), row["row"]
        assert set(row.get("jurisdictions", ())) <= {"uk", "us", "eu"}, row["row"]


def test_procedures_have_a_gate_for_calciphylaxis() -> None:
    for treatment in TREATMENTS:
        if treatment.category in ("procedure", "diagnostic") and treatment.scope == "lesion":
            facts = {fact for row in treatment.gate_rows.values() for fact in row["when"]}
            assert "calciphylaxis_suspected_or_confirmed" in facts, treatment.id


def test_what_is_to_be_avoided_is_warfarin_denosumab_and_the_calcium_binder() -> None:
    assert {one.id for one in TREATMENTS if one.category == "avoid"} == {"warfarin_low_dose", "denosumab", "phosphate_binder_calcium"}


# --- the release ----------------------------------------------------------------------------------
def test_the_hash_is_of_the_content_and_of_nothing_else() -> None:
    again = Release(read_knowledge(KNOWLEDGE))

    assert (again.hash, again.text) == (RELEASE.hash, RELEASE.text)
    assert Release.from_json(RELEASE.to_json()).hash == RELEASE.hash


def test_another_threshold_is_another_hash() -> None:
    content = tomllib.loads(Path(KNOWLEDGE, "release.toml").read_text())

    assert Release({**RELEASE.content, "title": "another"}).hash != RELEASE.hash
    assert content["number"] == RELEASE.number == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"when": {"calcium_risen": "true"}}, "table classification, row C2, fact calcium_risen: no such fact"),
        ({"when": {"site_exposure": "gold"}}, "table classification, row C2, fact site_exposure"),
        ({"when": {"minerals_raised": "> 3"}}, "table classification, row C2, fact minerals_raised"),
    ],
)
def test_a_row_that_names_nothing_is_refused_with_table_row_and_fact(change: dict[str, Any], message: str) -> None:
    tables = RELEASE.content["tables"]
    rows = [{**row, **change} if row["id"] == "C2" else row for row in tables["classification"]["row"]]

    with pytest.raises(ReleaseError, match=message):
        Release({**RELEASE.content, "tables": {**tables, "classification": {**tables["classification"], "row": rows}}})


def test_a_fact_defined_twice_is_refused() -> None:
    with pytest.raises(ReleaseError, match="is defined twice"):
        Release({**RELEASE.content, "facts": [*RELEASE.content["facts"], RELEASE.content["facts"][0]]})


def test_a_member_that_is_no_fact_is_refused() -> None:
    facts = [{**one, "members": [*one["members"], "gold"]} if one.get("members") else one for one in RELEASE.content["facts"]]

    with pytest.raises(ReleaseError, match="member gold is no fact of the release"):
        Release({**RELEASE.content, "facts": facts})


def test_the_release_says_what_it_is_for_and_what_not() -> None:
    content = RELEASE.content

    assert "clinician" in content["intended_use"]
    assert "Not for emergencies" in content["not_for"]
    assert content["limits"]
    assert content["jurisdictions"] == ["uk", "us", "eu"]


def test_every_row_can_be_looked_up_by_the_name_an_assessment_uses() -> None:
    for table in RELEASE.content["tables"].values():
        assert all(row["id"] in RELEASE.rows for row in table["row"])
    for name, rows in RELEASE.content["lists"].items():
        assert all(f"{name}:{row['row']}" in RELEASE.rows for row in rows)


def test_labels_fall_back_to_the_key() -> None:
    assert RELEASE.label("phosphate") == RELEASE.facts["phosphate"].label
    assert RELEASE.label("gold") == "gold"


# --- the exposure, entry and drug questions -------------------------------------------------------
def test_drugs_and_group_questions_name_each_other() -> None:
    for drug in RELEASE.content["drugs"]:
        for group in drug.get("groups", ()):
            reached = _members(group)
            assert drug["code"] in reached, (drug["code"], group)


def _members(key: str) -> set[str]:
    found: set[str] = set()
    for member in RELEASE.facts[key].members:
        found |= {member} | _members(member)
    return found
