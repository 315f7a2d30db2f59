"""Filtration and clearance computed from creatinine: CKD-EPI 2021, bedside Schwartz, Cockcroft-Gault."""

from collections.abc import Iterable
from fractions import Fraction

from clinical_rules.derive.results import Reading
from clinical_rules.findings import Age
from clinical_rules.quantities import (
    Interval,
    creatinine_clearance,
    egfr_adult,
    egfr_child,
    height_at_bmi_30,
    ideal_weight,
)

SEXES = ("female", "male")


def points(reading: Reading) -> list[Fraction]:
    """Both ends of every result that counts; a result open on one side gives nothing to compute with."""
    found = [end for one in reading.results if one.interval for end in (one.interval.low, one.interval.high)]
    return [end for end in found if end is not None and end > 0] if None not in found else []


def filtration(creatinine: Reading, height: Reading, age: Age, sex: str | None) -> Interval | None:
    """Estimated GFR, mL/min/1.73 m2: adults by CKD-EPI 2021, from one to 18 years by bedside Schwartz."""
    values = points(creatinine)
    if not values or age.years is None:
        return None
    years = _adult_years(age)
    rates = [egfr_adult(value, year, one) for value in values for year in years for one in _sexes(sex)]
    if age.years[0] < 18:
        heights = points(height)
        if not heights or age.days is None or age.days[0] < 365:
            return None
        rates += [egfr_child(value, tall) for value in values for tall in heights]
    return _hull(rates)


def clearance(
    creatinine: Reading, weight: Reading, height: Reading, age: Age, sex: str | None, obese: bool | None, child_rate: Interval | None
) -> Interval | None:
    """Creatinine clearance, mL/min: Cockcroft-Gault with actual weight, ideal weight from a BMI of 30.

    Without a height, obesity is possible: the interval then reaches down to the ideal weight at a BMI of 30.
    Under 18 the bedside Schwartz value stands in.
    """
    if age.years is None:
        return None
    if age.years[1] < 18:
        return child_rate
    values, weights = points(creatinine), points(weight)
    if not values or not weights or age.years[0] < 18:
        return None
    heights = points(height)
    rates = []
    for one in _sexes(sex):
        for weighed in weights:
            for used in _weights_used(weighed, heights, one, obese):
                rates += [creatinine_clearance(value, year, used, one) for value in values for year in _adult_years(age)]
    return _hull(rates)


def _weights_used(weight: Fraction, heights: list[Fraction], sex: str, obese: bool | None) -> list[Fraction]:
    if heights:
        heavy = [weight / (tall / 100) ** 2 >= 30 for tall in heights]
        ideal = [min(ideal_weight(tall, sex), weight) for tall in heights]
        return [low if is_heavy else weight for low, is_heavy in zip(ideal, heavy, strict=True)]
    if obese is False:
        return [weight]
    lowest = min(ideal_weight(height_at_bmi_30(weight), sex), weight)
    return [lowest] if obese is True else [lowest, weight]


def _adult_years(age: Age) -> list[int]:
    if age.years is None:
        return []
    return sorted({max(year, 18) for year in age.years if age.years[1] >= 18})


def _sexes(sex: str | None) -> tuple[str, ...]:
    return (sex,) if sex else SEXES


def _hull(values: Iterable[Fraction]) -> Interval | None:
    found = list(values)
    return Interval(min(found), max(found)) if found else None
