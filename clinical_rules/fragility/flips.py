"""Flip points: the nearest value on either side of a result from which on a lesion's result would be another."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from clinical_rules.classification import LesionResult, Outcome, find_flags, find_type
from clinical_rules.derive import Pictures, build_pictures
from clinical_rules.derive.build import AS_THE_PATIENT, Ranges
from clinical_rules.findings import Case, Result
from clinical_rules.fragility.numbers import Numbers, Place, Sign, with_result
from clinical_rules.quantities import Interval, scale
from clinical_rules.release import Release

Side = Literal["below", "above"]
SIDES: tuple[Side, ...] = ("below", "above")


class FlipPoint(NamedTuple):
    """``at`` and beyond, on its side, the lesion's result is ``to``, all else as it is. In the canonical unit, at its precision."""

    fact: str
    found_at: Place
    value: Fraction
    taken: date | None
    lesion: str
    side: Side
    at: Fraction
    to: Outcome


def outcomes(case: Case, release: Release, ranges: Ranges = AS_THE_PATIENT) -> dict[str, Outcome]:
    """Status, type and candidates of every lesion, judged as any assessment is."""
    pictures = build_pictures(case, release, ranges)
    flags = find_flags(release, pictures)
    return {lesion: find_type(release, pictures, lesion, flags).outcome for lesion in pictures.lesions}


def at_value(result: Result, value: Fraction) -> Result:
    """The result as if this value had been reported, with nothing else changed."""
    return replace(result, interval=Interval.at(value))


class Search:
    """Looks for the values of one result at which lesions change."""

    def __init__(self, numbers: Numbers, now: Mapping[str, Outcome], place: Place, result: Result) -> None:
        self.numbers, self.now, self.place, self.result = numbers, now, place, result
        self.fact = numbers.release.facts[result.key]
        self.unit = Fraction(1, 10**self.fact.precision)
        interval = result.interval
        if interval is None or interval.low is None:
            raise ValueError(f"{result.key} has no value: give a known number")
        self.value = interval.low
        self.sign = numbers.sign(place, result, result)

    def judge(self, value: Fraction) -> dict[str, Outcome]:
        """The lesions as if the result had this value."""
        return outcomes(with_result(self.numbers.case, self.place, self.result, at_value(self.result, value)), self.numbers.release)

    def first_change(self, lesions: frozenset[str], side: Side, limit: Fraction) -> dict[str, tuple[Fraction, Outcome]]:
        """For each of these lesions the value nearest on this side, up to the limit, from which on it is judged differently."""
        found: dict[str, tuple[Fraction, Outcome]] = {}
        step = -1 if side == "below" else 1
        here, last = self._steps(side, limit)
        sign = self.sign
        while (last - here) * step > 0 and lesions - found.keys():
            turn = self._turn(here, last, sign)
            if turn is None:
                break
            here, sign = turn, self._sign_at(turn)
            judged = self.judge(turn * self.unit)
            found |= {one: (turn * self.unit, judged[one]) for one in lesions - found.keys() if judged[one] != self.now[one]}
        return found

    def _steps(self, side: Side, limit: Fraction) -> tuple[int, int]:
        """The result and the limit, counted in steps of the precision; the limit inside what may be entered.

        A result between two steps, as one converted from another unit, counts as the step behind it.
        """
        low, high = self.fact.hard
        if side == "below":
            end = limit if low is None else max(limit, low)
            return -(-self.value // self.unit), -(-end // self.unit)
        end = limit if high is None else min(limit, high)
        return self.value // self.unit, end // self.unit

    def _sign_at(self, steps: int) -> Sign:
        return self.numbers.sign(self.place, self.result, at_value(self.result, steps * self.unit))

    def _turn(self, here: int, last: int, sign: Sign) -> int | None:
        """The nearest step after ``here`` that is read differently; nothing up to the last when that is read the same."""
        if self._sign_at(last) == sign:
            return None
        same, other = here, last
        while abs(other - same) > 1:
            middle = (same + other) // 2
            if self._sign_at(middle) == sign:
                same = middle
            else:
                other = middle
        return other


def flip_points(release: Release, pictures: Pictures, results: tuple[LesionResult, ...]) -> tuple[FlipPoint, ...]:
    """Of every number that counts: where each lesion's result would change, one point a side at most."""
    numbers = Numbers(release, pictures)
    now = {one.id: one.outcome for one in results}
    found = []
    for place, result, _ in numbers.counting():
        search = Search(numbers, now, place, result)
        lesions = frozenset(now) if place is None else frozenset({place})
        taken = result.taken.date() if result.taken and result.dated else None
        for side in SIDES:
            end = far_end(search, side)
            changes = search.first_change(lesions, side, end)
            found += [
                FlipPoint(result.key, place, search.value, taken, lesion, side, *changes[lesion]) for lesion in now if lesion in changes
            ]
    return tuple(found)


def far_end(search: Search, side: Side) -> Fraction:
    """How far a value may lie at all: the hard limit, or where a fact has none, past its last cut."""
    low, high = search.fact.hard
    cuts = search.numbers.cuts[search.result.key]
    if side == "below":
        return low if low is not None else min((cut - 1) * search.unit for cut in (*cuts, 1))
    return high if high is not None else max((cut + 1) * search.unit for cut in (*cuts, scale(search.value, search.fact.precision)))
