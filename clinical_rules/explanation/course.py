"""The course of one fact over time: what each result says on its own day, which one counts today, and the range of each age."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Any, Literal

from clinical_rules.derive.results import POSITIONS, Position, Reading, read_results
from clinical_rules.errors import CaseError
from clinical_rules.explanation.words import KINDS, plain_unit, say_range
from clinical_rules.facts import Fact
from clinical_rules.findings import UNKNOWN_AGE, Age, Result, is_unusual, read_finding, say_unusual
from clinical_rules.findings.dates import at_midnight
from clinical_rules.findings.person import read_age, read_sex
from clinical_rules.quantities import exact
from clinical_rules.release import Release

Standing = Literal["counts", "too_old", "overtaken", "left_out", "corrected", "no_result", "refused"]
BEFORE_BIRTH = "dated before the birth date on file: correct one of them"


@dataclass(frozen=True, slots=True)
class CourseResult:
    """One result of a course, judged alone at the age of its own day.

    ``value``, ``low`` and ``high`` (the laboratory's own range) are exact, in the fact's canonical unit; with a
    ``comparator`` the value is the limit that was reported. Without a number there is a ``flag``, or nothing.
    ``clash`` is what contradicts itself, ``say`` why it cannot be judged. ``standing`` is of the day asked about.
    """

    value: Fraction | None = None
    comparator: str = ""
    flag: str = ""
    canonical: str = ""
    low: Fraction | None = None
    high: Fraction | None = None
    own_range: str = ""
    positions: tuple[Position, ...] = ()
    doubt: str = ""
    clash: str = ""
    say: str = ""
    standing: Standing = "no_result"


@dataclass(frozen=True, slots=True)
class Course:
    """The results in the order given, and how the fact stands on the day asked about: known, contradictory, too_old, unknown."""

    results: tuple[CourseResult, ...]
    state: str
    clash: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A range that holds from one day to another, both inclusive, in the canonical unit.

    ``start`` and ``end`` are empty where the birth date is not known: it may be the one that holds. ``sex`` is given
    where the range is of one sex.
    """

    row: str
    start: date | None
    end: date | None
    sex: str
    age_days: tuple[int, int]
    low: Fraction | None
    high: Fraction | None
    said: str


def course(
    release: Release, key: str, raws: Sequence[Any], patient: Mapping[str, Any], on: date, corrected: frozenset[int] = frozenset()
) -> Course:
    """Judges every result of one fact. ``patient`` is the contract's; ``corrected`` are the places of results that were replaced.

    All laboratory results take part in what counts; of any other fact only the newest does. A result that the release
    would refuse today is kept, with the reason.
    """
    fact = release.facts[key]
    sex = read_sex(patient.get("sex"))
    age_on = _ages(patient)
    read = [_read(fact, raw, on) for raw in raws]
    live = [one for place, one in enumerate(read) if isinstance(one, Result) and one.state == "known" and place not in corrected]
    heard = live if fact.section == "laboratory" else live[-1:]
    age_now, _ = age_on(on)
    now = read_results(fact, heard, on, age_now, sex)
    standings = _standings(now, heard)
    results = tuple(_judge(fact, one, sex, age_on, standings, corrected=place in corrected) for place, one in enumerate(read))
    return Course(results, now.state, "; ".join(dict.fromkeys(KINDS[clash.kind] for clash in now.contradictions)))


def ranges_over_time(release: Release, key: str, patient: Mapping[str, Any]) -> tuple[Stretch, ...]:
    """Every range on file that the patient has, had or will have; where birth date or sex is not known, each possible one."""
    fact = release.facts[key]
    sex = read_sex(patient.get("sex"))
    born = date.fromisoformat(patient["birth_date"]) if patient.get("birth_date") else None
    return tuple(
        Stretch(
            row=band.row,
            start=born + timedelta(days=band.age_days[0]) if born else None,
            end=born + timedelta(days=band.age_days[1]) if born else None,
            sex="" if band.sex == "any" else band.sex,
            age_days=band.age_days,
            low=band.low,
            high=band.high,
            said=say_range(band.low, band.high, fact) if (band.low, band.high) != (None, None) else "",
        )
        for band in fact.bands
        if sex is None or band.sex in ("any", sex)
    )


def _read(fact: Fact, raw: Any, on: date) -> Result | CaseError:
    """The result; an undated one counts as taken on the day asked about, as in a case."""
    try:
        result = read_finding(fact, raw)
    except CaseError as error:
        return error
    return result if result.taken else replace(result, taken=at_midnight(on))


def _ages(patient: Mapping[str, Any]) -> Callable[[date], tuple[Age, str]]:
    """The age on a day; unknown, with the reason, on a day before the birth date on file."""
    born = {"birth_date": patient.get("birth_date")}

    @cache
    def on_day(day: date) -> tuple[Age, str]:
        try:
            return read_age(born, day), ""
        except CaseError:
            return UNKNOWN_AGE, BEFORE_BIRTH

    return on_day


def _standings(now: Reading, heard: Sequence[Result]) -> dict[int, Standing]:
    left_out = {id(one) for clash in now.contradictions if clash.kind == "range_of_another_test" for one in clash.findings}
    found: dict[int, Standing] = {id(one): "left_out" if id(one) in left_out else "overtaken" for one in heard}
    found |= {id(one): "too_old" for one in now.too_old}
    return found | {id(one): "counts" for one in now.results}


def _judge(
    fact: Fact,
    one: Result | CaseError,
    sex: str | None,
    age_on: Callable[[date], tuple[Age, str]],
    standings: Mapping[int, Standing],
    *,
    corrected: bool,
) -> CourseResult:
    if isinstance(one, CaseError):
        return CourseResult(say=one.say, standing="corrected" if corrected else "refused")
    if one.state != "known" or one.taken is None:
        return CourseResult(standing="corrected" if corrected else "no_result")
    age, say = age_on(one.taken.date())
    alone = read_results(fact, (one,), one.taken.date(), age, sex)
    return CourseResult(
        value=_value(one),
        comparator=one.comparator,
        flag=one.flag,
        canonical=f"{one.canonical(fact)} {plain_unit(fact.unit)}".strip() if one.interval else "",
        low=one.low,
        high=one.high,
        own_range=say_range(one.low, one.high, fact) if one.has_range else "",
        positions=tuple(position for position in POSITIONS if position in (alone.positions or ())) if not say else (),
        doubt=say_unusual(fact, one) if is_unusual(fact, one, age, sex) else "",
        clash="; ".join(KINDS[clash.kind] for clash in alone.contradictions),
        say=say,
        standing="corrected" if corrected else standings.get(id(one), "overtaken"),
    )


def _value(one: Result) -> Fraction | None:
    """The number, or the limit that was reported: the interval of ``<5`` ends one step below it."""
    if one.interval is None:
        return None
    if not one.comparator:
        return one.interval.low
    return (exact(one.typed) or Fraction(0)) * (one.unit.factor if one.unit else 1)
