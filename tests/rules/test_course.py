"""The course of one fact: each result judged at the age of its own day, and what counts today."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from clinical_rules.explanation.course import BEFORE_BIRTH, Course, course, ranges_over_time
from clinical_rules.release import load

RELEASE = load()
BORN = date(2013, 1, 1)
CHILD = {"birth_date": BORN.isoformat(), "sex": "female"}
WOMAN = {"birth_date": "1961-05-04", "sex": "female"}
TODAY = date(2026, 3, 20)


def of(key: str, *raws: Any, patient: dict[str, Any] = WOMAN, on: date = TODAY, corrected: frozenset[int] = frozenset()) -> Course:
    return course(RELEASE, key, raws, patient, on, corrected)


def on(day: date, value: float = 1.70, unit: str = "mmol/L", **rest: Any) -> dict[str, Any]:
    return {"value": value, "unit": unit, "date": day.isoformat(), **rest}


@pytest.mark.parametrize("band", RELEASE.facts["phosphate"].bands, ids=lambda band: band.row)
def test_each_edge_of_a_band_is_a_day_of_its_age(band: Any) -> None:
    """The last day of a band is judged by it and drawn within it; the day before the first is not."""
    first, last = (BORN + timedelta(days=days) for days in band.age_days)
    last = min(last, date(2100, 1, 1))
    just_over = float(band.high) + 0.01
    for day in (first, last):
        [one] = of("phosphate", on(day, just_over), patient=CHILD, on=day).results
        [held] = [stretch for stretch in ranges_over_time(RELEASE, "phosphate", CHILD) if stretch.start <= day <= stretch.end]
        assert one.positions == ("above",)
        assert (held.row, held.low, held.high) == (band.row, band.low, band.high)


def test_the_same_value_changes_its_place_on_a_birthday() -> None:
    last_day = BORN + timedelta(days=4747)
    before, after = of("phosphate", on(last_day), on(last_day + timedelta(days=1)), patient=CHILD).results
    assert (before.positions, after.positions) == (("within",), ("above",))


def test_stretches_follow_each_other_without_gap_or_overlap() -> None:
    for fact in RELEASE.facts.values():
        stretches = ranges_over_time(RELEASE, fact.key, CHILD)
        for one, following in zip(
            sorted(stretches, key=lambda one: one.start), sorted(stretches, key=lambda one: one.start)[1:], strict=False
        ):
            assert following.start == one.end + timedelta(days=1), fact.key


def test_units_are_converted_exactly_as_the_rules_do() -> None:
    [one] = of("phosphate", on(TODAY, 4.5, "mg/dL")).results
    assert one.value == Fraction("4.5") * RELEASE.facts["phosphate"].unit_called("mg/dL").factor
    assert one.canonical == "1.45 mmol/L"
    assert one.positions == ("within",)


def test_a_limit_is_the_limit_that_was_reported() -> None:
    [one] = of("crp", on(TODAY, 5, "mg/L", comparator="<")).results
    assert (one.value, one.comparator, one.canonical) == (5, "<", "<5 mg/L")


def test_a_limit_in_another_unit_is_converted() -> None:
    [one] = of("phosphate", on(TODAY, 2, "mg/dL", comparator="<")).results
    assert one.value == 2 * RELEASE.facts["phosphate"].unit_called("mg/dL").factor
    assert one.comparator == "<"


def test_the_laboratorys_own_range_wins() -> None:
    [by_age] = of("phosphate", on(TODAY, 1.40)).results
    [by_own] = of("phosphate", on(TODAY, 1.40, low=0.8, high=1.3)).results
    assert (by_age.positions, by_own.positions) == (("within",), ("above",))
    assert (by_own.low, by_own.high) == (Fraction("0.8"), Fraction("1.3"))
    assert by_own.own_range.startswith("0.80")


def test_a_flag_places_without_a_number() -> None:
    [one] = of("phosphate", {"flag": "high", "date": TODAY.isoformat()}).results
    assert (one.value, one.flag, one.positions, one.standing) == (None, "high", ("above",), "counts")


def test_what_counts_today_and_why_the_others_do_not() -> None:
    found = of(
        "phosphate", on(TODAY - timedelta(days=91)), on(TODAY - timedelta(days=30)), on(TODAY, 2.9), on(TODAY), corrected=frozenset({2})
    )
    assert [one.standing for one in found.results] == ["too_old", "overtaken", "corrected", "counts"]
    assert found.state == "known"


def test_results_of_one_day_that_disagree_count_and_are_called_contradictory() -> None:
    found = of("phosphate", on(TODAY, 1.1), on(TODAY, 2.4))
    assert [one.standing for one in found.results] == ["counts", "counts"]
    assert found.state == "contradictory"
    assert "disagree" in found.clash


def test_a_range_of_another_test_leaves_its_result_out() -> None:
    found = of("ca_ionised", on(TODAY, 1.2, low=2.15, high=2.57))
    assert found.results[0].standing == "left_out"
    assert "another test" in found.results[0].clash


def test_of_what_no_laboratory_measures_only_the_newest_counts() -> None:
    found = of("weight", on(TODAY, 70, "kg"), on(TODAY, 71, "kg"))
    assert [one.standing for one in found.results] == ["overtaken", "counts"]


def test_unknown_person_leaves_every_possible_range() -> None:
    nobody: dict[str, Any] = {"sex": None}
    stretches = ranges_over_time(RELEASE, "phosphate", nobody)
    assert len(stretches) == len(RELEASE.facts["phosphate"].bands)
    assert {one.start for one in stretches} == {None}
    assert of("phosphate", on(TODAY, 1.50), patient=nobody).results[0].positions == ("within", "above")
    assert {one.sex for one in ranges_over_time(RELEASE, "creatinine", {**WOMAN, "sex": None})} == {"", "male", "female"}


def test_a_result_before_birth_is_kept_and_not_placed() -> None:
    [one] = of("phosphate", on(BORN - timedelta(days=1)), patient=CHILD).results
    assert (one.positions, one.say) == ((), BEFORE_BIRTH)


def test_what_the_release_would_refuse_today_is_kept_with_the_reason() -> None:
    refused, kept = of("phosphate", on(TODAY, 99), on(TODAY)).results
    assert refused.standing == "refused"
    assert "impossible" in refused.say
    assert kept.standing == "counts"


def test_not_done_is_no_result() -> None:
    found = of("phosphate", {"state": "not_done", "date": TODAY.isoformat()})
    assert (found.results[0].standing, found.state) == ("no_result", "unknown")
