"""The measurements of a patient, fact by fact, as the rules read them: what the plots and the tables are made from."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.utils.text import capfirst

from calcinosis_app.desk.chart.record import Record
from calcinosis_app.patients.bridge import CourseResult, Stretch, course_of, fact_of, ranges_of
from calcinosis_app.patients.models import Finding, Lesion, Patient
from calcinosis_app.patients.presentation import position_in_words, position_mark, value_in_words
from calcinosis_app.rulebooks.bridge import Fact, current, plain_unit

# Measured facts that change with time; other numbers, as weeks since onset, are told in the story.
SECTIONS = ("laboratory", "measures")
OF_LESIONS = ("lesion_size", "lesion_depth")
NO_JUDGEMENT = CourseResult(say="the current release does not know this fact", standing="refused")


@dataclass(frozen=True)
class Point:
    """One result: as typed, as judged on its own day, and whether it counts now. `said_range` is the range that judged it."""

    finding: Finding
    result: CourseResult
    day: date
    said_range: str
    shelf_life: int | None
    corrected_by: Finding | None = None
    is_removed: bool = False

    @property
    def typed(self) -> str:
        """The value as it was reported, in its own unit."""
        return value_in_words(self.finding)

    @property
    def canonical(self) -> str:
        """The same in the unit of the plot; empty where it was reported in that unit."""
        found = self.result.canonical
        unit = found.partition(" ")[2]
        return "" if not found or plain_unit(self.finding.unit) == unit or self.finding.unit in ("", "1") else found

    @property
    def in_unit(self) -> str:
        """The number in the unit of the plot and the table, without it; empty without a number."""
        return self.result.canonical.partition(" ")[0]

    @property
    def position(self) -> str:
        """Below, within or above; several of them, joined by "or", where it is not certain."""
        return " or ".join(self.result.positions)

    @property
    def position_label(self) -> str:
        """The position in words."""
        return position_in_words(self.position)

    @property
    def position_mark(self) -> str:
        """The position as a sign, beside its words."""
        return position_mark(self.position)

    @property
    def counts(self) -> bool:
        """Whether the rules use it now."""
        return self.result.standing == "counts" and not self.is_removed

    @property
    def standing(self) -> str:
        """Whether it counts now, and if not, why."""
        if self.is_removed:
            return "does not count: the lesion was removed"
        match self.result.standing:
            case "counts":
                return "counts now"
            case "too_old":
                return f"too old: over {self.shelf_life} days"
            case "overtaken":
                return "a newer result counts"
            case "left_out":
                return "left out: its range belongs to another test"
            case "corrected":
                return self._corrected()
            case "refused":
                return "not read by the rules"
        return "no result"

    @property
    def notes(self) -> tuple[str, ...]:
        """What is doubtful or contradictory about it, in words."""
        return tuple(text for text in (self.result.clash, self.result.doubt, self.result.say) if text)

    def _corrected(self) -> str:
        new = self.corrected_by
        return f"corrected on {new.recorded_at:%-d %b %Y} by {new.recorded_by}: {value_in_words(new)}" if new else "corrected"


@dataclass(frozen=True)
class Analyte:
    """All results of one fact, of the patient or of one lesion, oldest first. Facts are never mixed: each has its own plot."""

    key: str
    label: str
    unit: str
    fact: Fact | None
    lesion: Lesion | None
    points: tuple[Point, ...]
    stretches: tuple[Stretch, ...]
    state: str
    clash: str

    @property
    def id(self) -> str:
        """The name under which the page, its filter and its links know it."""
        return f"{self.key}-{self.lesion.pk}" if self.lesion else self.key

    @cached_property
    def newest(self) -> Point:
        """The last one that was not corrected; where all were, the last."""
        return next((one for one in reversed(self.points) if one.result.standing != "corrected"), self.points[-1])

    @cached_property
    def counting(self) -> tuple[Point, ...]:
        """Those that the rules use now."""
        return tuple(one for one in self.points if one.counts)

    @property
    def backwards(self) -> tuple[Point, ...]:
        """Newest first, for the table."""
        return self.points[::-1]

    @property
    def now(self) -> str:
        """What counts now, in a few words."""
        if self.state == "contradictory":
            return f"contradictory now: {self.clash}"
        if self.counting:
            return f"{len(self.counting)} count{'s' if len(self.counting) == 1 else ''} now"
        return "all are too old to count" if self.state == "too_old" else "none counts now"

    def within(self, start: date, end: date) -> "Analyte":
        """The same with the results of these days only."""
        return replace(self, points=tuple(one for one in self.points if start <= one.day <= end))


def analytes_of(record: Record, on: date) -> tuple[Analyte, ...]:
    """Every measurement with a result, laboratory first and in the order of the release, then what was measured of lesions."""
    groups: dict[tuple[str, object], list[Finding]] = defaultdict(list)
    for finding in record.findings:
        if _is_measured(finding):
            groups[finding.key, finding.lesion_id].append(finding)
    lesions = {lesion.pk: lesion for lesion in record.lesions}
    several = len(record.cases) > 1
    order = {key: place for place, key in enumerate(current().facts)}
    found = [
        _analyte(record, key, lesions.get(lesion_id), findings, on, several=several)  # type: ignore[call-overload]  # a lesion, or none
        for (key, lesion_id), findings in groups.items()
    ]
    return tuple(
        sorted(found, key=lambda one: (one.lesion is not None, order.get(one.key, len(order)), one.lesion.added_at if one.lesion else 0))
    )


def _is_measured(finding: Finding) -> bool:
    fact = fact_of(finding.key)
    if fact is None:
        return finding.number is not None
    return fact.kind == "number" and (fact.section in SECTIONS or fact.key in OF_LESIONS)


def _analyte(record: Record, key: str, lesion: Lesion | None, findings: list[Finding], on: date, *, several: bool) -> Analyte:
    fact = fact_of(key)
    place = f", {record.titles[lesion.pk]}{_of_case(lesion) if several else ''}" if lesion else ""
    stretches = ranges_of(record.patient, key) if fact else ()
    if fact is None:
        judged, state, clash = (NO_JUDGEMENT,) * len(findings), "unknown", ""
    else:
        course = course_of(record.patient, key, findings, on)
        judged, state, clash = course.results, course.state, course.clash
    return Analyte(
        key=key,
        label=f"{capfirst(fact.label) if fact else key}{place}",
        unit=plain_unit(fact.unit) if fact else "",
        fact=fact,
        lesion=lesion,
        points=tuple(_points(record, fact, lesion, findings, judged, stretches)),
        stretches=stretches,
        state=state,
        clash=clash,
    )


def _of_case(lesion: Lesion) -> str:
    return f" of {lesion.case.title or f'the case of {lesion.case.opened_at:%-d %b %Y}'}"


def _points(
    record: Record,
    fact: Fact | None,
    lesion: Lesion | None,
    findings: list[Finding],
    judged: Iterable[CourseResult],
    stretches: tuple[Stretch, ...],
) -> Iterator[Point]:
    for finding, result in zip(findings, judged, strict=True):
        day = finding.taken_on or finding.recorded_at.date()
        yield Point(
            finding=finding,
            result=result,
            day=day,
            said_range=f"{result.own_range} (laboratory's own)" if result.own_range else range_on(stretches, record.patient, day),
            shelf_life=fact.shelf_life_days if fact else None,
            corrected_by=record.corrections.get(finding.pk),
            is_removed=lesion is not None and lesion.removed_at is not None,
        )


def range_on(stretches: tuple[Stretch, ...], patient: Patient, day: date) -> str:
    """The range on file for the age on a day; each possible one where the age or sex is not known."""
    if not stretches:
        return ""
    held = [one for one in stretches if one.start is None or one.end is None or one.start <= day <= one.end]
    said = tuple(dict.fromkeys(one.said for one in held))
    if not held or said == ("",):
        return "no range on file for this age: the laboratory's own is needed"
    if len(said) == 1:
        return said[0]
    missing = [what for what, is_open in (("birth date", not patient.birth_date), ("sex", not patient.sex)) if is_open]
    return f"{' or '.join(text or 'none' for text in said)}: {' and '.join(missing) or 'age'} not known"
