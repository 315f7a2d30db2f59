"""Calcium and phosphate: which calcium counts, what albumin changes, and when a value says nothing (dossier 0.4; contract, rule 5)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.rules.bedside import NORMAL_MINERALS, Findings, flags, judge, lesion, may_be, mmol, pictures, spans

GOOD_KIDNEYS: Findings = {
    "creatinine": {"value": 70, "unit": "umol/L", "date": "2026-03-01"},
    "on_dialysis": False,
    "acid_base_disorder": False,
}
"""eGFR about 90, no dialysis, no acid-base disorder: the albumin adjustment may be trusted."""


def albumin(value: int) -> dict[str, Any]:
    return {"value": value, "unit": "g/L", "date": "2026-03-01"}


def calcium(total: str, protein: int) -> dict[str, Any]:
    return {"ca_total": mmol(Decimal(total)), "albumin": albumin(protein)}


def status(findings: Findings, **about: Any) -> tuple[set[Any] | None, str]:
    """The possible statuses of calcium and the rule that gave them."""
    found = pictures(findings, **about)
    return may_be(found.patient, "calcium_status"), found.calcium.rule


# --- rule 1: ionised calcium ----------------------------------------------------------------------
@pytest.mark.parametrize(("value", "is_"), [("1.14", "low"), ("1.15", "in_range"), ("1.35", "in_range"), ("1.36", "raised")])
def test_ionised_calcium_comes_first(value: str, is_: str) -> None:
    raised_otherwise = calcium("2.90", 40)

    assert status({**raised_otherwise, **GOOD_KIDNEYS, "ca_ionised": mmol(Decimal(value))}) == ({is_}, "ionised")


# --- rule 2: adjusted calcium, when the adjustment is reliable ------------------------------------
@pytest.mark.parametrize(
    ("total", "protein", "is_"),
    [
        ("2.50", 40, "in_range"),
        ("2.50", 34, "raised"),  # 2.62
        ("2.60", 40, "in_range"),  # at the limit
        ("2.70", 50, "in_range"),  # 2.50
        ("2.30", 50, "low"),  # 2.10
    ],
)
def test_then_adjusted_calcium_with_good_kidneys_albumin_and_acid_base(total: str, protein: int, is_: str) -> None:
    assert status({**calcium(total, protein), **GOOD_KIDNEYS}) == ({is_}, "adjusted")


def test_a_reported_adjusted_calcium_counts_where_none_can_be_worked_out() -> None:
    assert status({"ca_adjusted": mmol(Decimal("2.70")), "albumin": albumin(40), **GOOD_KIDNEYS}) == ({"raised"}, "adjusted")


# --- rule 3: both total and adjusted --------------------------------------------------------------
UNRELIABLE: list[Findings] = [
    {"on_dialysis": True},
    {"ckd34": True},
    {"acute_kidney_injury": True},
    {"acid_base_disorder": True},
    {"hepatic_impairment": True},
    {"egfr": {"value": 59, "unit": "mL/min/{1.73_m2}", "date": "2026-03-01"}},
]


@pytest.mark.parametrize("why", UNRELIABLE, ids=lambda one: next(iter(one)))
def test_otherwise_total_and_adjusted_must_agree(why: Findings) -> None:
    assert status({**calcium("2.80", 38), **why}) == ({"raised"}, "total and adjusted")
    assert status({**calcium("2.40", 38), **why}) == ({"in_range"}, "total and adjusted")
    assert status({**calcium("1.95", 38), **why}) == ({"low"}, "total and adjusted")


@pytest.mark.parametrize("why", UNRELIABLE, ids=lambda one: next(iter(one)))
def test_where_they_disagree_it_is_unknown_and_ionised_calcium_is_asked(why: Findings) -> None:
    found = pictures({**calcium("2.50", 32), **why})  # total 2.50 is within, adjusted 2.66 above

    assert may_be(found.patient, "calcium_status") is None
    assert "ca_ionised" in found.calcium.asks


def test_a_low_albumin_makes_the_adjustment_unreliable() -> None:
    assert status({**calcium("2.50", 29), **GOOD_KIDNEYS}) == (None, "total and adjusted")
    assert status({**calcium("2.50", 30), **GOOD_KIDNEYS}) == ({"raised"}, "adjusted")


def test_one_missing_in_kidney_disease_is_unknown() -> None:
    """No declared default where the adjustment is known to be unreliable."""
    for why in UNRELIABLE:
        assert status({"ca_total": mmol(Decimal("2.80")), **why})[0] is None


def test_albumin_of_another_day_adjusts_nothing() -> None:
    other_day = {"value": 30, "unit": "g/L", "date": "2026-02-20"}

    assert status({"ca_total": mmol(Decimal("2.50")), "albumin": other_day})[1] == "no albumin"


# --- the first declared default: no albumin -------------------------------------------------------
@pytest.mark.parametrize(("total", "is_"), [("2.14", "low"), ("2.40", "in_range"), ("2.60", "raised")])
def test_total_calcium_without_albumin_counts_as_its_position_and_is_marked(total: str, is_: str) -> None:
    assessed = judge({"ca_total": mmol(Decimal(total)), "ssc": True})

    assert may_be(assessed.pictures.patient, "calcium_status") == {is_}
    assert "provisional_no_albumin" in lesion(assessed).marks
    assert "albumin" in lesion(assessed).settle


def test_a_flag_without_a_number_counts_in_the_same_way() -> None:
    assert status({"ca_total": {"flag": "normal"}}) == ({"in_range"}, "no albumin")
    assert status({"ca_adjusted": {"flag": "high"}}) == ({"raised"}, "no albumin")


def test_with_albumin_the_mark_is_gone() -> None:
    assert "provisional_no_albumin" not in lesion(judge({**NORMAL_MINERALS, "ssc": True})).marks


def test_without_any_calcium_nothing_is_known_and_calcium_is_asked() -> None:
    found = pictures({"phosphate": mmol(1)})

    assert may_be(found.patient, "calcium_status") is None
    assert found.calcium.asks == ("ca_total", "albumin")


# --- an extreme value raises its emergency whatever is unknown ------------------------------------
def test_an_unknown_albumin_still_raises_an_extreme_calciums_emergency() -> None:
    """Albumin 15 to 60 g/L moves calcium by -0.40 to +0.50: 3.95 is at least 3.55, 1.35 at most 1.85."""
    assert spans(pictures({"ca_total": mmol(Decimal("3.95"))}).patient, "ca_adjusted") == [("3.55", "4.45")]
    assert "hypercalcaemia_crisis" in flags(judge({"ca_total": mmol(Decimal("3.95"))}))
    assert "hypocalcaemia_crisis" in flags(judge({"ca_total": mmol(Decimal("1.35"))}))


def test_unreliability_removes_within_never_danger() -> None:
    """On dialysis nothing says that calcium is in range, and 3.6 is an emergency all the same."""
    on_dialysis = judge({**calcium("3.60", 40), "on_dialysis": True})

    assert "hypercalcaemia_crisis" in flags(on_dialysis)


@pytest.mark.parametrize(
    "findings",
    [
        {"ca_ionised": mmol(Decimal("1.60"))},
        {**calcium("2.40", 40), "ca_ionised": mmol(Decimal("1.60"))},
        {**calcium("3.50", 60)},  # adjusted 3.10: total alone reaches its limit
        {**calcium("3.20", 25)},  # total 3.20: adjusted reaches 3.50
        {**calcium("2.40", 40), "ca_adjusted": mmol(Decimal("3.60"))},  # the laboratory's own adjusted value
    ],
)
def test_the_most_alarming_of_ionised_adjusted_and_total_counts(findings: Findings) -> None:
    assert "hypercalcaemia_crisis" in flags(judge(findings))


def test_a_laboratorys_own_adjusted_calcium_elsewhere_than_ours_is_a_contradiction() -> None:
    assessed = judge({**calcium("2.40", 40), **GOOD_KIDNEYS, "ca_adjusted": mmol(Decimal("3.60"))})

    assert [(one.fact, one.kind) for one in assessed.contradictions] == [("ca_adjusted", "results_disagree")]
    assert may_be(assessed.pictures.patient, "calcium_status") == {"in_range", "raised"}
    assert judge({**calcium("2.40", 40), "ca_adjusted": {"flag": "high", "date": "2026-03-01"}}).contradictions != ()
    assert judge({**calcium("2.40", 40), "ca_adjusted": mmol(Decimal("2.44"))}).contradictions == (), "another formula, the same verdict"


def test_a_newer_adjusted_calcium_counts_alone_and_an_older_one_does_not() -> None:
    newer = {"ca_total": mmol(Decimal("2.80"), "2026-02-01"), "albumin": {"value": 40, "unit": "g/L", "date": "2026-02-01"}}

    assert spans(pictures({**newer, "ca_adjusted": mmol(Decimal("2.40"))}).patient, "ca_adjusted") == [("2.40", "2.40")]
    assert spans(pictures({**calcium("2.80", 40), "ca_adjusted": mmol(Decimal("2.40"), "2026-02-01")}).patient, "ca_adjusted") == [
        ("2.80", "2.80")
    ]


def test_high_without_a_number_in_a_patient_with_symptoms_is_an_emergency() -> None:
    assert "hypercalcaemia_crisis" in flags(judge({"ca_total": {"flag": "high"}, "hypercalcaemia_symptoms": True}))
    assert "hypercalcaemia_crisis" not in flags(judge({"ca_total": {"flag": "high"}}))


def test_calcium_of_28_days_differs_from_an_adults() -> None:
    assert may_be(pictures({**calcium("2.70", 40), **GOOD_KIDNEYS}, age=30).patient, "calcium_status") == {"raised"}
    child = {
        **calcium("2.68", 40),
        "egfr_child": {"value": 100, "unit": "mL/min/{1.73_m2}"},
        "acid_base_disorder": False,
        "on_dialysis": False,
    }
    assert may_be(pictures(child, age=8).patient, "calcium_status") == {"in_range"}


# --- phosphate ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("value", "is_"), [("0.83", "low"), ("0.84", "in_range"), ("1.45", "in_range"), ("1.46", "raised")])
def test_phosphate_against_the_adult_range(value: str, is_: str) -> None:
    assert may_be(pictures({"phosphate": mmol(Decimal(value))}).patient, "phosphate_status") == {is_}


def test_a_raised_phosphate_of_a_bad_sample_says_nothing() -> None:
    """Haemolysed, delayed or not fasting: repeat. A value in range stays in range."""
    bad = {"phosphate_sample_unreliable": True}

    assert may_be(pictures({"phosphate": mmol(Decimal("1.9")), **bad}).patient, "phosphate_status") is None
    assert may_be(pictures({"phosphate": mmol(Decimal("1.1")), **bad}).patient, "phosphate_status") == {"in_range"}


def test_a_raised_phosphate_whose_sample_nobody_asked_about_counts_and_is_marked() -> None:
    unasked = judge({"phosphate": mmol(Decimal("1.9"))})
    asked = judge({"phosphate": mmol(Decimal("1.9")), "phosphate_sample_unreliable": False})

    assert may_be(unasked.pictures.patient, "phosphate_status") == {"raised"}
    assert "sample_quality_unasked" in lesion(unasked).marks
    assert "sample_quality_unasked" not in lesion(asked).marks


def test_one_raised_value_is_enough_though_the_other_is_missing_or_low() -> None:
    assert pictures({"phosphate": mmol(Decimal("1.9"))}).patient.truth("minerals_raised") is True
    assert pictures({"phosphate": mmol(Decimal("1.9")), "ca_total": mmol(Decimal("2.0"))}).patient.truth("minerals_raised") is True


def test_both_must_be_known_before_neither_is_raised() -> None:
    assert pictures({"phosphate": mmol(1)}).patient.truth("minerals_raised") is None
    assert pictures({"ca_total": mmol(Decimal("2.3"))}).patient.truth("minerals_raised") is None
    assert pictures({"phosphate": mmol(1), "ca_total": mmol(Decimal("2.3"))}).patient.truth("minerals_raised") is False


# --- raised once, barely --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("findings", "marks"),
    [
        ({"phosphate": mmol(Decimal("1.50"))}, {"raised_once", "provisional"}),  # 3.4 % above 1.45
        ({"phosphate": mmol(Decimal("1.60"))}, {"raised_once"}),  # 10 % above
        ({"phosphate": [mmol(Decimal("1.60"), "2026-01-10"), mmol(Decimal("1.60"))]}, set()),  # repeated
        ({"phosphate": mmol(Decimal("1.50")), "on_dialysis": True}, set()),  # mineral disease known
    ],
)
def test_one_raised_value_asks_for_a_second_and_barely_raised_is_provisional(findings: Findings, marks: set[str]) -> None:
    found = lesion(judge({**findings, "any_connective_tissue_disease": False})).marks

    assert set(found) & {"raised_once", "provisional"} == marks


# --- masked values --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "treatment",
    [
        "on_dialysis",
        "on_phosphate_binder",
        "on_calcimimetic",
        "drug_acetazolamide",
        "phosphate_restricted_diet",
        "calcium_lowering_drug_for_hypercalcaemia",
        "calcium_or_vitamin_d_for_hypoparathyroidism",
        "drug_sevelamer",
        "drug_cinacalcet",
    ],
)
def test_treatments_that_mask(treatment: str) -> None:
    assert pictures({treatment: True}).patient.truth("mineral_treatment_masks") is True


@pytest.mark.parametrize("drug", ["drug_prednisolone", "drug_alendronate", "drug_diltiazem", "drug_vitamin_d"])
def test_treatments_that_do_not_mask(drug: str) -> None:
    """Prednisolone, a bisphosphonate for calcinosis, diltiazem and vitamin D supplements do not count."""
    assert pictures({drug: True}).patient.truth("mineral_treatment_masks") is None
