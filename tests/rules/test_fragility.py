"""What makes a result fragile, and flip points held against judging every value there is."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from clinical_rules.assessment import Assessment, assess
from clinical_rules.classification import Fragility, Outcome
from clinical_rules.findings import read_case
from clinical_rules.fragility import FlipPoint, flip_points
from clinical_rules.fragility.flips import Side, outcomes
from clinical_rules.quantities import unscale
from clinical_rules.release import Release, load
from tests.rules.bedside import (
    NO_AUTOIMMUNE,
    NO_LOCAL_CAUSE,
    NO_MINERAL_HISTORY,
    NORMAL_MINERALS,
    YESTERDAY,
    Findings,
    case,
    judge,
    lesion,
    mmol,
)

RELEASE = load()
SSC: Findings = {**NORMAL_MINERALS, **NO_MINERAL_HISTORY, "ssc": True}
"""Systemic sclerosis: dystrophic while calcium and phosphate are in range, mixed when one of them is raised."""
HERE: Findings = {**{key: value for key, value in NO_LOCAL_CAUSE.items() if RELEASE.facts[key].scope == "lesion"}, "site": "finger"}


def fragile(found: Assessment, name: str = "L1") -> list[tuple[str, str, str | None, str]]:
    """Fact, why, at and side of everything that makes a lesion fragile."""
    return [(one.fact, one.why, None if one.at is None else str(float(one.at)), one.side) for one in lesion(found, name).fragile]


def why(found: Assessment, fact: str, reason: str) -> Fragility:
    [one] = [one for one in lesion(found).fragile if (one.fact, one.why) == (fact, reason)]
    return one


def points(found: Assessment) -> tuple[FlipPoint, ...]:
    return flip_points(RELEASE, found.pictures, found.lesions)


# --- the method's error ---------------------------------------------------------------------------
def test_a_value_just_above_its_limit_is_fragile_and_says_where_it_turns() -> None:
    found = judge({**SSC, "phosphate": mmol(1.47)}, HERE)

    assert (lesion(found).type, "fragile" in lesion(found).marks) == ("mixed", True)
    one = why(found, "phosphate", "error")
    assert (one.value, one.at, one.side, one.to.type) == (Fraction(147, 100), Fraction(145, 100), "below", "dystrophic")
    assert str(one.taken) == YESTERDAY
    assert lesion(judge({**SSC, "phosphate": mmol(1.45)}, HERE)).type == "dystrophic", "it is so when it is entered"
    assert lesion(judge({**SSC, "phosphate": mmol(1.46)}, HERE)).type == "mixed", "and not one step before"


def test_a_value_just_below_its_limit_is_fragile_as_well() -> None:
    one = why(judge({**SSC, "phosphate": mmol(1.40)}, HERE), "phosphate", "error")

    assert (one.at, one.side, one.to.type) == (Fraction(146, 100), "above", "mixed")


def test_in_the_middle_nothing_is_fragile() -> None:
    found = judge(SSC, HERE)

    assert (lesion(found).marks.count("fragile"), lesion(found).fragile) == (0, ())


@pytest.mark.parametrize(("value", "is_fragile"), [("1.35", False), ("1.36", True)])
def test_the_error_reaches_exactly_as_far_as_it_is_stated(value: str, is_fragile: bool) -> None:
    """8 per cent of 1.35 reach 1.458, and the next value above the limit is 1.46; those of 1.36 reach 1.4688."""
    found = judge({**SSC, "phosphate": mmol(Decimal(value))}, HERE)

    assert ("fragile" in lesion(found).marks) is is_fragile


ADJUSTED: Findings = {**SSC, "ca_total": mmol(Decimal("2.50")), "albumin": {"value": 33, "unit": "g/L", "date": YESTERDAY}}
"""2.50 + 0.02 x (40 - 33) is 2.64: above the range of 2.20 to 2.60 that release 1 has for adjusted calcium."""


def test_albumin_makes_a_calcium_fragile_that_it_adjusts() -> None:
    found = judge(ADJUSTED, HERE)

    assert lesion(found).type == "mixed"
    assert why(found, "albumin", "error").at == 35, "2.50 + 0.02 x (40 - 35) is 2.60, within the range"
    assert why(found, "ca_total", "error").at == Fraction("2.46"), "2.46 adjusts to 2.60, within the range"


def test_creatinine_decides_whether_the_adjustment_counts() -> None:
    """Under a filtration of 60 total and adjusted calcium must agree, which they do not here."""

    def with_creatinine(value: int) -> Assessment:
        return judge({**ADJUSTED, "creatinine": {"value": value, "unit": "umol/L", "date": YESTERDAY}}, HERE)

    found = with_creatinine(98)
    [one] = [one for one in lesion(found).fragile if one.fact == "creatinine"]
    assert (one.why, one.side, one.to.status) == ("error", "above", "open")
    assert one.at is not None
    assert lesion(with_creatinine(int(one.at))).outcome == one.to
    assert lesion(with_creatinine(int(one.at) - 1)).outcome == lesion(found).outcome


# --- another unit ---------------------------------------------------------------------------------
def test_a_phosphate_that_would_be_ordinary_in_the_other_unit_is_fragile_until_it_is_confirmed() -> None:
    doubtful, sure = (judge({**SSC, "phosphate": mmol(Decimal("3.50"), confirmed=confirmed)}, HERE) for confirmed in (False, True))

    one = why(doubtful, "phosphate", "unit")
    assert (one.other, one.at, one.side, one.to.type) == ("mg/dL", Fraction("3.5") * Fraction("0.3229"), "below", "dystrophic")
    assert fragile(sure) == []


def test_a_number_that_is_ordinary_in_one_unit_only_is_not_fragile() -> None:
    assert fragile(judge({**SSC, "phosphate": {"value": Decimal("6.5"), "unit": "mg/dL", "date": YESTERDAY}}, HERE)) == []


# --- another range --------------------------------------------------------------------------------
def test_the_laboratorys_own_range_against_that_of_the_age() -> None:
    found = judge({**SSC, "phosphate": mmol(Decimal("1.70"), low=Decimal("0.8"), high=Decimal("1.9"))}, HERE)

    assert lesion(found).type == "dystrophic"
    one = why(found, "phosphate", "range")
    assert (one.at, one.other, one.to.type) == (None, "phosphate.9", "mixed")


def test_the_next_band_in_age_counts_near_its_border_only() -> None:
    value = {**SSC, "phosphate": mmol(Decimal("1.53"), confirmed=True)}
    near, far = (judge(value, HERE, age={"age_days": days}) for days in (6600, 8000))

    assert (lesion(near).type, why(near, "phosphate", "range").other) == ("mixed", "phosphate.8")
    assert "range" not in {one.why for one in lesion(far).fragile}


def test_the_other_sex_where_the_range_is_of_one_sex() -> None:
    content = {**RELEASE.content}
    content["laboratory"] = [_by_sex(block) if block["key"] == "phosphate" else block for block in content["laboratory"]]
    found = assess(case({**SSC, "phosphate": mmol(Decimal("1.70"))}, HERE, sex="female"), Release(content))

    assert lesion(found).type == "mixed"
    assert [(one.other, one.to.type) for one in lesion(found).fragile if one.why == "range"] == [("phosphate.male", "dystrophic")]


def _by_sex(block: Mapping[str, Any]) -> dict[str, Any]:
    """A phosphate range that reaches higher in men."""
    adult = block["bands"][-1]
    men = {**adult, "row": "phosphate.male", "sex": "male", "reference": ["0.84", "1.80"]}
    return {**block, "bands": [*block["bands"][:-1], {**adult, "sex": "female"}, men]}


# --- what is not known, what contradicts itself, several lesions ----------------------------------
def test_without_an_age_every_range_counts_already_and_no_other_is_tried() -> None:
    found = judge({**SSC, "phosphate": mmol(1.47)}, HERE, age={})

    assert {one.why for one in lesion(found).fragile} <= {"error"}
    for one in lesion(found).fragile:
        assert lesion(judge({**SSC, "phosphate": mmol(Decimal(str(float(one.at or 0))))}, HERE, age={})).outcome == one.to


def test_results_that_contradict_each_other_are_to_be_repeated_not_weighed() -> None:
    found = judge({**SSC, "phosphate": [mmol(1.40), mmol(1.60)]}, HERE)

    assert "contradiction" in lesion(found).marks
    assert "phosphate" not in {one.fact for one in lesion(found).fragile}
    assert "phosphate" not in {one.fact for one in points(found)}


def test_of_two_results_that_agree_each_is_weighed_alone() -> None:
    found = judge({**SSC, "phosphate": [mmol(1.47), mmol(1.50)]}, HERE)

    assert sorted((float(one.value), float(one.at or 0)) for one in lesion(found).fragile) == [(1.47, 1.45), (1.5, 1.45)]
    assert {one.to.status for one in lesion(found).fragile} == {"open"}, "the other one still says raised"


def test_only_the_lesion_that_changes_is_marked() -> None:
    found = judge({**SSC, "phosphate": mmol(1.47)}, HERE, {"extravasation_ca": True, "site": "forearm"})

    assert (lesion(found, "L1").type, lesion(found, "L2").type) == ("mixed", "iatrogenic")
    assert ["fragile" in one.marks for one in found.lesions] == [True, False]


def test_the_mark_is_part_of_the_result_and_the_reasons_are_not() -> None:
    plain = judge({**SSC, "phosphate": mmol(1.47)}, HERE).as_json()["lesions"][0]

    assert ("fragile" in plain["marks"], "fragile" in plain) == (True, False)


# --- against judging every value ------------------------------------------------------------------
SCANNED: Iterable[tuple[str, Findings, Findings]] = [
    ("phosphate", {**SSC, "phosphate": mmol(Decimal("1.47"))}, HERE),
    ("phosphate", {**NORMAL_MINERALS, **NO_AUTOIMMUNE, **NO_MINERAL_HISTORY, "phosphate": mmol(Decimal("1.00"))}, HERE),
    ("albumin", ADJUSTED, HERE),
    ("ca_total", {key: value for key, value in SSC.items() if key != "albumin"}, HERE),
]


@pytest.mark.parametrize(("key", "patient", "here"), SCANNED, ids=lambda one: one if isinstance(one, str) else "")
def test_flip_points_are_those_of_a_scan_over_every_value(key: str, patient: Findings, here: Findings) -> None:
    """Within the soft limits; ``python3 -m tests.rules.flip_scan`` goes through all that may be entered, in every case."""
    low, high = RELEASE.facts[key].soft
    assert low is not None and high is not None
    told = {(one.lesion, one.side): (one.at, one.to) for one in points(judge(patient, here)) if one.fact == key and low <= one.at <= high}

    assert told == scan(key, patient, here)
    assert told


def scan(key: str, patient: Findings, here: Findings) -> dict[tuple[str, Side], tuple[Fraction, Outcome]]:
    """For each lesion and side, the nearest value at which the case, entered anew, has another status, type or candidates."""
    fact = RELEASE.facts[key]
    now = entered(patient, here)
    start, (low, high) = Fraction(str(patient[key]["value"])), fact.soft
    assert low is not None and high is not None
    found: dict[tuple[str, Side], tuple[Fraction, Outcome]] = {}
    steps = int(start * 10**fact.precision)
    ways: dict[Side, Iterable[int]] = {
        "below": range(steps - 1, int(low * 10**fact.precision) - 1, -1),
        "above": range(steps + 1, int(high * 10**fact.precision) + 1),
    }
    for side, values in ways.items():
        for value in values:
            number = unscale(value, fact.precision)
            for name, outcome in entered({**patient, key: {**patient[key], "value": number}}, here).items():
                if outcome != now[name]:
                    found.setdefault((name, side), (Fraction(number), outcome))
    return found


def entered(patient: Findings, here: Findings) -> dict[str, Outcome]:
    return outcomes(read_case(case(patient, here), RELEASE.facts), RELEASE)


def test_every_reason_of_every_case_of_the_release_holds_when_it_is_entered() -> None:
    """A mark is only given where the real assessment changes."""
    seen = 0
    for document in RELEASE.content["cases"]:
        found = assess(document, RELEASE, on=date(2026, 3, 2))
        for one in found.lesions:
            for reason in one.fragile:
                seen += 1
                assert reason.to != one.outcome
                assert ("fragile" in one.marks) is True
    assert seen > 3
