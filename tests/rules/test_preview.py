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

    assert "unusual for Calcium" in look("ca_total", doubtful).warnings[0]
    assert look("ca_total", {**doubtful, "confirmed": True}).warnings == ()


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
