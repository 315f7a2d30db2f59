"""Numbers: the check values of the dossier (section k), exact conversion, and rounding half to even, once."""

from decimal import Decimal
from fractions import Fraction

import pytest

from clinical_rules import quantities
from clinical_rules.quantities import Interval, Unit, exact, scale, shown
from clinical_rules.release import load
from clinical_rules.tables import between
from tests.rules.bedside import may_be, mmol, pictures, spans

MG_DL = Fraction("88.4")
"""Creatinine, umol/L in one mg/dL."""


# --- formulas, with the dossier's check values ----------------------------------------------------
@pytest.mark.parametrize(
    ("sex", "age", "creatinine_mg_dl", "rate"),
    [
        ("male", 50, "1.0", "91.7"),
        ("female", 50, "1.0", "68.6"),
        ("female", 30, "0.6", "123.8"),
        ("male", 70, "2.5", "27.0"),
        ("female", 60, "6.0", "7.5"),
    ],
)
def test_filtration_of_an_adult_by_ckd_epi_2021(sex: str, age: int, creatinine_mg_dl: str, rate: str) -> None:
    assert shown(quantities.egfr_adult(Fraction(creatinine_mg_dl) * MG_DL, age, sex), 1) == rate


def test_filtration_of_a_child_by_bedside_schwartz() -> None:
    assert shown(quantities.egfr_child(Fraction("0.5") * MG_DL, Fraction(120)), 1) == "99.1"


@pytest.mark.parametrize(
    ("sex", "age", "weight", "creatinine_mg_dl", "clearance"), [("male", 70, 70, "1.4", "48.6"), ("female", 60, 55, "1.0", "51.9")]
)
def test_clearance_by_cockcroft_gault(sex: str, age: int, weight: int, creatinine_mg_dl: str, clearance: str) -> None:
    assert shown(quantities.creatinine_clearance(Fraction(creatinine_mg_dl) * MG_DL, age, Fraction(weight), sex), 1) == clearance


def test_calcium_adjusted_for_albumin_in_both_systems_of_units() -> None:
    assert quantities.adjusted_calcium(Fraction("2.10"), Fraction(30)) == Fraction("2.30")
    assert quantities.adjusted_calcium_conventional(Fraction("8.4"), Fraction("3.0")) == Fraction("9.2")


def test_calcium_phosphate_product_in_both_systems_of_units() -> None:
    product = quantities.calcium_phosphate_product(Fraction("2.40"), Fraction("1.90"))

    assert product == Fraction("4.56")
    assert shown(quantities.product_conventional(product), 1) == "56.6"


def test_sodium_in_25_g_of_thiosulfate() -> None:
    """As pentahydrate (248.2 g/mol) and as anhydrous salt (158.1): the two are shown side by side."""
    assert shown(quantities.sodium_of_thiosulfate(Fraction(25), "pentahydrate"), 0) == "201"
    assert shown(quantities.sodium_of_thiosulfate(Fraction(25), "anhydrous"), 0) == "316"


def test_phosphate_that_the_kidney_keeps() -> None:
    """All phosphate is kept when none is in the urine; half when its clearance is half that of creatinine."""
    assert quantities.tubular_reabsorption(Fraction(0), Fraction(1), Fraction(1), Fraction(10)) == 100
    assert quantities.tubular_reabsorption(Fraction(5), Fraction(1), Fraction(1), Fraction(10)) == 50


def test_ideal_weight_by_devine() -> None:
    assert shown(quantities.ideal_weight(Fraction(180), "male"), 1) == "75.0"
    assert shown(quantities.ideal_weight(Fraction(165), "female"), 1) == "56.9"
    assert quantities.ideal_weight(Fraction(140), "female") == Fraction("45.5"), "not below the value at 60 inches"


def test_height_at_which_a_weight_makes_an_index_of_30() -> None:
    assert shown(quantities.height_at_bmi_30(Fraction(120)), 1) == "200.0"


# --- conversion -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("analyte", "unit", "factor"),
    [
        ("ca_total", "mg/dL", "0.2495"),
        ("ca_adjusted", "mg/dL", "0.2495"),
        ("ca_ionised", "mg/dL", "0.2495"),
        ("phosphate", "mg/dL", "0.3229"),
        ("pth", "pg/mL", "0.1061"),
        ("vitd25", "ng/mL", "2.496"),
        ("creatinine", "mg/dL", "88.4"),
        ("magnesium", "mg/dL", "0.4114"),
        ("albumin", "g/dL", "10"),
        ("haemoglobin", "g/dL", "10"),
    ],
)
def test_one_of_the_other_unit_is_exactly_this_much(analyte: str, unit: str, factor: str) -> None:
    found = load().facts[analyte].unit_called(unit)

    assert found is not None
    assert found.factor == Fraction(factor)


def test_a_unit_is_recognised_in_any_case_blanks_and_micro_sign() -> None:
    micro = Unit("umol/L", Fraction(1), ("micromol/L",))

    assert all(micro.is_called(text) for text in ("umol/l", "\u00b5mol/L", "\u03bcmol/L", " umol / L", "MICROMOL/L"))
    assert not micro.is_called("mmol/L")


# --- rounding once, when a test compares ----------------------------------------------------------
def test_half_goes_to_the_even_neighbour() -> None:
    assert [scale(Fraction(text), 2) for text in ("1.445", "1.455", "1.4449", "1.4451")] == [144, 146, 144, 145]
    assert [scale(Fraction(text), 0) for text in ("0.5", "1.5", "-0.5")] == [0, 2, 0]


def test_45_mg_of_phosphate_is_145_mmol_and_not_above_145() -> None:
    """4.5 x 0.3229 = 1.45305 exactly; at two decimals it is 1.45, which is the limit and within."""
    patient = pictures({"phosphate": {"value": Decimal("4.5"), "unit": "mg/dL"}}).patient

    assert spans(patient, "phosphate") == [("1.45", "1.45")]
    assert may_be(patient, "phosphate_position") == {"within"}


def test_a_derived_quantity_is_worked_out_from_exact_values_and_rounded_once() -> None:
    """9.6 mg/dL is 2.3952; with albumin 3.2 g/dL: 2.3952 + 0.02 x 8 = 2.5552, shown 2.56. From 2.40 it would be the same by luck;
    9.5 mg/dL is 2.37025, adjusted 2.53025: 2.53.
    """
    for typed, adjusted in (("9.6", "2.56"), ("9.5", "2.53")):
        patient = pictures({"ca_total": {"value": Decimal(typed), "unit": "mg/dL"}, "albumin": {"value": Decimal("3.2"), "unit": "g/dL"}})
        assert spans(patient.patient, "ca_adjusted") == [(adjusted, adjusted)]


def test_an_interval_becomes_what_a_test_may_see() -> None:
    assert Interval(Fraction("0.044"), Fraction("0.056")).scaled(2) == between(4, 6)
    assert Interval(None, Fraction("1.5")).scaled(1) == between(None, 15)
    assert Interval.at(Fraction(3)).is_point
    assert not Interval(Fraction(1), Fraction(2)).is_point


# --- reading numbers ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "value"),
    [
        (3, 3),
        (0.1, Fraction(1, 10)),
        (Decimal("9.70"), Fraction("9.7")),
        (" 1.5 ", Fraction("1.5")),
        ("1e2", 100),
        (Fraction(1, 3), Fraction(1, 3)),
    ],
)
def test_a_number_is_taken_as_it_was_written(given: object, value: Fraction) -> None:
    assert exact(given) == value


@pytest.mark.parametrize("given", [True, None, "1,5", "", "nan", "inf", float("nan"), "1e400", "9" * 50, [1], "ten"])
def test_what_is_no_number_is_not_guessed(given: object) -> None:
    assert exact(given) is None


def test_decimals_are_counted_as_written() -> None:
    assert [quantities.decimals_of(one) for one in (3, "2.50", Decimal("2.0"), 0.25)] == [0, 2, 1, 2]


def test_the_product_is_shown_and_never_a_gate() -> None:
    """2.40 x 1.90 = 4.56; no row of any table asks for it [KDIGO2017]."""
    release = load()
    asked = {fact for table in release.tables.values() for fact in table.facts}
    asked |= {fact for one in release.treatments.values() if one.gates for fact in one.gates.facts}
    asked |= {fact for one in release.definitions.values() if one.table for fact in one.table.facts}

    found = [one for one in pictures({"ca_total": mmol(2.4), "phosphate": mmol(1.9)}).computed if one.key == "ca_x_p"]
    assert [(shown(one.value.low or Fraction(0), 2), one.also) for one in found] == [("4.56", "56.6 mg\u00b2/dL\u00b2")]
    assert "ca_x_p" not in asked


# --- units as people write them -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("mL/min/{1.73_m2}", "mL/min/1.73 m\u00b2"),
        ("umol/L", "\u00b5mol/L"),
        ("10*9/L", "10\u2079/L"),
        ("u[IU]/mL", "\u00b5IU/mL"),
        ("mg/dL{urea_nitrogen}", "mg/dL (urea nitrogen)"),
        ("wk", "weeks"),
        ("{score}", ""),
        (None, ""),
    ],
)
def test_a_unit_in_words(code: str | None, words: str) -> None:
    assert quantities.unit_in_words(code) == words


def test_every_unit_may_be_typed_as_it_is_shown() -> None:
    """What a list offers or a message names is understood, and as that unit alone."""
    for fact in load().facts.values():
        for unit in fact.units:
            words = quantities.unit_in_words(unit.code)
            assert not set(words) & set("{}[]*"), f"{fact.key}: {words}"
            assert not words or fact.unit_called(words) is unit, f"{fact.key}: {words}"
