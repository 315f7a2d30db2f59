"""Laboratory results, for every analyte and every band of the release: units, limits, positions, flags, age of a result."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import pytest

from clinical_rules.derive.results import read_results
from clinical_rules.errors import CaseError
from clinical_rules.facts import Band, Fact
from clinical_rules.findings import bands_touched, read_finding
from clinical_rules.findings.person import read_age
from clinical_rules.quantities import Unit, shown, unit_in_words
from clinical_rules.release import load
from tests.rules.bedside import case, judge, may_be, mmol, on_day, pictures, spans

ANALYTES = [fact for fact in load().facts.values() if fact.section == "laboratory"]
BANDS = [(fact, band) for fact in ANALYTES for band in fact.bands]
RANGES = [(fact, band) for fact, band in BANDS if band.low is not None or band.high is not None]


def named(value: Any) -> str:
    return value.key if isinstance(value, Fact) else value.row if isinstance(value, Band) else value.code if isinstance(value, Unit) else ""


def middle(fact: Fact) -> Fraction:
    """An ordinary value of the analyte, in its canonical unit."""
    band = fact.bands[-1]
    low = next(one for one in (band.low, band.soft_low, fact.hard[0]) if one is not None)
    high = next(one for one in (band.high, band.soft_high, fact.hard[1]) if one is not None)
    return (low + high) / 2


def typed(value: Fraction) -> Decimal:
    """A number as a person types it: four digits."""
    return Decimal(f"{float(value):.4g}")


def result(value: Fraction | Decimal, unit: str, **more: Any) -> dict[str, Any]:
    number = Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else value
    return {"value": number, "unit": unit, **more}


class Person(NamedTuple):
    age: dict[str, int]
    sex: str


def of_band(band: Band) -> Person:
    """Somebody in the middle of a band."""
    return Person({"age_days": min(sum(band.age_days) // 2, 30000)}, "female" if band.sex == "any" else band.sex)


def position(fact: Fact, raw: Any, age: Any = 48, sex: str | None = "female") -> set[Any] | None:
    return may_be(pictures({fact.key: raw}, age=age, sex=sex).patient, f"{fact.key}_position")


# --- units ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("fact", "unit"), [(fact, unit) for fact in ANALYTES for unit in fact.units], ids=named)
def test_each_unit_converts_exactly(fact: Fact, unit: Unit) -> None:
    number = typed(middle(fact) / unit.factor)

    read = read_finding(fact, result(number, unit.code))

    assert read.interval is not None
    assert read.interval.is_point
    assert read.interval.low == Fraction(number) * unit.factor
    assert (read.typed, read.unit) == (str(number), unit)


@pytest.mark.parametrize(("fact", "unit"), [(fact, unit) for fact in ANALYTES for unit in fact.units], ids=named)
def test_each_spelling_of_a_unit_means_it(fact: Fact, unit: Unit) -> None:
    assert [fact.unit_called(spelling) for spelling in (unit.code, *unit.spellings)] == [unit] * (1 + len(unit.spellings))


@pytest.mark.parametrize("fact", ANALYTES, ids=named)
def test_the_canonical_unit_is_one_of_the_units_with_factor_one(fact: Fact) -> None:
    assert fact.unit is not None
    assert [unit.factor for unit in fact.units if unit.code == fact.unit] == [1]


@pytest.mark.parametrize("fact", [fact for fact in ANALYTES if fact.needs_unit], ids=named)
def test_a_result_without_its_unit_is_refused(fact: Fact) -> None:
    for raw in (1, {"value": 1}):
        with pytest.raises(CaseError, match="a unit is required"):
            read_finding(fact, raw)


@pytest.mark.parametrize("fact", ANALYTES, ids=named)
def test_a_unit_of_another_world_is_refused(fact: Fact) -> None:
    with pytest.raises(CaseError, match="unit not known for") as caught:
        read_finding(fact, {"value": 1, "unit": "furlong"})
    assert caught.value.value == "furlong"


def test_mass_and_molar_units_are_bound_to_the_analyte() -> None:
    """1 mg/dL is 0.2495 mmol/L of calcium and 0.3229 of phosphate."""
    facts = load().facts
    values = [read_finding(facts[key], {"value": Decimal("5.0"), "unit": "mg/dL"}).interval for key in ("ca_total", "phosphate")]

    assert [one.low for one in values if one] == [Fraction("1.2475"), Fraction("1.6145")]


# --- hard limits ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("analyte", "value", "unit", "meant"),
    [
        ("ca_total", "9.8", "mmol/L", "mg/dL"),
        ("ca_total", "2.4", "mg/dL", "mmol/L"),
        ("ca_ionised", "4.8", "mmol/L", "mg/dL"),
        ("creatinine", "1.1", "umol/L", "mg/dL"),
        ("albumin", "3.8", "g/L", "g/dL"),
        ("albumin", "38", "g/dL", "g/L"),
        ("haemoglobin", "12.5", "g/L", "g/dL"),
        ("platelets", "250000", "10*9/L", "/uL"),
        ("urate", "6.1", "umol/L", "mg/dL"),
    ],
)
def test_an_impossible_value_is_refused_with_the_likely_slip(analyte: str, value: str, unit: str, meant: str) -> None:
    with pytest.raises(CaseError) as caught:
        read_finding(load().facts[analyte], {"value": Decimal(value), "unit": unit})

    assert (caught.value.key, caught.value.value) == (analyte, f"{value} {unit_in_words(unit)}")
    assert f"{value} looks like {unit_in_words(meant)}: choose that unit" in caught.value.say


@pytest.mark.parametrize("fact", [fact for fact in ANALYTES if fact.hard != (None, None)], ids=named)
def test_hard_limits_look_at_the_exact_value(fact: Fact) -> None:
    """The limits themselves are possible; a thousandth of a step beyond is not, though it rounds to the limit."""
    low, high = fact.hard
    beyond = Fraction(1, 1000 * 10**fact.precision)
    for limit, outside in ((low, -beyond), (high, beyond)):
        if limit is not None:
            assert read_finding(fact, result(limit, str(fact.unit))).interval is not None
            with pytest.raises(CaseError, match="impossible"):
                read_finding(fact, result(limit + outside, str(fact.unit)))


def test_hard_limits_belong_to_the_analyte_not_to_an_age() -> None:
    """A newborn's creatinine in an adult is unusual, not impossible."""
    raw = {"value": 10, "unit": "umol/L"}

    assert [one.fact for one in judge({"creatinine": raw}, age=60).warnings] == ["creatinine"]
    assert judge({"creatinine": raw}, age={"age_days": 3}).warnings == ()


# --- soft limits ----------------------------------------------------------------------------------
SOFT = [(fact, band) for fact, band in BANDS if band.soft_high is not None and (fact.hard[1] is None or band.soft_high < fact.hard[1])]


@pytest.mark.parametrize(("fact", "band"), SOFT, ids=named)
def test_an_unusual_value_counts_and_warns_unless_confirmed(fact: Fact, band: Band) -> None:
    assert band.soft_high is not None
    age, sex = of_band(band)
    step = Fraction(1, 10**fact.precision)
    above = result(band.soft_high + step, str(fact.unit))

    found = pictures({fact.key: above}, age=age, sex=sex)

    assert [(one.fact, one.lesion) for one in found.warnings] == [(fact.key, None)]
    assert f"unusual for {fact.label}" in found.warnings[0].say
    assert spans(found.patient, fact.key) is not None, "it counts"
    assert pictures({fact.key: {**above, "confirmed": True}}, age=age, sex=sex).warnings == []
    assert pictures({fact.key: result(band.soft_high, str(fact.unit))}, age=age, sex=sex).warnings == []


def test_below_a_limit_of_detection_is_not_unusual_in_itself() -> None:
    assert judge({"phosphate": mmol(Decimal("1.2"), comparator="<")}).warnings == ()
    assert [one.fact for one in judge({"phosphate": mmol(Decimal("0.5"), comparator="<")}).warnings] == ["phosphate"]


# --- positions ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("fact", "band"), RANGES, ids=named)
def test_at_a_limit_is_within_and_one_step_beyond_is_not(fact: Fact, band: Band) -> None:
    age, sex = of_band(band)
    step = Fraction(1, 10**fact.precision)
    unit = str(fact.unit)
    for limit, outside, beyond in ((band.low, -step, "below"), (band.high, step, "above")):
        if limit is None or (beyond == "below" and limit == fact.hard[0]):
            continue
        assert position(fact, result(limit, unit), age, sex) == {"within"}
        assert position(fact, result(limit + outside, unit), age, sex) == {beyond}


@pytest.mark.parametrize(("fact", "band"), BANDS, ids=named)
def test_every_band_is_reached_by_its_age_and_sex(fact: Fact, band: Band) -> None:
    for days in band.age_days:
        found = bands_touched(fact, read_age({"age_days": days}, on_day("2026-03-02")), None if band.sex == "any" else band.sex)
        assert [one.row for one in found] == [band.row]


@pytest.mark.parametrize("fact", ANALYTES, ids=named)
def test_bands_follow_each_other_without_gap_or_overlap(fact: Fact) -> None:
    for sex in ("female", "male"):
        ages = sorted(band.age_days for band in fact.bands if band.sex in ("any", sex))
        for (_, end), (start, _) in pairwise(ages):
            assert start == end + 1


def test_unknown_age_leaves_every_position_that_some_age_gives() -> None:
    """Phosphate 1.70 is normal at 5 years and high at 25 [DIASYS_P]; calcium 2.70 within at 1 year, high in an adult [DIASYS_CA]."""
    phosphate, calcium = load().facts["phosphate"], load().facts["ca_total"]
    high, ordinary = mmol(Decimal("1.70")), mmol(Decimal("2.70"))

    assert position(phosphate, high, age=5) == {"within"}
    assert position(phosphate, high, age=25) == {"above"}
    assert position(phosphate, high, age=None) == {"within", "above"}
    assert position(calcium, ordinary, age=1) == {"within"}
    assert position(calcium, ordinary, age=25) == {"above"}


def test_unknown_sex_leaves_both_ranges() -> None:
    creatinine = load().facts["creatinine"]
    raw = {"value": 100, "unit": "umol/L"}

    assert position(creatinine, raw, sex="male") == {"within"}
    assert position(creatinine, raw, sex="female") == {"above"}
    assert position(creatinine, raw, sex=None) == {"within", "above"}


def test_a_band_without_limits_gives_no_position() -> None:
    """Urate in a child: the source gives no range, so the laboratory's own is needed."""
    urate = load().facts["urate"]

    assert position(urate, {"value": 300, "unit": "umol/L"}, age=10) is None
    assert position(urate, {"value": 300, "unit": "umol/L", "low": 120, "high": 320}, age=10) == {"within"}


# --- the laboratory's own range -------------------------------------------------------------------
def test_the_laboratorys_own_range_wins_in_an_adult() -> None:
    phosphate = load().facts["phosphate"]

    assert position(phosphate, mmol(Decimal("1.5"))) == {"above"}
    assert position(phosphate, mmol(Decimal("1.5"), low=Decimal("0.8"), high=Decimal("1.6"))) == {"within"}
    assert position(phosphate, {"value": 5, "unit": "mg/dL", "low": Decimal("2.5"), "high": Decimal("5.2")}) == {"within"}


def test_under_18_a_range_that_reverses_the_age_band_is_a_contradiction() -> None:
    """An adult's upper limit, 1.45, printed beside a child's ordinary phosphate."""
    assessed = judge({"phosphate": mmol(Decimal("1.7"), low=Decimal("0.85"), high=Decimal("1.45"))}, age=5)

    assert [(one.fact, one.kind) for one in assessed.contradictions] == [("phosphate", "range_against_age")]
    assert may_be(assessed.pictures.patient, "phosphate_position") == {"within", "above"}


def test_under_18_a_range_of_its_own_that_agrees_is_no_contradiction() -> None:
    assert judge({"phosphate": mmol(Decimal("1.7"), low=Decimal("1.1"), high=Decimal("1.9"))}, age=5).contradictions == ()


def test_a_range_of_another_test_sets_the_result_aside() -> None:
    """Total calcium with the range of ionised calcium: it cannot be said which of the two was measured."""
    assessed = judge({"ca_total": mmol(Decimal("2.4"), low=Decimal("1.15"), high=Decimal("1.33"))})

    assert [(one.fact, one.kind) for one in assessed.contradictions] == [("ca_total", "range_of_another_test")]
    assert may_be(assessed.pictures.patient, "ca_total_position") is None
    assert spans(assessed.pictures.patient, "ca_total") is None


def test_a_range_upside_down_is_refused() -> None:
    with pytest.raises(CaseError, match="swap them"):
        judge({"phosphate": mmol(1, low=2, high=1)})


# --- flags ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("flag", "place"), [("low", "below"), ("normal", "within"), ("high", "above")])
def test_a_flag_without_a_number_sets_the_position_only(flag: str, place: str) -> None:
    patient = pictures({"phosphate": {"flag": flag}}).patient

    assert may_be(patient, "phosphate_position") == {place}
    assert spans(patient, "phosphate") is None, "numeric gates stay unknown"


def test_a_flag_against_its_number_is_a_contradiction_and_both_stay_possible() -> None:
    assessed = judge({"phosphate": mmol(Decimal("1.1"), flag="high")})

    assert [(one.fact, one.kind) for one in assessed.contradictions] == [("phosphate", "flag_against_range")]
    assert may_be(assessed.pictures.patient, "phosphate_position") == {"within", "above"}


def test_a_flag_is_held_against_the_results_own_range_first() -> None:
    own = mmol(Decimal("1.5"), low=Decimal("0.8"), high=Decimal("1.6"))

    assert judge({"phosphate": {**own, "flag": "normal"}}).contradictions == ()
    assert [one.kind for one in judge({"phosphate": {**own, "flag": "high"}}).contradictions] == ["flag_against_range"]


def test_a_flag_on_a_derived_quantity_sets_nothing_on_its_parts() -> None:
    patient = pictures({"ca_adjusted": {"flag": "high"}}).patient

    assert may_be(patient, "ca_adjusted_position") == {"above"}
    assert may_be(patient, "ca_total_position") is None
    assert may_be(patient, "albumin_position") is None


# --- comparators ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("comparator", "interval", "place"),
    [
        ("<", ("0.10", "1.44"), {"below", "within"}),
        ("<=", ("0.10", "1.45"), {"below", "within"}),
        (">", ("1.46", "10.00"), {"above"}),
        (">=", ("1.45", "10.00"), {"within", "above"}),
    ],
)
def test_a_comparator_leaves_an_interval(comparator: str, interval: tuple[str, str], place: set[str]) -> None:
    patient = pictures({"phosphate": mmol(Decimal("1.45"), comparator=comparator)}).patient

    assert spans(patient, "phosphate") == [interval]
    assert may_be(patient, "phosphate_position") == place


def test_an_unknown_comparator_is_refused() -> None:
    with pytest.raises(CaseError, match="a comparator is one of: < <= > >="):
        judge({"phosphate": mmol(1, comparator="~")})


# --- how old a result is, and several of them -----------------------------------------------------
@pytest.mark.parametrize("fact", ANALYTES, ids=named)
def test_a_result_counts_for_90_days(fact: Fact) -> None:
    """On 2 March 2026: the result of 2 December 2025 is 90 days old and counts; that of 1 December does not, and is still shown."""
    number = result(typed(middle(fact)), str(fact.unit))
    read = [
        read_results(fact, [_taken(fact, number, day)], on_day("2026-03-02"), read_age({"age_years": 48}, on_day("2026-03-02")), "female")
        for day in ("2025-12-02", "2025-12-01")
    ]

    assert fact.shelf_life_days == 90
    assert [(one.state, len(one.too_old)) for one in read] == [("known", 0), ("too_old", 1)]


def _taken(fact: Fact, number: dict[str, Any], day: str) -> Any:
    return read_finding(fact, {**number, "date": day})


def test_the_newest_result_counts() -> None:
    patient = pictures({"phosphate": [mmol(Decimal("1.9"), "2026-01-05"), mmol(Decimal("1.1"), "2026-03-01")]}).patient

    assert spans(patient, "phosphate") == [("1.10", "1.10")]
    assert may_be(patient, "phosphate_position") == {"within"}


def test_a_result_of_tomorrow_is_not_yet_known() -> None:
    assert spans(pictures({"phosphate": mmol(Decimal("1.9"), "2026-03-03")}).patient, "phosphate") is None


def test_two_results_of_one_day_that_disagree_leave_both() -> None:
    assessed = judge({"phosphate": [mmol(Decimal("1.4")), mmol(Decimal("1.6"))]})

    assert [(one.fact, one.kind, len(one.findings)) for one in assessed.contradictions] == [("phosphate", "results_disagree", 2)]
    assert spans(assessed.pictures.patient, "phosphate") == [("1.40", "1.40"), ("1.60", "1.60")]
    assert may_be(assessed.pictures.patient, "phosphate_position") == {"within", "above"}


def test_two_results_of_one_day_that_agree_are_no_contradiction() -> None:
    assert judge({"phosphate": [mmol(Decimal("1.1")), mmol(Decimal("1.2"))]}).contradictions == ()


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("2026-03-01", "2026-03-01", True),
        ("2026-03-01", "2026-02-28", False),
        ("2026-03-01T10:00", "2026-02-28T12:00", True),
        ("2026-03-01T10:00", "2026-02-28T09:00", False),
        ("2026-03-01", "2026-02-28T15:00", False),
        ("2026-03-01T10:00", "2026-03-01", True),
    ],
)
def test_within_24_hours_for_dates_without_a_time_means_the_same_date(one: str, other: str, together: bool) -> None:
    assessed = judge({"phosphate": [mmol(Decimal("1.1"), one), mmol(Decimal("1.9"), other)]})

    assert bool(assessed.contradictions) is together
    albumin = {"value": 30, "unit": "g/L", "date": other}
    adjusted = [seen.key for seen in pictures({"ca_total": mmol(Decimal("2.1"), one), "albumin": albumin}).computed]
    assert ("ca_adjusted" in adjusted) is together, "albumin must lie within 24 hours of the calcium it adjusts"


def test_what_was_not_done_says_nothing() -> None:
    for state in ("not_done", "unknown"):
        assert pictures({"phosphate": {"state": state}}).patient.get("phosphate") is None


def test_an_undated_result_counts_as_taken_on_the_day() -> None:
    read = pictures({"phosphate": {"value": Decimal("1.1"), "unit": "mmol/L"}}).readings["phosphate"]

    assert [(str(one.taken and one.taken.date()), one.dated) for one in read.results] == [("2026-03-02", False)]


def test_the_value_is_shown_at_the_precision_of_its_limit() -> None:
    facts = load().facts
    assert {key: facts[key].precision for key in ("ca_total", "phosphate", "albumin", "creatinine", "potassium")} == {
        "ca_total": 2,
        "phosphate": 2,
        "albumin": 0,
        "creatinine": 0,
        "potassium": 1,
    }
    for fact, band in RANGES:
        if band.high is not None:
            assert Fraction(shown(band.high, fact.precision)) == band.high, "a limit is never rounded away"


def test_the_case_is_refused_as_a_whole_when_one_value_is_impossible() -> None:
    document = case({"phosphate": mmol(1), "ca_total": mmol(Decimal("9.8"))})

    with pytest.raises(CaseError, match=r"case test: ca_total: 9\.8 mmol/L: impossible"):
        judge(document["patient"]["findings"])
