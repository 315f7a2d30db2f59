"""From values of the model to a case of the contract's format that really shows what they say."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from clinical_rules.assessment import Assessment, assess
from clinical_rules.derive.build import EXTENDED_SEARCH
from clinical_rules.derive.picture import YES
from clinical_rules.errors import CaseError
from clinical_rules.facts import Fact
from clinical_rules.quantities import shown
from clinical_rules.tables import Possible
from clinical_rules.verification.knowledge_states import PATIENT, Place
from clinical_rules.verification.options import WITHOUT
from clinical_rules.verification.promise import Model

DAY = date(2026, 3, 2)
"""The day of every witness: nothing in it depends on when it was made."""
ORDINARY_AGE = 48
FLAG_OF = {"below": "low", "within": "normal", "above": "high", "low": "low", "in_range": "normal", "raised": "high"}
STATUS_SHOWN_BY = {"calcium_status": "ca_ionised", "phosphate_status": "phosphate"}
SHOWN_BY = {"extended_search_done": EXTENDED_SEARCH, "kidney_function_known": ("creatinine",)}
"""Facts that say which results there are."""
Case = dict[str, Any]


class Witness:
    """What the values of a model say of a patient, as a case."""

    def __init__(self, model: Model, values: Mapping[int, bool]) -> None:
        self.states = model.states
        self.release = model.release
        self.values = values
        self.jurisdiction = self._jurisdiction(model)

    def _jurisdiction(self, model: Model) -> str | None:
        for name in (WITHOUT, *self.release.content["jurisdictions"]):
            if self.values.get(model.options.jurisdiction(name)):
                return None if name == WITHOUT else str(name)
        return None

    def known(self, key: str, place: Place) -> Possible | None:
        """What the model knows of a fact; ``None`` when it is unknown or never looked at."""
        node = self.states.fact(key, place)
        column = self.states.ranges.column(key)
        cells = [cell for cell, variable in enumerate(node.variables) if self.values.get(variable, True)]
        if len(cells) != 1 or cells[0] >= column.not_applicable or column.not_applicable == 1:
            return None
        return column.cell(cells[0])

    def case(self, name: str, title: str) -> Case:
        """The case: only what is known is written."""
        patient: Case = {**self._age(), "sex": self._one("sex"), "findings": self._findings(PATIENT)}
        lesions = [{"id": place, "findings": self._findings(place)} for place in self.states.lesions]
        return {"id": name, "title": title, "on": DAY.isoformat(), "patient": patient, "lesions": lesions}

    def _one(self, key: str) -> str | None:
        found = self.known(key, PATIENT)
        return str(min(map(str, found.values))) if found is not None and found.values else None

    def _age(self) -> Case:
        """An age in both cells, in whole years where one lies in them; an adult in middle life before others."""
        years, days = (self.known(key, PATIENT) for key in ("age_years", "age_days"))
        if years is None and days is None:
            return {}
        (first, last), (start, end) = _ends(years, 0, 120), _ends(days, 0, 45_000)
        for year in sorted(range(first, min(last, 120) + 1), key=lambda one: (abs(one - ORDINARY_AGE), one)):
            if start <= year * 365 and (year + 1) * 366 <= end + 366 * (days is None):
                return {"age_years": year}
        for day in range(start, min(end, 45_000) + 1):
            if first <= int(day / 365.25) <= last:
                return {"age_days": day}
        return {}

    def _findings(self, place: Place) -> Case:
        scope = "patient" if place == PATIENT else "lesion"
        found: Case = {}
        for key, fact in self.release.facts.items():
            if fact.derived or fact.scope != scope or fact.kind == "codes":
                continue
            written = self._finding(fact, self.known(key, place))
            if written is not None:
                found[key] = written
        if place == PATIENT:
            for derived, results in SHOWN_BY.items():
                known = self.known(derived, PATIENT)
                if known == YES:
                    found |= {key: {"flag": "normal"} for key in results if key not in found}
        return found

    def _finding(self, fact: Fact, known: Possible | None) -> Any:
        if fact.kind in ("boolean", "code"):
            if known is None or not known.values:
                return None
            return min(known.values, key=str)
        position = self._position(fact)
        if known is None:
            return {"flag": FLAG_OF[position]} if position is not None and fact.bands else None
        value = _number(fact, known)
        if not fact.needs_unit:
            return int(value) if value.denominator == 1 else float(value)
        text: Case = {"value": _plain(value), "unit": fact.unit}
        if position is not None and fact.bands:
            step = Fraction(1, 10**fact.precision)
            width = max(value / 10, step)
            low, high = {"low": (value + step, value + step + width), "normal": (value - width, value + width)}.get(
                FLAG_OF[position], (value - step - width, value - step)
            )
            text |= {"low": _plain(low), "high": _plain(high)}
        return text

    def _position(self, fact: Fact) -> str | None:
        names = [f"{fact.key}_position", *(status for status, shown_by in STATUS_SHOWN_BY.items() if shown_by == fact.key)]
        for name in reversed(names):
            if name in self.release.facts:
                known = self.known(name, PATIENT)
                if known is not None and known.values and len(known.values) == 1:
                    return str(next(iter(known.values)))
        return None


def _ends(known: Possible | None, low: int, high: int) -> tuple[int, int]:
    start, end = (known.spans or ((None, None),))[0] if known is not None else (None, None)
    return low if start is None else start, high if end is None else end


def _number(fact: Fact, known: Possible) -> Fraction:
    """A value of the cell: the middle of what is usual in it, at the fact's precision."""
    scale = 10**fact.precision
    start, end = _ends(
        known, *(int(one * scale) if one is not None else default for one, default in zip(fact.hard, (0, 10**6), strict=True))
    )
    soft = [int(one * scale) if one is not None else None for one in fact.soft]
    low = max(start, soft[0]) if soft[0] is not None and soft[0] <= end else start
    high = min(end, soft[1]) if soft[1] is not None and soft[1] >= low else end
    return Fraction((low + high) // 2, scale)


def _plain(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(shown(value, 6))


def replay(model: Model, case: Case, jurisdiction: str | None) -> Assessment | None:
    """The case assessed for real; ``None`` when it cannot be read."""
    try:
        return assess(case, model.release, jurisdiction=jurisdiction)
    except CaseError:
        return None


def shorten(case: Case, still_breaks: Callable[[Case], bool]) -> Case:
    """The case without the findings that it does not need, tried from the last to the first."""
    for path in list(_paths(case)):
        shorter = _without(case, path)
        if still_breaks(shorter):
            case = shorter
    return case


def _paths(case: Case) -> Iterator[tuple[str | int, ...]]:
    for number, lesion in enumerate(case["lesions"]):
        if number:
            yield ("lesions", number)
        for key in reversed(list(lesion["findings"])):
            yield ("lesions", number, "findings", key)
    for key in reversed(list(case["patient"]["findings"])):
        yield ("patient", "findings", key)
    for key in ("sex", "age_years", "age_days"):
        if key in case["patient"]:
            yield ("patient", key)


def _without(case: Case, path: tuple[str | int, ...]) -> Case:
    copy: Any = {
        **case,
        "patient": {**case["patient"], "findings": dict(case["patient"]["findings"])},
        "lesions": [{**lesion, "findings": dict(lesion["findings"])} for lesion in case["lesions"]],
    }
    target = copy
    for step in path[:-1]:
        if isinstance(step, int) and step >= len(target):
            return dict(copy)  # the lesion is gone already
        target = target[step]
    if isinstance(target, list):
        del target[int(path[-1]) :]
    else:
        target.pop(path[-1], None)
    return dict(copy)
