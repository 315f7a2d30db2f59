"""The contract: its three worked cases, canonical bytes, and the schemas that describe what goes in and what comes out."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from clinical_rules import ENGINE, schema
from clinical_rules.assessment import Assessment, assess
from clinical_rules.commands import parse_json
from clinical_rules.errors import CaseError
from clinical_rules.pathway import PROCEDURES
from clinical_rules.release import Release, load
from tests.rules.bedside import case, flags, judge, lesion, may_be, mmol, option, spans

ROOT = Path(__file__).parents[2]

A = """{"id":"A","on":"2026-03-02","patient":{"age_years":48,"sex":"female","findings":{
 "phosphate":{"value":9.7,"unit":"mg/dL","date":"2026-03-01"},"ca_total":{"value":9.6,"unit":"mg/dL","date":"2026-03-01"},
 "albumin":{"value":3.2,"unit":"g/dL","date":"2026-03-01"},"on_dialysis":true}},
 "lesions":[{"id":"L","findings":{"painful":true}}]}"""

B = """{"id":"B","on":"2026-03-02","patient":{"age_years":2,"sex":null,"findings":{"conditions":["jdm"],
 "ca_total":{"value":2.72,"unit":"mmol/L","flag":"normal","date":"2026-03-01"},"phosphate":{"value":1.9,"unit":"mmol/L","date":"2026-03-01"}}},
 "lesions":[{"id":"L","findings":{}}]}"""

C = """{"id":"C","on":"2026-03-02","patient":{"age_years":55,"sex":"female","findings":{"conditions":["ssc"],"ca_total":{"flag":"normal"},
 "phosphate":[{"value":1.4,"unit":"mmol/L","date":"2026-03-01"},{"value":1.6,"unit":"mmol/L","date":"2026-03-01"}]}},
 "lesions":[{"id":"L","findings":{"lesion_size":{"value":4,"unit":"mm"}}}]}"""


def worked(text: str) -> Assessment:
    return assess(parse_json(text), load())


def statuses(assessed: Assessment) -> set[str]:
    return {one.status for one in assessed.options}


# --- the three cases worked by hand ---------------------------------------------------------------
def test_case_a_dialysis_with_a_high_phosphate() -> None:
    assessed = worked(A)
    patient, found = assessed.pictures.patient, lesion(assessed, "L")

    assert spans(patient, "phosphate") == [("3.13", "3.13")]
    assert may_be(patient, "phosphate_position") == {"above"}
    assert spans(patient, "ca_adjusted") == [("2.56", "2.56")]
    assert (assessed.status, assessed.type, found.status) == ("open", None, "open")
    assert set(found.candidates) == {"metastatic", "mixed", "iatrogenic"}, "iatrogenic while exposure is unasked"
    assert found.leading is not None
    assert found.leading.type == "metastatic"
    assert {(one.fact, one.is_) for one in found.leading.assumes} == {
        ("qualifying_local_or_autoimmune_cause", False),
        ("site_exposure", "none"),
    }
    assert "calciphylaxis_not_excluded" in found.marks
    assert found.settle[:2] == ("any_definite_skin_sign", "any_early_skin_sign")
    procedures = {one.status for one in assessed.options if load().treatments[one.treatment].category in PROCEDURES}
    assert procedures <= {"unassessable", "not_indicated"}
    assert option(assessed, "skin_biopsy").status == option(assessed, "surgical_excision").status == "unassessable"
    assert option(assessed, "warfarin_low_dose").status == "blocked"
    assert not statuses(assessed) & {"offered", "caution", "reason", "specialist"}


def test_case_b_a_child_of_two_with_juvenile_dermatomyositis() -> None:
    assessed = worked(B)
    patient, found = assessed.pictures.patient, lesion(assessed, "L")

    assert may_be(patient, "phosphate_position") == {"within"}, "within in every band touched"
    assert may_be(patient, "ca_total_position") == {"within", "above"}
    assert [(one.fact, one.kind) for one in assessed.contradictions] == [("ca_total", "flag_against_range")]
    assert {"dystrophic", "mixed"} <= set(found.candidates)
    assert not statuses(assessed) & {"offered", "caution", "reason", "specialist"}


def test_case_c_two_phosphates_that_disagree() -> None:
    assessed = worked(C)
    found = lesion(assessed, "L")

    assert may_be(assessed.pictures.patient, "phosphate_position") == {"within", "above"}
    assert [(one.fact, one.kind) for one in assessed.contradictions] == [("phosphate", "results_disagree")]
    assert set(found.candidates) == {"dystrophic", "mixed", "iatrogenic"}
    assert (found.leading, bool(found.no_lead)) == (None, True)
    assert found.settle[0] == "phosphate"
    assert option(assessed, "warfarin_low_dose").status == "blocked"
    assert option(assessed, "diltiazem").status == "unassessable"


# --- the same inputs give the same bytes ----------------------------------------------------------
def test_asked_twice_the_answer_is_the_same_byte_for_byte() -> None:
    for text in (A, B, C):
        assert worked(text).to_json() == worked(text).to_json()


def test_the_bytes_do_not_hang_on_the_hash_seed(tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    file.write_text(f"[{A},{B},{C}]")
    answers = {
        subprocess.run(
            [sys.executable, "-S", "manage.py", "assess", str(file), "--json"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }

    assert len(answers) == 1
    assert [one["id"] for one in json.loads(answers.pop())] == ["A", "B", "C"]


def test_canonical_json_is_sorted_and_without_blanks() -> None:
    text = worked(A).to_json()

    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_a_release_that_was_stored_and_read_again_judges_the_same() -> None:
    again = Release.from_json(load().to_json())

    assert again.hash == load().hash
    assert assess(parse_json(A), again).to_json() == worked(A).to_json()


# --- what goes out --------------------------------------------------------------------------------
def test_an_assessment_names_its_release_engine_day_and_jurisdiction() -> None:
    found = judge(jurisdiction="uk").as_json()

    assert (found["release"], found["hash"], found["engine"], found["on"], found["jurisdiction"]) == (
        1,
        load().hash,
        ENGINE,
        "2026-03-02",
        "uk",
    )


def test_an_unknown_jurisdiction_is_refused() -> None:
    with pytest.raises(CaseError, match="choose one of: uk, us, eu"):
        judge(jurisdiction="mars")


def test_contradictory_findings_come_back_as_they_were_entered() -> None:
    [clash] = worked(B).as_json()["contradictions"]

    assert clash == {
        "fact": "ca_total",
        "lesion": None,
        "kind": "flag_against_range",
        "findings": [{"value": "2.72", "unit": "mmol/L", "flag": "normal", "date": "2026-03-01"}],
    }


# --- schemas --------------------------------------------------------------------------------------
CASES = Draft202012Validator(schema.case_schema(load()))
ASSESSMENTS = Draft202012Validator(schema.assessment_schema(load()))


@pytest.mark.parametrize("validator", [CASES, ASSESSMENTS])
def test_a_schema_is_a_schema(validator: Draft202012Validator) -> None:
    Draft202012Validator.check_schema(validator.schema)


def test_the_schemas_in_the_documentation_are_current() -> None:
    """Write them anew with: python3 -m clinical_rules.schema docs/"""
    for name, validator in (("case", CASES), ("assessment", ASSESSMENTS)):
        assert (ROOT / "docs" / f"{name}.schema.json").read_text() == schema.written(dict(validator.schema)), (
            f"{name}.schema.json is out of date"
        )


@pytest.mark.parametrize("document", load().content["cases"], ids=lambda one: str(one["id"]))
def test_every_case_of_the_release_fits_its_schema(document: dict[str, Any]) -> None:
    CASES.validate(document)


@pytest.mark.parametrize("text", [A, B, C], ids="ABC")
def test_the_worked_cases_and_their_assessments_fit_their_schemas(text: str) -> None:
    CASES.validate(json.loads(text))
    ASSESSMENTS.validate(worked(text).as_json())


@pytest.mark.parametrize(
    "assessed",
    [
        judge(),
        judge({"on_dialysis": True}, {"violaceous_ulcer": True}),
        judge({"ssc": True, "phosphate": mmol(2, "2025-01-01")}, {"urate_crystals": True}, {"electrode_paste": True}, jurisdiction="eu"),
    ],
    ids=["empty", "withheld", "several"],
)
def test_any_assessment_fits_its_schema(assessed: Assessment) -> None:
    ASSESSMENTS.validate(json.loads(assessed.to_json()))


@pytest.mark.parametrize(
    ("patient", "at_lesion"),
    [
        ({"phosphat": True}, {}),
        ({"phosphate": 1.1}, {}),
        ({"phosphate": {"value": 1.1}}, {}),
        ({"phosphate": {"value": 1.1, "unit": "furlong"}}, {}),
        ({"phosphate": {"value": "1.1", "unit": "mmol/L"}}, {}),
        ({"raynaud": "yes"}, {}),
        ({"raynaud": {"state": "perhaps"}}, {}),
        ({"conditions": ["xyzzy"]}, {}),
        ({"calcium_status": "raised"}, {}),
        ({"site": "finger"}, {}),
        ({}, {"site": "nostril"}),
        ({}, {"raynaud": True}),
    ],
)
def test_what_the_schema_refuses_the_rules_refuse_too(patient: Any, at_lesion: Any) -> None:
    document = case(patient, at_lesion)

    assert not CASES.is_valid(document)
    with pytest.raises(CaseError):
        assess(document, load())


def test_no_lesion_is_an_error_in_both() -> None:
    document = {**case(), "lesions": []}

    assert not CASES.is_valid(document)
    with pytest.raises(CaseError, match="at least one lesion"):
        assess(document, load())


def test_emergencies_of_an_assessment_name_their_lesion() -> None:
    assessed = judge({"septic_signs": True}, {}, {"em_calciphylaxis": True})

    assert flags(assessed) == {"calciphylaxis", "sepsis_or_infected_deposit"}
    assert [(one["key"], one["lesion"]) for one in assessed.as_json()["emergencies"]] == [
        ("calciphylaxis", "L2"),
        ("sepsis_or_infected_deposit", None),
    ]
