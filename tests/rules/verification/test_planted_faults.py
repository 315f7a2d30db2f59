"""Faults planted in a copy of release 1: each is found, with a patient who shows it when assessed."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from clinical_rules.assessment import Assessment, assess
from clinical_rules.release import Release, load
from clinical_rules.verification import ReleaseReport, check_statements, verify_release

CONTENT = load().content


def edited() -> Any:
    return copy.deepcopy(CONTENT)


def gate(content: Any, treatment: str, row: str) -> Any:
    return next(one for one in content["treatments"][treatment]["gate"] if one["row"] == row)


def row_of(content: Any, table: str, row: str) -> Any:
    return next(one for one in content["tables"][table]["row"] if one["id"] == row)


def option(found: Assessment, treatment: str) -> Any:
    return next(one for one in found.options if one.treatment == treatment)


# --- four planted faults --------------------------------------------------------------------------
PLANTED = {
    "table": {"key": "planted", "title": "Planted", "hit_policy": "UNIQUE", "output": "stage"},
    "row": [
        {"id": "p.low", "when": {"egfr": "< 30"}, "then": {"stage": "a"}, "say": "low", "sources": ["EXPERT_RULE"], "seen": False},
        {
            "id": "p.dialysis",
            "when": {"egfr": "< 45", "on_dialysis": "true"},
            "then": {"stage": "b"},
            "say": "dialysis",
            "sources": ["EXPERT_RULE"],
            "seen": False,
        },
        {"id": "p.high", "when": {"egfr": "> 90"}, "then": {"stage": "c"}, "say": "high", "sources": ["EXPERT_RULE"], "seen": False},
        {
            "id": "p.raised",
            "when": {"egfr": "[50..60]", "calcium_raised": "true"},
            "then": {"stage": "d"},
            "say": "raised",
            "sources": ["EXPERT_RULE"],
            "seen": False,
        },
        {
            "id": "p.lowered",
            "when": {"egfr": "[50..60]", "ca_adjusted_below_range": "true"},
            "then": {"stage": "e"},
            "say": "low",
            "sources": ["EXPERT_RULE"],
            "seen": False,
        },
    ],
}


@pytest.fixture(scope="module")
def faulty() -> ReleaseReport:
    content = edited()
    content["tables"]["planted"] = copy.deepcopy(PLANTED)
    gate(content, "alendronate", "alendronate.contraindication.6")["when"] = {"crcl": "< 20"}
    choice = content["tables"]["choice"]["row"]
    choice.append(
        {**row_of(content, "choice", "c1.21"), "id": "planted.never", "when": {"calcium_raised": "true", "calcium_status": "low"}}
    )
    return verify_release(Release(content))


def replayed(report: ReleaseReport, case: Any) -> Assessment:
    """The witness as a file would be read."""
    return assess(json.loads(json.dumps(case)), report.release)


def test_nothing_else_is_found_than_what_was_planted(faulty: ReleaseReport) -> None:
    found = {(one.kind, one.about) for one in faulty.findings if one.severity == "error" and not one.accepted}

    assert found == {("overlap", "p.low"), ("gap", "planted"), ("never", "planted.never")}
    assert [one.id for one in faulty.statements if one.verdict != "proved"] == ["l.5.clearance.35"]
    assert len(faulty.blocking) == 4


def test_the_overlap_is_shown_by_a_patient_in_whom_both_rows_hold(faulty: ReleaseReport) -> None:
    (one,) = [one for one in faulty.findings if one.kind == "overlap" and one.severity == "error"]
    assert one.rows == ("p.low", "p.dialysis")
    assert one.witness is not None
    table = faulty.release.tables["planted"]
    pictures = replayed(faulty, one.witness).pictures
    assert table.truths(pictures.patient.of(table))[:2] == (True, True)


def test_rows_that_only_other_definitions_keep_apart_are_no_overlap(faulty: ReleaseReport) -> None:
    """Calcium is not raised and low at once: the two definitions rest on one status."""
    assert not [one for one in faulty.findings if {"p.raised", "p.lowered"} <= set(one.rows)]


def test_the_gap_is_shown_by_a_patient_of_whom_no_row_holds(faulty: ReleaseReport) -> None:
    (one,) = [one for one in faulty.findings if one.kind == "gap" and one.place == "planted"]
    assert one.witness is not None
    table = faulty.release.tables["planted"]
    assert set(table.truths(replayed(faulty, one.witness).pictures.patient.of(table))) == {False}


def test_the_broken_statement_is_refuted_by_a_patient_with_a_clearance_between_the_limits(faulty: ReleaseReport) -> None:
    (one,) = [one for one in faulty.statements if one.verdict == "refuted"]
    assert one.witness is not None
    found = replayed(faulty, one.witness)
    alendronate = option(found, "alendronate")
    assert not [each for each in alendronate.gates if each.severity == "absolute" and each.truth is not False]
    (clearance,) = found.pictures.patient.known["crcl"].spans or ()
    assert 200 <= (clearance[0] or 0) < 350


def test_the_row_that_cannot_be_reached_is_named(faulty: ReleaseReport) -> None:
    (one,) = [one for one in faulty.findings if one.kind == "never"]
    assert (one.place, one.about) == ("choice", "planted.never")


# --- mutations: a broken rule is noticed by its statement -----------------------------------------
def without_gate(treatment: str, row: str) -> Any:
    content = edited()
    content["treatments"][treatment]["gate"].remove(gate(content, treatment, row))
    return content


def with_gate(treatment: str, row: str, **changed: Any) -> Any:
    content = edited()
    gate(content, treatment, row).update(changed)
    return content


def with_row(table: str, row: str, **changed: Any) -> Any:
    content = edited()
    row_of(content, table, row).update(changed)
    return content


def with_definition(fact: str, **changed: Any) -> Any:
    content = edited()
    next(one for one in content["definitions"] if one["fact"] == fact).update(changed)
    return content


def with_category(treatment: str, category: str) -> Any:
    content = edited()
    content["treatments"][treatment]["treatment"]["category"] = category
    return content


MUTATIONS: dict[str, tuple[Callable[[], Any], str]] = {
    "a gate is taken out": (lambda: without_gate("diltiazem", "diltiazem.contraindication.10"), "l.3.pregnancy"),
    "a limit is lowered": (lambda: with_gate("diltiazem", "diltiazem.contraindication.8", when={"heart_rate": "< 40"}), "l.3.pulse"),
    "a gate is softened": (lambda: with_gate("colchicine", "colchicine.interaction.90", severity="relative"), "l.7.inhibitors"),
    "one country's gate is lost": (lambda: with_gate("diltiazem", "diltiazem.interaction.4", jurisdictions=["us"]), "l.4.simvastatin"),
    "a gate turns into a stop rule": (lambda: with_gate("minocycline", "minocycline.contraindication.3", stage="on_treatment"), "l.8.age"),
    "an emergency needs one sign more": (
        lambda: with_row("emergencies", "C0.major", when={"any_definite_skin_sign": "true", "major_setting": "true", "painful": "true"}),
        "l.1.definite.major",
    ),
    "a setting is forgotten": (
        lambda: with_definition("major_setting", any=[{"egfr": "< 30"}, {"on_dialysis": "true"}]),
        "l.1.definite.major",
    ),
    "idiopathic without a search": (
        lambda: with_row("classification", "C6", when={"minerals_raised": "false", "mineral_background": "untreated"}),
        "l.11.search",
    ),
    "a missing value read as normal": (lambda: with_definition("minerals_raised", only_when_sure=True), "l.11.minerals"),
    "warfarin is an ordinary drug": (lambda: with_category("warfarin_low_dose", "drug_systemic"), "l.2.never"),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_broken_rule_is_refuted_by_a_patient_who_shows_it(name: str) -> None:
    make, statement = MUTATIONS[name]
    content = make()
    (before,) = check_statements(load(), only=[statement])
    (after,) = check_statements(Release(content), only=[statement])

    assert before.verdict == "proved"
    assert (after.verdict, after.why) == ("refuted", after.shows)
    assert after.witness is not None
    found = assess(json.loads(json.dumps(after.witness)), Release(content), jurisdiction=after.jurisdiction)
    assert found.lesions


def test_the_witness_breaks_nothing_under_the_release_as_it_was() -> None:
    make, statement = MUTATIONS["a limit is lowered"]
    content = make()
    (after,) = check_statements(Release(content), only=[statement])
    assert after.witness is not None
    case = json.loads(json.dumps(after.witness))

    assert option(assess(case, load()), "diltiazem").gates != option(assess(case, Release(content)), "diltiazem").gates


def test_a_budget_that_is_spent_is_said_and_blocks() -> None:
    (one,) = check_statements(load(), only=["l.1.elective"], budget=50)

    assert one.verdict == "not_proved"
    assert "50 steps" in one.why


def test_a_proof_stays_one_while_no_row_changes_that_it_rests_on() -> None:
    """What a mutation need not check again."""
    make, statement = MUTATIONS["a limit is lowered"]
    content = make()
    others = ("l.1.known", "l.5.calcium", "l.11.search", "l.14.procedure")
    results = {one.id: one for one in check_statements(load(), only=[statement, *others])}

    assert "diltiazem.contraindication.8" in results[statement].rests_on
    assert not [name for name in others if "diltiazem.contraindication.8" in results[name].rests_on]
    assert [one.verdict for one in check_statements(Release(content), only=others)] == ["proved"] * 4


def test_what_an_emergency_puts_forward_is_not_elective_but_its_gates_stand() -> None:
    content = with_row("emergencies", "E.tumour", forward=["co2_laser"])

    assert [one.verdict for one in check_statements(Release(content), only=["l.1.elective", "l.1.procedure"])] == ["proved", "proved"]


def test_a_verdict_does_not_depend_on_what_was_checked_before() -> None:
    """Models are shared between statements; nothing that one leaves behind may change another."""
    content = MUTATIONS["idiopathic without a search"][0]()
    gate(content, "diltiazem", "diltiazem.contraindication.8")["when"] = {"heart_rate": "< 40"}
    release = Release(content)
    names = ("l.3.pulse", "l.11.search", "l.11.mineral_disease", "l.11.wide")
    together = {one.id: one.verdict for one in check_statements(release)}

    assert {name for name, verdict in together.items() if verdict != "proved"} == set(names)
    assert [together[name] for name in names] == ["refuted"] * 4
    assert [check_statements(release, only=[name])[0].verdict for name in names] == ["refuted"] * 4
