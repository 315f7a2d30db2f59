"""One field as it is left, against values worked out by hand."""

from datetime import date
from typing import Any

import pytest

from clinical_rules.errors import CaseError
from clinical_rules.explanation.preview import Preview, preview
from clinical_rules.release import load

ON = date(2026, 3, 2)
VERA = {"birth_date": "1961-05-04", "sex": "female"}


def look(key: str, raw: Any, patient: dict[str, Any] = VERA) -> Preview:
    return preview(load(), key, raw, ON, patient)


def test_a_result_is_converted_and_placed() -> None:
    seen = look("phosphate", {"value": 9.7, "unit": "mg/dL", "date": "2026-03-01"})

    assert (seen.shown, seen.canonical, seen.unit, seen.position) == ("9.7 mg/dL", "3.13", "mmol/L", "above")
    assert "1.45" in seen.reference_range


def test_45_mg_of_phosphate_is_not_above_the_limit() -> None:
    assert (look("phosphate", {"value": 4.5, "unit": "mg/dL"}).canonical, look("phosphate", {"value": 4.5, "unit": "mg/dL"}).position) == (
        "1.45",
        "within",
    )


def test_the_laboratorys_own_range_wins() -> None:
    seen = look("phosphate", {"value": 1.5, "unit": "mmol/L", "low": 0.8, "high": 1.6})

    assert seen.position == "within"
    assert "laboratory's own" in seen.reference_range


def test_an_unknown_age_leaves_every_position_open() -> None:
    assert look("phosphate", {"value": 1.6, "unit": "mmol/L"}, {"sex": None}).position == "within or above"


def test_a_flag_alone_sets_the_position() -> None:
    seen = look("phosphate", {"flag": "high"})

    assert (seen.shown, seen.canonical, seen.position) == ("", "", "above")


def test_a_flag_against_its_number_is_doubted() -> None:
    seen = look("phosphate", {"value": 1.0, "unit": "mmol/L", "flag": "high"})

    assert seen.position == "within or above"
    assert seen.warnings == ("the flag contradicts the number and its range: check it",)


def test_a_doubtful_value_asks_until_it_is_confirmed() -> None:
    doubtful = {"value": 4.6, "unit": "mmol/L"}

    assert look("ca_total", doubtful).doubt.startswith("4.6 mmol/L is unusual: check value and unit.")
    assert look("ca_total", {**doubtful, "confirmed": True}).doubt == ""


def test_a_doubt_names_the_unit_in_which_the_number_would_be_ordinary() -> None:
    assert look("phosphate", {"value": 4, "unit": "mmol/L"}).doubt.endswith("The number would be ordinary in mg/dL.")


@pytest.mark.parametrize(
    ("key", "comparator", "value", "unit", "shown"),
    [
        ("crp", "<", 5, "mg/L", "<5"),
        ("vitd25", "<", 12, "nmol/L", "<12"),
        ("vitd25", "<", 5, "ng/mL", "<12.5"),
        ("vitd25", ">", 100, "ng/mL", ">249.6"),
        ("phosphate", "<=", 4.5, "mg/dL", "<=1.453"),
        ("phosphate", ">=", 1, "mmol/L", ">=1.00"),
    ],
)
def test_a_limit_is_shown_as_the_limit_that_was_reported(key: str, comparator: str, value: float, unit: str, shown: str) -> None:
    assert look(key, {"value": value, "comparator": comparator, "unit": unit}).canonical == shown


def test_a_range_with_one_end_is_said_in_words() -> None:
    assert look("egfr", {"value": 12, "unit": "mL/min/{1.73_m2}"}).reference_range == "60 mL/min/1.73 m\u00b2 or more"


@pytest.mark.parametrize(
    ("key", "unit", "patient", "said"),
    [
        ("phosphate", "mmol/L", {"sex": "female"}, "depends on age and sex: 0.84\u20132.50 mmol/L; add the birth date"),
        ("phosphate", "mmol/L", {}, "depends on age and sex: 0.84\u20132.50 mmol/L; add the birth date"),
        ("ck", "U/L", {"birth_date": "1961-05-04"}, "add the sex"),
        ("ck", "U/L", {}, "add the birth date and the sex"),
    ],
)
def test_without_an_age_the_range_is_one_and_says_what_to_add(key: str, unit: str, patient: dict[str, Any], said: str) -> None:
    assert look(key, {"value": 2, "unit": unit}, patient).reference_range.endswith(said)


@pytest.mark.parametrize(
    ("key", "raw", "said"),
    [
        ("egfr", {"value": 12, "unit": "g"}, "use one of mL/min/1.73 m\u00b2"),
        ("creatinine", {"value": 80}, "one of \u00b5mol/L"),
        ("creatinine", {"value": 100000, "unit": "umol/L"}, "\u00b5mol/L"),
    ],
)
def test_messages_write_units_as_people_do(key: str, raw: Any, said: str) -> None:
    with pytest.raises(CaseError) as caught:
        look(key, raw)
    assert said in caught.value.say
    assert "{" not in caught.value.say


def test_an_old_result_says_that_it_does_not_count() -> None:
    seen = look("phosphate", {"value": 1.0, "unit": "mmol/L", "date": "2025-03-01"})

    assert (seen.canonical, seen.position) == ("1.00", "")
    assert seen.warnings == ("older than 90 days: it is shown, and counts as not known",)


def test_an_answer_has_nothing_to_convert() -> None:
    assert look("painful", True) == Preview("painful")
    assert look("phosphate", {"state": "not_done"}) == Preview("phosphate")


@pytest.mark.parametrize(
    ("key", "raw", "remedy"),
    [
        ("ca_total", {"value": 9.8, "unit": "mmol/L"}, "looks like mg/dL"),
        ("ca_total", {"value": 9.8}, "a unit is required"),
        ("phosphat", True, "did you mean phosphate"),
        ("painful", 3, "true or false"),
    ],
)
def test_what_cannot_be_counted_is_refused(key: str, raw: Any, remedy: str) -> None:
    with pytest.raises(CaseError, match=remedy) as caught:
        look(key, raw)
    assert caught.value.lesion is None
