"""What makes a result fragile: the method's stated error, another unit, or another range would change it.

Judging anew is the only way to know, and costs most of an assessment; so it is done only where the doubt reaches a
limit that typing reads.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from clinical_rules.classification import Fragility, LesionResult, Outcome
from clinical_rules.classification.model import Why
from clinical_rules.derive import Pictures, Reading
from clinical_rules.facts import Band
from clinical_rules.findings import Age, Result, bands_touched
from clinical_rules.findings.limits import soft_limits
from clinical_rules.fragility.flips import SIDES, Search, Side, outcomes
from clinical_rules.fragility.numbers import CALCIUM, Numbers, Place, with_result
from clinical_rules.quantities import Interval, Unit, exact
from clinical_rules.release import Release

NEAR_A_BORDER = Fraction(1, 20)
"""How near the next age band's border an age must lie for that band to be a doubt: a twentieth of the age [proposal]."""


def find_fragile(release: Release, pictures: Pictures, results: tuple[LesionResult, ...]) -> tuple[LesionResult, ...]:
    """The results with the mark ``fragile`` and what it rests on, where a small doubt about one number would change them."""
    numbers = Numbers(release, pictures)
    now = {one.id: one.outcome for one in results}
    found: dict[str, list[Fragility]] = {one.id: [] for one in results}
    for place, result, reading in numbers.counting():
        doubts = _Doubts(numbers, now, place, result, reading)
        for lesion, one in (*doubts.by_error(), *doubts.by_unit(), *doubts.by_range()):
            found[lesion].append(one)
    return tuple(one._replace(marks=(*one.marks, "fragile"), fragile=tuple(found[one.id])) if found[one.id] else one for one in results)


Found = Iterable[tuple[str, Fragility]]


class _Doubts:
    """The doubts about one result, and the lesions that each would change."""

    def __init__(self, numbers: Numbers, now: Mapping[str, Outcome], place: Place, result: Result, reading: Reading) -> None:
        self.numbers, self.now, self.place, self.result, self.reading = numbers, now, place, result, reading
        self.search = Search(numbers, now, place, result)
        self.fact, self.value = self.search.fact, self.search.value
        self.lesions = frozenset(now) if place is None else frozenset({place})

    def by_error(self) -> Found:
        """The nearest value on either side, within the method's stated error, from which on a lesion changes."""
        if self.fact.error is None:
            return
        reach = self.fact.error.at(self.value)
        for side in SIDES:
            limit = self.value - reach if side == "below" else self.value + reach
            for lesion, (at, to) in self.search.first_change(self.lesions, side, limit).items():
                yield lesion, self._fragility("error", to, at=at, side=side)

    def by_unit(self) -> Found:
        """The same number in another unit, where it would be ordinary. Who confirmed the value has confirmed its unit."""
        if self.fact.section != "laboratory" or self.result.confirmed or self.result.unit is None:
            return
        typed = exact(self.result.typed)
        for unit in self.fact.units:
            if typed is not None and unit.factor != self.result.unit.factor and self._is_ordinary(typed * unit.factor):
                at = typed * unit.factor
                side: Side = "below" if at < self.value else "above"
                for lesion, to in self._changed(self._read_in(unit, at)):
                    yield lesion, self._fragility("unit", to, at=at, side=side, other=unit.code)

    def _is_ordinary(self, value: Fraction) -> bool:
        low, high = soft_limits(self.fact, self.numbers.case.age, self.numbers.case.sex)
        return (low is None or value >= low) and (high is None or value <= high)

    def _read_in(self, unit: Unit, value: Fraction) -> Result:
        """The result in another unit; a range that came with it was printed in the same unit."""
        result = self.result
        ratio = unit.factor / (result.unit.factor if result.unit else 1)
        low, high = (None if end is None else end * ratio for end in (result.low, result.high))
        return replace(result, interval=Interval.at(value), unit=unit, low=low, high=high)

    def by_range(self) -> Found:
        """Instead of the laboratory's own range that of the age; instead of that one, the other sex's or the next age's."""
        if not self.fact.bands:
            return
        case = self.numbers.case
        if self.result.has_range:
            bands = bands_touched(self.fact, case.age, case.sex)
            if bands:
                by_age = replace(self.result, low=None, high=None)
                for lesion, to in self._changed(by_age):
                    yield lesion, self._fragility("range", to, other=bands[0].row)
            return
        for band, age, sex in self._neighbours():
            if self.numbers.sign(self.place, self.result, self.result, age, sex) == self.search.sign:
                continue
            keys = CALCIUM if self.fact.key in CALCIUM else (self.fact.key,)
            judged = outcomes(case, self.numbers.release, dict.fromkeys(keys, (age, sex)))
            for lesion in self.lesions:
                if judged[lesion] != self.now[lesion]:
                    yield lesion, self._fragility("range", judged[lesion], other=band.row)

    def _neighbours(self) -> Iterable[tuple[Band, Age, str | None]]:
        """The bands that a small doubt about age or sex would give, each with the age and sex that it stands for."""
        age, sex = self.numbers.case.age, self.numbers.case.sex
        mine = bands_touched(self.fact, age, sex)
        if age.days is None or len(mine) != 1:
            return
        margin = int(age.days[1] * NEAR_A_BORDER)
        for band in self.fact.bands:
            of_my_age = band.age_days[0] <= age.days[1] and age.days[0] <= band.age_days[1]
            of_my_sex = sex is None or band.sex in ("any", sex)
            if of_my_age and not of_my_sex:
                yield band, age, band.sex
            elif not of_my_age and of_my_sex and band.age_days[0] <= age.days[1] + margin and age.days[0] - margin <= band.age_days[1]:
                day = band.age_days[0] if band.age_days[0] > age.days[1] else band.age_days[1]
                yield band, Age((day, day), age.years), sex

    def _changed(self, new: Result) -> Iterable[tuple[str, Outcome]]:
        """The lesions that change with the new result in the place of the old."""
        if self.numbers.sign(self.place, self.result, new) == self.search.sign:
            return
        judged = outcomes(with_result(self.numbers.case, self.place, self.result, new), self.numbers.release)
        yield from ((lesion, judged[lesion]) for lesion in self.now if lesion in self.lesions and judged[lesion] != self.now[lesion])

    def _fragility(self, why: Why, to: Outcome, *, at: Fraction | None = None, side: Side | Literal[""] = "", other: str = "") -> Fragility:
        taken = self.result.taken.date() if self.result.taken and self.result.dated else None
        return Fragility(self.fact.key, self.place, self.value, taken, why, at, side, other, to)
