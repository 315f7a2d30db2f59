"""Reading one finding in any of the contract's forms."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from clinical_rules.errors import CaseError
from clinical_rules.facts import Fact
from clinical_rules.findings.dates import read_day, read_moment
from clinical_rules.findings.dictionary import only_keys
from clinical_rules.findings.limits import check_hard
from clinical_rules.findings.model import ABSENT_STATES, COMPARATORS, FLAGS, RESULT_KEYS, Result
from clinical_rules.quantities import Interval, Unit, exact, unit_in_words


def read_finding(fact: Fact, raw: Any) -> Result:
    """One finding of a fact, in any form of the contract. Raises ``CaseError``."""
    if isinstance(raw, Mapping):
        return _read_object(fact, raw)
    return _plain(fact, raw, raw)


def _plain(fact: Fact, value: Any, raw: Any, **rest: Any) -> Result:
    if fact.kind == "boolean":
        if isinstance(value, bool):
            return Result(fact.key, raw, answer=value, **rest)
        raise CaseError(fact.key, raw, "answer true or false, or leave it out when it is not known")
    if fact.kind == "code":
        codes = [code.code for code in fact.codes]
        if isinstance(value, str) and value in codes:
            return Result(fact.key, raw, answer=value, **rest)
        raise CaseError(fact.key, raw, f"choose one of: {', '.join(codes)}")
    if fact.kind == "date":
        taken = read_day(value, fact.key)
        if taken is None:
            raise CaseError(fact.key, raw, "write a date as in 2026-03-01")
        return Result(fact.key, raw, interval=Interval.at(Fraction(taken.toordinal())), **rest)
    if fact.needs_unit:
        raise CaseError(fact.key, raw, f'a unit is required: write {{"value": ..., "unit": "{fact.unit}"}}')
    return _number(fact, value, None, raw, **rest)


def _read_object(fact: Fact, raw: Mapping[str, Any]) -> Result:
    only_keys(raw, RESULT_KEYS, fact.key)
    state = raw.get("state")
    taken, dated = read_moment(raw.get("date"), fact.key)
    if state is not None:
        if state not in ABSENT_STATES:
            raise CaseError(fact.key, state, f"a state is one of: {', '.join(ABSENT_STATES)}")
        if raw.get("value") is not None or raw.get("flag") is not None:
            raise CaseError(fact.key, raw, f"{state} stands beside a value or a flag: keep one of them")
        return Result(fact.key, raw, state=state, taken=taken, dated=dated)
    value, flag = raw.get("value"), raw.get("flag")
    confirmed = raw.get("confirmed", False)
    if not isinstance(confirmed, bool):
        raise CaseError(fact.key, confirmed, "confirmed is true or false")
    if flag is not None and (flag not in FLAGS or fact.kind != "number"):
        raise CaseError(fact.key, flag, f"a flag is one of: {', '.join(FLAGS)}, and belongs to a result")
    rest: dict[str, Any] = {"taken": taken, "dated": dated, "confirmed": confirmed}
    if fact.kind != "number":
        if value is None:
            raise CaseError(fact.key, raw, 'a value is needed, or {"state": "not_done"}')
        return _plain(fact, value, raw, **rest)
    if value is None:
        if flag is None:
            raise CaseError(fact.key, raw, "a value, a flag or a state is needed")
        given = any(raw.get(name) is not None for name in ("unit", "low", "high"))
        unit = _unit(fact, raw.get("unit"), flag) if given else None
        _own_range(fact, raw, unit.factor if unit else Fraction(1))
        return Result(fact.key, raw, flag=flag, **rest)
    unit = _unit(fact, raw.get("unit"), value)
    return _number(fact, value, unit, raw, flag=flag or "", **rest)


def _unit(fact: Fact, text: Any, value: Any) -> Unit | None:
    if text is None or text == "":
        if fact.needs_unit:
            raise CaseError(fact.key, value, f"a unit is required: one of {_units(fact)}")
        return None
    unit = fact.unit_called(text) if isinstance(text, str) else None
    if unit is None:
        raise CaseError(fact.key, text, f"unit not known for {fact.label}: use one of {_units(fact)}")
    return unit


def _units(fact: Fact) -> str:
    """The units of a fact as people write them, each of which may be typed."""
    return ", ".join(unit_in_words(unit.code) or unit.code for unit in fact.units)


def _number(fact: Fact, value: Any, unit: Unit | None, raw: Any, **rest: Any) -> Result:
    number = exact(value)
    if number is None or isinstance(value, str):
        raise CaseError(fact.key, value, "write a number, with a point for decimals")
    factor = unit.factor if unit else Fraction(1)
    canonical = number * factor
    comparator = raw.get("comparator", "") if isinstance(raw, Mapping) else ""
    if comparator not in ("", None, *COMPARATORS):
        raise CaseError(fact.key, comparator, f"a comparator is one of: {' '.join(COMPARATORS)}")
    low, high = _own_range(fact, raw, factor)
    check_hard(fact, canonical, number, unit)
    return Result(
        fact.key,
        raw,
        interval=_interval(fact, canonical, comparator or ""),
        typed=str(value),
        unit=unit,
        comparator=comparator or "",
        low=low,
        high=high,
        **rest,
    )


def _own_range(fact: Fact, raw: Any, factor: Fraction) -> tuple[Fraction | None, Fraction | None]:
    """The laboratory's own range that came with a result, in the canonical unit."""
    low, high = (_own_limit(fact, raw, name, factor) for name in ("low", "high"))
    if low is not None and high is not None and low > high:
        raise CaseError(fact.key, f"{raw['low']} to {raw['high']}", "the range's low stands above its high: swap them")
    return low, high


def _own_limit(fact: Fact, raw: Any, name: str, factor: Fraction) -> Fraction | None:
    value = raw.get(name) if isinstance(raw, Mapping) else None
    if value is None:
        return None
    number = exact(value)
    if number is None or isinstance(value, str):
        raise CaseError(fact.key, value, f"the range's {name} is a number in the result's unit")
    return number * factor


def _interval(fact: Fact, value: Fraction, comparator: str) -> Interval:
    """``<0.5`` means below it at the precision that tests see, so a test ``< 0.5`` holds."""
    step = Fraction(1, 10**fact.precision)
    low, high = fact.hard
    if comparator == "<":
        return Interval(low, value - step if low is None or value - step >= low else low)
    if comparator == "<=":
        return Interval(low, value)
    if comparator == ">":
        return Interval(value + step if high is None or value + step <= high else high, high)
    if comparator == ">=":
        return Interval(value, high)
    return Interval.at(value)
