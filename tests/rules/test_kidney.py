"""Filtration and clearance: worked out from creatinine, over everything that age, sex, weight and height may be."""

from decimal import Decimal
from typing import Any

import pytest

from tests.rules.bedside import Findings, judge, option, pictures, spans


def creatinine(value: int) -> dict[str, Any]:
    return {"value": value, "unit": "umol/L", "date": "2026-03-01"}


WEIGHT_70 = {"value": 70, "unit": "kg"}
HEIGHT_180 = {"value": 180, "unit": "cm"}


def of(key: str, findings: Findings, **about: Any) -> list[Any] | None:
    return spans(pictures(findings, **about).patient, key)


# --- filtration -----------------------------------------------------------------------------------
def test_an_adults_filtration_by_ckd_epi_2021() -> None:
    mg_dl = {"value": Decimal("1.0"), "unit": "mg/dL"}

    assert of("egfr", {"creatinine": mg_dl}, age=50, sex="male") == [("91.7", "91.7")]
    assert of("egfr", {"creatinine": mg_dl}, age=50, sex="female") == [("68.6", "68.6")]


def test_a_childs_filtration_by_bedside_schwartz_needs_its_height() -> None:
    findings = {"creatinine": {"value": Decimal("0.5"), "unit": "mg/dL"}, "height": {"value": 120, "unit": "cm"}}

    assert of("egfr", findings, age=8) == [("99.1", "99.1")]
    assert of("egfr", {"creatinine": findings["creatinine"]}, age=8) is None


def test_under_one_year_nothing_is_worked_out() -> None:
    findings = {"creatinine": creatinine(30), "height": {"value": 60, "unit": "cm"}}

    assert of("egfr", findings, age={"age_days": 200}) is None
    assert of("egfr", findings, age={"age_days": 400}) is not None


def test_unknown_sex_gives_both_and_unknown_age_nothing() -> None:
    [(low, high)] = of("egfr", {"creatinine": {"value": Decimal("1.0"), "unit": "mg/dL"}}, age=50, sex=None) or [(None, None)]

    assert (low, high) == ("68.6", "91.7")
    assert of("egfr", {"creatinine": creatinine(80)}, age=None) is None


def test_a_reported_value_is_not_replaced() -> None:
    reported = {"egfr": {"value": 44, "unit": "mL/min/{1.73_m2}"}, "creatinine": creatinine(70)}

    assert of("egfr", reported) == [("44.0", "44.0")]


def test_a_childs_reported_value_stands_for_filtration() -> None:
    assert of("egfr", {"egfr_child": {"value": 80, "unit": "mL/min/{1.73_m2}"}}, age=8) == [("80.0", "80.0")]


def test_on_dialysis_creatinine_says_nothing_of_filtration() -> None:
    """After a session creatinine may look safe; the implied filtration is below 15 whatever it is."""
    found = pictures({"creatinine": creatinine(70), "weight": WEIGHT_70, "on_dialysis": True})

    assert found.computed == ()
    for key in ("egfr", "crcl"):
        assert [high for _, high in spans(found.patient, key) or []] == ["14.9"]


# --- clearance ------------------------------------------------------------------------------------
def test_clearance_by_cockcroft_gault_with_actual_weight() -> None:
    findings = {"creatinine": {"value": Decimal("1.4"), "unit": "mg/dL"}, "weight": WEIGHT_70, "height": HEIGHT_180}

    assert of("crcl", findings, age=70, sex="male") == [("48.6", "48.6")]


def test_from_an_index_of_30_ideal_weight_is_used() -> None:
    """120 kg at 180 cm: index 37; ideal weight 75.0 kg."""
    heavy = {"creatinine": creatinine(88), "weight": {"value": 120, "unit": "kg"}, "height": HEIGHT_180}
    ideal = {**heavy, "weight": {"value": Decimal("74.99"), "unit": "kg"}}

    assert of("crcl", heavy, age=50, sex="male") == of("crcl", ideal, age=50, sex="male")


def test_without_a_height_obesity_is_possible_and_the_interval_reaches_down() -> None:
    findings = {"creatinine": creatinine(88), "weight": {"value": 90, "unit": "kg"}}
    [(low, high)] = of("crcl", findings, age=50, sex="male") or [(None, None)]
    not_obese = of("crcl", {**findings, "obesity": False}, age=50, sex="male")
    obese = of("crcl", {**findings, "obesity": True}, age=50, sex="male")

    assert not_obese == [(high, high)]
    assert obese == [(low, low)]
    assert Decimal(low) < Decimal(high)


def test_without_a_weight_there_is_no_clearance() -> None:
    assert of("crcl", {"creatinine": creatinine(88)}) is None


def test_under_18_the_schwartz_value_stands_in() -> None:
    findings = {"creatinine": {"value": Decimal("0.5"), "unit": "mg/dL"}, "height": {"value": 120, "unit": "cm"}, "weight": WEIGHT_70}

    assert of("crcl", findings, age=8) == of("egfr", findings, age=8) == [("99.1", "99.1")]


def test_filtration_and_clearance_are_not_exchanged() -> None:
    """Alendronate asks for clearance: a filtration of 80 leaves that gate open."""
    assessed = judge({"egfr": {"value": 80, "unit": "mL/min/{1.73_m2}"}})
    gates = {gate.row: gate.truth for gate in option(assessed, "alendronate").gates}

    assert gates["alendronate.contraindication.6"] is None


@pytest.mark.parametrize(("clearance", "truth"), [("34.9", True), ("35", False)])
def test_alendronate_is_blocked_below_a_clearance_of_35(clearance: str, truth: bool) -> None:
    assessed = judge({"crcl": {"value": Decimal(clearance), "unit": "mL/min"}})

    assert {gate.row: gate.truth for gate in option(assessed, "alendronate").gates}["alendronate.contraindication.6"] is truth


# --- measures and staging -------------------------------------------------------------------------
def test_the_body_mass_index_says_whether_somebody_is_obese() -> None:
    assert of("bmi", {"weight": {"value": 90, "unit": "kg"}, "height": {"value": Decimal("1.70"), "unit": "m"}}) == [("31.1", "31.1")]
    assert pictures({"weight": {"value": 90, "unit": "kg"}, "height": {"value": 170, "unit": "cm"}}).patient.truth("obesity") is True
    assert pictures({"weight": {"value": 70, "unit": "kg"}, "height": {"value": 170, "unit": "cm"}}).patient.truth("obesity") is False


@pytest.mark.parametrize(
    ("findings", "failure"),
    [
        ({"on_dialysis": True}, True),
        ({"ckd5": True}, True),
        ({"egfr": {"value": Decimal("29.9"), "unit": "mL/min/{1.73_m2}"}}, True),
        ({"egfr": {"value": 30, "unit": "mL/min/{1.73_m2}"}, "ckd5": False}, False),
        ({}, None),
    ],
)
def test_kidney_failure_is_dialysis_or_a_filtration_below_30(findings: Findings, failure: bool | None) -> None:
    assert pictures(findings).patient.truth("kidney_failure") is failure
