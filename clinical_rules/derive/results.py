"""Which of several results counts, what it says, and where results contradict each other.

The newest within its shelf life counts. Results within 24 hours of it count with it: where they disagree,
what is known is the union. A flag against its number and range, or a child's laboratory range that reverses
the verdict of the age band, is a contradiction too.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, NamedTuple

from clinical_rules.facts import Fact
from clinical_rules.findings import Age, Result, bands_touched
from clinical_rules.findings.dates import at_midnight, within_a_day
from clinical_rules.quantities import Interval, scale
from clinical_rules.tables import Possible, union

Position = Literal["below", "within", "above"]
POSITIONS: tuple[Position, ...] = ("below", "within", "above")
OF_FLAG: dict[str, Position] = {"low": "below", "normal": "within", "high": "above"}
DISAGREE_BY = Fraction(1, 5)
"""Two same-day numbers without a range disagree when they differ by more than a fifth [proposal]."""


class Contradiction(NamedTuple):
    """Findings that cannot all be so; nothing is ever assumed about them."""

    fact: str
    kind: Literal["flag_against_range", "results_disagree", "range_against_age", "range_of_another_test", "answers_disagree"]
    findings: tuple[Result, ...]
    lesion: str | None = None


class Reading(NamedTuple):
    """What the results of one fact say today."""

    fact: str
    results: tuple[Result, ...]
    """Those that count now, newest first."""
    too_old: tuple[Result, ...] = ()
    number: Possible | None = None
    positions: frozenset[Position] | None = None
    answer: Possible | None = None
    contradictions: tuple[Contradiction, ...] = ()

    @property
    def state(self) -> str:
        """The fact's state in one word."""
        if self.contradictions:
            return "contradictory"
        if self.results:
            return "known"
        return "too_old" if self.too_old else "unknown"


def read_results(fact: Fact, found: Sequence[Result], on: date, age: Age, sex: str | None, lesion: str | None = None) -> Reading:
    """What a fact's findings say on a day. Findings dated after that day are not yet known."""
    end = at_midnight(on) + timedelta(days=1)
    given = [one for one in found if one.state == "known" and one.taken is not None and one.taken < end]
    given.sort(key=lambda one: one.taken or end, reverse=True)
    oldest = end - timedelta(days=fact.shelf_life_days + 1) if fact.shelf_life_days is not None else None
    fresh = [one for one in given if oldest is None or (one.taken and one.taken >= oldest)]
    too_old = tuple(one for one in given if one not in fresh)
    if not fresh:
        return Reading(fact.key, (), too_old)
    newest = fresh[0].taken or end
    together = tuple(one for one in fresh if one.taken and within_a_day(one.taken, newest))
    if fact.kind in ("boolean", "code"):
        return _read_answers(fact, together, too_old, lesion)
    return _read_numbers(fact, together, too_old, age, sex, lesion)


def _read_answers(fact: Fact, together: tuple[Result, ...], too_old: tuple[Result, ...], lesion: str | None) -> Reading:
    answers = {one.answer for one in together if one.answer is not None}
    clash = (Contradiction(fact.key, "answers_disagree", together, lesion),) if len(answers) > 1 else ()
    return Reading(fact.key, together, too_old, answer=Possible(values=frozenset(answers)) if answers else None, contradictions=clash)


def _read_numbers(
    fact: Fact, together: tuple[Result, ...], too_old: tuple[Result, ...], age: Age, sex: str | None, lesion: str | None
) -> Reading:
    verdicts = [(one, *_verdict(fact, one, age, sex, lesion)) for one in together]
    contradictions = [clash for _, _, clash in verdicts if clash]
    counted = [(one, positions) for one, positions, clash in verdicts if clash is None or clash.kind != "range_of_another_test"]
    numbers = [one.interval.scaled(fact.precision) for one, _ in counted if one.interval is not None]
    known = [positions for _, positions in counted if positions is not None]
    if len(counted) > 1 and _disagree(fact, counted):
        contradictions.append(Contradiction(fact.key, "results_disagree", tuple(one for one, _ in counted), lesion))
    flag_only = any(one.interval is None for one, _ in counted)
    return Reading(
        fact.key,
        tuple(one for one, _ in counted),
        too_old,
        number=union(*numbers) if numbers and not (flag_only and contradictions) else None,
        positions=frozenset[Position]().union(*known) if known and len(known) == len(counted) else None,
        contradictions=tuple(contradictions),
    )


def _disagree(fact: Fact, counted: list[tuple[Result, frozenset[Position] | None]]) -> bool:
    seen = {positions for _, positions in counted if positions is not None}
    if len(seen) > 1:
        return True
    if seen and None not in {positions for _, positions in counted}:
        return False
    points = [one.interval.low for one, _ in counted if one.interval and one.interval.is_point and one.interval.low is not None]
    return bool(points) and max(points) - min(points) > DISAGREE_BY * max(abs(point) for point in points)


def _verdict(
    fact: Fact, result: Result, age: Age, sex: str | None, lesion: str | None
) -> tuple[frozenset[Position] | None, Contradiction | None]:
    """The positions one result leaves, and what contradicts itself in it."""
    flagged = OF_FLAG.get(result.flag)
    if result.interval is None:
        return (frozenset({flagged}) if flagged else None), None
    if result.has_range and _foreign_range(fact, result):
        return None, Contradiction(fact.key, "range_of_another_test", (result,), lesion)
    by_age = positions_by_age(fact, result.interval, age, sex)
    positions = position_in(result.interval, result.low, result.high, fact.precision) if result.has_range else by_age
    kind: Literal["flag_against_range", "range_against_age"] | None = None
    if result.has_range and positions and by_age and age.years and age.years[1] < 18 and not positions & by_age:
        positions, kind = positions | by_age, "range_against_age"
    if flagged and positions is not None and positions != {flagged}:
        positions, kind = positions | {flagged}, kind or "flag_against_range"
    elif flagged and positions is None:
        positions = frozenset({flagged})
    return positions, Contradiction(fact.key, kind, (result,), lesion) if kind else None


def _foreign_range(fact: Fact, result: Result) -> bool:
    """Whether the range that came with the result cannot belong to this analyte (ionised calcium with total's)."""
    lows = [band.low for band in fact.bands if band.low is not None]
    highs = [band.high for band in fact.bands if band.high is not None]
    if not lows or not highs:
        return False
    return (result.low is not None and result.low > max(highs)) or (result.high is not None and result.high < min(lows))


def positions_by_age(fact: Fact, value: Interval, age: Age, sex: str | None) -> frozenset[Position] | None:
    """The positions by the bands touched; ``None`` where one of them has no limits."""
    bands = bands_touched(fact, age, sex)
    if not bands or any(band.low is None and band.high is None for band in bands):
        return None
    return frozenset[Position]().union(*(position_in(value, band.low, band.high, fact.precision) or frozenset(POSITIONS) for band in bands))


def position_in(value: Interval, low: Fraction | None, high: Fraction | None, precision: int) -> frozenset[Position]:
    """Where an interval lies against a range, compared at the fact's precision."""
    start = None if value.low is None else scale(value.low, precision)
    end = None if value.high is None else scale(value.high, precision)
    bottom = None if low is None else scale(low, precision)
    top = None if high is None else scale(high, precision)
    found: set[Position] = set()
    if bottom is not None and (start is None or start < bottom):
        found.add("below")
    if top is not None and (end is None or end > top):
        found.add("above")
    if (bottom is None or end is None or end >= bottom) and (top is None or start is None or start <= top):
        found.add("within")
    return frozenset(found)
