"""Calcium and phosphate: adjusted calcium, calcium status, phosphate status (dossier 0.4; contract, rule 5)."""

from fractions import Fraction
from typing import NamedTuple

from clinical_rules.derive.results import POSITIONS, Position, Reading, positions_by_age
from clinical_rules.facts import Fact
from clinical_rules.findings import Age, Result, bands_touched
from clinical_rules.findings.dates import within_a_day
from clinical_rules.quantities import Interval, adjusted_calcium
from clinical_rules.tables import Possible, union
from clinical_rules.truth import Truth

STATUS: dict[Position, str] = {"above": "raised", "within": "in_range", "below": "low"}
ANY_POSITION = frozenset(POSITIONS)
ABOVE: frozenset[Position] = frozenset({"above"})


class Adjusted(NamedTuple):
    """Albumin-adjusted calcium: the number for tests, its positions, and where it comes from."""

    number: Possible | None
    positions: frozenset[Position] | None
    computed_from: tuple[Result, ...] = ()
    exact: tuple[Interval, ...] = ()
    disagrees: bool = False
    """Whether the laboratory's own adjusted value and the one worked out lie in different places."""
    surely_above: bool = False
    """Without an albumin: whether every plausible albumin leaves it above the range."""


def adjust(fact: Fact, albumin_fact: Fact, total: Reading, albumin: Reading, reported: Reading, age: Age, sex: str | None) -> Adjusted:
    """Computed from total calcium and an albumin within 24 hours of it; else as reported, when that is newer too.

    Where the laboratory gave an adjusted value of that day too, the number farther from the range counts, and both
    positions are possible: a comfortable value never hides an alarming one.

    Without an albumin the number is total calcium adjusted over albumin's soft limits, so that an extreme
    calcium still raises its emergency; the position is then unknown, and `surely_above` says whether every
    albumin leaves it above the range.
    """
    pairs = [
        (calcium, protein)
        for calcium in total.results
        for protein in (*albumin.results, *albumin.too_old)
        if _within_a_day(calcium, protein) and calcium.interval and protein.interval
    ]
    newer = bool(pairs) and any(_newer(one, calcium) for one in reported.results for calcium, _ in pairs)
    if pairs and not newer:
        spans = tuple(_adjust(calcium.interval, protein.interval) for calcium, protein in pairs if calcium.interval and protein.interval)
        by_age = [positions_by_age(fact, span, age, sex) for span in spans]
        positions = frozenset[Position]().union(*(one or ANY_POSITION for one in by_age))
        number = union(*(span.scaled(fact.precision) for span in spans))
        rests_on = tuple(dict.fromkeys((*(pair[0] for pair in pairs), *(pair[1] for pair in pairs))))
        own = [one for one in reported.results if any(_within_a_day(one, calcium) for calcium, _ in pairs)]
        if own and reported.positions:
            values = [*spans, *(one.interval for one in own if one.interval)]
            farthest = max(values, key=lambda one: _off_range(fact, one, age, sex))
            disagrees = reported.positions != positions
            return Adjusted(farthest.scaled(fact.precision), positions | reported.positions, (*rests_on, *own), spans, disagrees)
        return Adjusted(number, positions, rests_on, spans)
    if reported.results:
        return Adjusted(
            reported.number, reported.positions, reported.results, tuple(one.interval for one in reported.results if one.interval)
        )
    low, high = albumin_fact.soft
    spans = tuple(_adjust(one.interval, Interval(low, high)) for one in total.results if one.interval)
    if not spans:
        return Adjusted(None, None)
    surely_above = all(positions_by_age(fact, span, age, sex) == ABOVE for span in spans)
    return Adjusted(union(*(span.scaled(fact.precision) for span in spans)), None, surely_above=surely_above)


def _newer(one: Result, other: Result) -> bool:
    return one.taken is not None and other.taken is not None and one.taken > other.taken and not _within_a_day(one, other)


def _off_range(fact: Fact, value: Interval, age: Age, sex: str | None) -> Fraction:
    """How far an interval's nearer end lies outside the range, widest over the bands; nothing where it is open."""
    bands = bands_touched(fact, age, sex)
    low = min((band.low for band in bands if band.low is not None), default=None)
    high = max((band.high for band in bands if band.high is not None), default=None)
    below = low - value.high if low is not None and value.high is not None else Fraction(0)
    above = value.low - high if high is not None and value.low is not None else Fraction(0)
    return max(below, above, Fraction(0))


def _adjust(calcium: Interval, protein: Interval) -> Interval:
    def end(value: Fraction | None, other: Fraction | None) -> Fraction | None:
        return None if value is None or other is None else adjusted_calcium(value, other)

    return Interval(end(calcium.low, protein.high), end(calcium.high, protein.low))


def _within_a_day(one: Result, other: Result) -> bool:
    return one.taken is not None and other.taken is not None and within_a_day(one.taken, other.taken)


class CalciumStatus(NamedTuple):
    """The possible statuses, the rule of 0.4 that gave them, and what it rests on."""

    possible: Possible | None
    rule: str
    no_albumin: bool = False
    contradictory: bool = False
    asks: tuple[str, ...] = ()


def calcium_status(
    ionised: Reading, total: Reading, adjusted: Adjusted, reported: Reading, albumin: Reading, reliable: Truth, unreliable: Truth
) -> CalciumStatus:
    """Raised, in range or low. Ionised calcium first, unless another calcium is newer by more
    than a day; then adjusted when the adjustment is reliable;
    else total and adjusted must agree. Calcium without its albumin counts as its position while nothing
    known makes the adjustment unreliable (declared default, marked).
    """
    overtaken = any(_newer(other, one) for one in ionised.results for other in (*total.results, *reported.results))
    if ionised.results and not overtaken:
        return CalciumStatus(_statuses(ionised.positions), "ionised", contradictory=bool(ionised.contradictions), asks=("ca_ionised",))
    clash = _clashes(total, reported, albumin) or adjusted.disagrees
    have_total, have_adjusted = bool(total.results), adjusted.positions is not None
    if have_adjusted and reliable is True:
        return CalciumStatus(_statuses(adjusted.positions), "adjusted", contradictory=clash, asks=("ca_ionised",))
    if have_adjusted and have_total:
        agreed = _agreed(total.positions, adjusted.positions)
        if reliable is None and agreed is not None:
            agreed = frozenset(agreed | (adjusted.positions or ANY_POSITION))
        asks: tuple[str, ...] = (
            ("ca_ionised",) if reliable is False or unreliable is True else ("creatinine", "acid_base_disorder", "ca_ionised")
        )
        return CalciumStatus(_statuses(agreed), "total and adjusted", contradictory=clash, asks=asks)
    if not have_total and not have_adjusted:
        return CalciumStatus(None, "unknown", contradictory=clash, asks=("ca_total", "albumin"))
    if unreliable is True and adjusted.surely_above and total.positions == ABOVE:
        return CalciumStatus(_statuses(ABOVE), "total and adjusted", contradictory=clash, asks=("ca_ionised", "albumin"))
    if unreliable is True:
        return CalciumStatus(None, "unreliable", contradictory=clash, asks=("ca_ionised", "albumin"))
    positions = adjusted.positions if have_adjusted else total.positions
    asks = ("ca_total", "albumin") if have_adjusted else ("albumin",)
    return CalciumStatus(_statuses(positions), "no albumin", no_albumin=True, contradictory=clash, asks=asks)


def _clashes(*readings: Reading) -> bool:
    return any(reading.contradictions for reading in readings)


def _agreed(total: frozenset[Position] | None, adjusted: frozenset[Position] | None) -> frozenset[Position] | None:
    """Rule 3: both in the same place is that place; anything else leaves it unknown."""
    if total is None or adjusted is None or total != adjusted or len(total) != 1:
        return None
    return total


def _statuses(positions: frozenset[Position] | None) -> Possible | None:
    if positions is None or positions == ANY_POSITION:
        return None
    return Possible(values=frozenset(STATUS[one] for one in positions))


def phosphate_status(phosphate: Reading, sample_unreliable: Truth) -> tuple[Possible | None, bool]:
    """Raised, in range or low; and whether a raised value counts although nobody asked for its sample.

    A raised value of a haemolysed, delayed or not fasting sample says nothing: repeat.
    """
    if not phosphate.results or phosphate.positions is None:
        return None, False
    raised = "above" in phosphate.positions
    if raised and sample_unreliable is True:
        return None, False
    return _statuses(phosphate.positions), raised and sample_unreliable is None


def flagged_without_number(flag: str, *readings: Reading) -> bool:
    """Whether one of these was reported high, or low, without a number."""
    return any(one.flag == flag and one.interval is None for reading in readings for one in reading.results)
