"""Hard limits refuse a value with its likely slip; soft limits ask whether it is meant."""

from fractions import Fraction

from clinical_rules.errors import CaseError
from clinical_rules.facts import Band, Fact
from clinical_rules.findings.model import Age, Doubt, Result
from clinical_rules.quantities import Unit, exact, unit_in_words


def check_hard(fact: Fact, canonical: Fraction, typed: Fraction, unit: Unit | None) -> None:
    """Refuse an impossible value, naming the unit it was probably meant in."""
    low, high = fact.hard
    if (low is None or canonical >= low) and (high is None or canonical <= high):
        return
    said = f"{_plain_number(typed)} {unit_in_words(unit.code)}" if unit else _plain_number(typed)
    slip = _likely_unit(fact, typed, unit)
    limits = f"possible values are {_plain_number(low)} to {_plain_number(high)} {unit_in_words(fact.unit)}".rstrip()
    remedy = f"{_plain_number(typed)} looks like {unit_in_words(slip.code)}: choose that unit" if slip else "check the number and the unit"
    raise CaseError(fact.key, said, f"impossible ({limits}); {remedy}")


def _likely_unit(fact: Fact, typed: Fraction, unit: Unit | None) -> Unit | None:
    low, high = fact.soft
    for other in fact.units:
        if unit is None or other.factor != unit.factor:
            value = typed * other.factor
            if (low is None or value >= low) and (high is None or value <= high):
                return other
    return None


def bands_touched(fact: Fact, age: Age, sex: str | None) -> list[Band]:
    """Every band the patient may be in."""
    return [
        band
        for band in fact.bands
        if (sex is None or band.sex in ("any", sex))
        and (age.days is None or (band.age_days[0] <= age.days[1] and age.days[0] <= band.age_days[1]))
    ]


def doubt_of(fact: Fact, result: Result, age: Age, sex: str | None, lesion: str | None = None) -> Doubt | None:
    """The question to ask of a doubtful value, unless the person confirmed it. Its text is part of a stored result."""
    if not is_unusual(fact, result, age, sex):
        return None
    said = f"{result.typed} {result.unit.code}" if result.unit else result.typed
    slip = _ordinary_unit(fact, result)
    guess = f"; the number would be ordinary in {slip.code}" if slip else ""
    return Doubt(fact.key, said, f"unusual for {fact.label}{guess}: check the value and the unit, then confirm it", lesion)


def is_unusual(fact: Fact, result: Result, age: Age, sex: str | None) -> bool:
    """Whether a value lies outside the soft limits and nobody confirmed it."""
    if result.interval is None or result.confirmed:
        return False
    value = result.interval.high if result.comparator in ("<", "<=") else result.interval.low
    low, high = soft_limits(fact, age, sex)
    return value is not None and ((low is not None and value < low) or (high is not None and value > high))


def say_unusual(fact: Fact, result: Result) -> str:
    """The doubt as said where the analyte's name stands already, beside its field: "984 pg/mL is unusual"."""
    unit = unit_in_words(result.unit.code if result.unit else fact.unit)
    slip = _ordinary_unit(fact, result)
    guess = f" The number would be ordinary in {unit_in_words(slip.code)}." if slip else ""
    return f"{f'{result.comparator}{result.typed} {unit}'.strip()} is unusual: check value and unit.{guess}"


def _ordinary_unit(fact: Fact, result: Result) -> Unit | None:
    number = exact(result.typed)
    return _likely_unit(fact, number, result.unit) if number is not None else None


def soft_limits(fact: Fact, age: Age, sex: str | None) -> tuple[Fraction | None, Fraction | None]:
    """Outside these a value is doubtful: those of the bands the patient may be in, the widest of them."""
    bands = bands_touched(fact, age, sex)
    if not bands:
        return fact.soft
    lows, highs = [band.soft_low for band in bands], [band.soft_high for band in bands]
    return (
        None if None in lows else min(one for one in lows if one is not None),
        None if None in highs else max(one for one in highs if one is not None),
    )


def _plain_number(value: Fraction | None) -> str:
    if value is None:
        return "any"
    text = f"{float(value):.6f}".rstrip("0").rstrip(".")
    return text or "0"
