"""Treatments, exposures, assessments and reviews as lanes under the plots, on the same days."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.utils.text import capfirst
from django.utils.timezone import localdate

from calcinosis_app.assessments.decisions import IN_USE, Decision
from calcinosis_app.assessments.models import Assessment, Review
from calcinosis_app.desk.chart.record import Record
from calcinosis_app.desk.chart.time_axis import TimeAxis
from calcinosis_app.patients.bridge import fact_of
from calcinosis_app.patients.models import Finding
from calcinosis_app.rulebooks.bridge import Fact, current

# What is taken, done or was met with, as it is asked in case entry.
OF_TREATMENTS = ("drug_list", "drugs")
OTHER_TREATMENTS = (
    "on_dialysis",
    "any_mineral_treatment",
    "phosphate_restricted_diet",
    "calcium_lowering_drug_for_hypercalcaemia",
    "calcium_or_vitamin_d_for_hypoparathyroidism",
)
OF_EXPOSURES = ("exposure", "transient_load")
ENDED = {Decision.DECLINE.value: "declined", Decision.DEFER.value: "deferred"}


@dataclass(frozen=True)
class Bar:
    """A stretch of days: `sure` from the first yes to the last, `unsure` where nobody asked again, `planned` from a signature on."""

    kind: str
    start: date
    end: date
    says: str


@dataclass
class Lane:
    """One treatment, or one kind of event: bars, single days, and the same in words."""

    name: str
    kind: str
    bars: list[Bar] = field(default_factory=list)
    days: list[tuple[date, str, str]] = field(default_factory=list)
    """Day, sign and words of each single event."""

    @property
    def says(self) -> tuple[str, ...]:
        """Everything the lane shows, in words."""
        return (*(bar.says for bar in self.bars if bar.says), *(words for _, _, words in self.days))

    @property
    def short(self) -> str:
        """The name without what stands in brackets; the whole name stands with the words."""
        return re.sub(r" \(.*?\)", "", self.name)

    @property
    def first(self) -> date:
        """The day on which it begins."""
        return min([bar.start for bar in self.bars] + [day for day, _, _ in self.days])


@dataclass(frozen=True)
class DrawnLane:
    """A lane on an axis."""

    lane: Lane
    bars: tuple[tuple[float, float, Bar], ...]
    signs: tuple[tuple[float, str, str], ...]


def drawn(lanes: Iterable[Lane], axis: TimeAxis) -> tuple[DrawnLane, ...]:
    """The lanes of which something lies within the days shown."""
    found = []
    for lane in lanes:
        spans = ((axis.span(bar.start, bar.end + timedelta(days=1)), bar) for bar in lane.bars)
        bars = tuple((span[0], max(span[1], 0.4), bar) for span, bar in spans if span)
        signs = tuple((axis.at(day), sign, words) for day, sign, words in lane.days if axis.shows(day))
        if bars or signs:
            found.append(DrawnLane(lane, bars, signs))
    return tuple(found)


def lanes_of(record: Record, on: date) -> tuple[Lane, ...]:
    """Treatments as they were answered, treatments of signed plans, exposures, then assessments and reviews."""
    answered = [*_answered(record, on)]
    planned = [*_planned(record, on)]
    return (*sorted(answered, key=_order), *sorted(planned, key=_order), *_judgements(record))


def _order(lane: Lane) -> tuple[bool, date, str]:
    return lane.kind == "exposure", lane.first, lane.name


def _answered(record: Record, on: date) -> Iterator[Lane]:
    groups: dict[tuple[str, object], list[Finding]] = defaultdict(list)
    for finding in record.findings:
        if finding.answer is None or finding.pk in record.corrections or (finding.lesion and finding.lesion.removed_at):
            continue
        groups[finding.key, finding.lesion_id].append(finding)
    for (key, _), findings in groups.items():
        fact = fact_of(key)
        if fact is None or not any(one.answer for one in findings):
            continue
        of = f", {record.titles[findings[0].lesion.pk]}" if findings[0].lesion else ""
        if fact.section in OF_EXPOSURES:
            days = [(_day(one), "\u25c6", f"answered yes on {_day(one):%-d %b %Y}") for one in findings if one.answer]
            yield Lane(f"{capfirst(fact.label)}{of}", "exposure", days=days)
        elif fact.section in OF_TREATMENTS or key in OTHER_TREATMENTS:
            yield Lane(f"{capfirst(fact.label)}{of}", "treatment", bars=[*_bars(fact, findings, on)])


def _bars(fact: Fact, findings: list[Finding], on: date) -> Iterator[Bar]:
    """From answers to stretches: a yes is sure on its day and up to the next yes; then nobody knows when it ended."""
    first: Finding | None = None
    last: Finding | None = None
    for one in findings:
        if one.answer:
            first, last = first or one, one
        elif first and last:
            yield from _bar(_day(first), _day(last), _day(one), f"answered no on {_day(one):%-d %b %Y}")
            first = last = None
    if first and last:
        counts_until = _day(last) + timedelta(days=fact.shelf_life_days) if fact.shelf_life_days else on
        said = "not asked since; it counts until somebody answers no"
        if fact.shelf_life_days:
            said = f"not asked since; it {'counts' if counts_until >= on else 'counted'} until {counts_until:%-d %b %Y}"
        yield from _bar(_day(first), _day(last), min(counts_until, on), said if _day(last) < on else "")


def _bar(first: date, last: date, end: date, then: str) -> Iterator[Bar]:
    said = f"yes on {first:%-d %b %Y}" if first == last else f"yes from {first:%-d %b %Y} to {last:%-d %b %Y}"
    yield Bar("sure", first, last, "; ".join(text for text in (said, then) if text))
    if end > last:
        yield Bar("unsure", last, end, "")


def _planned(record: Record, on: date) -> Iterator[Lane]:
    """What a signed plan put into use: from the signature until a later plan of the same case declines or defers it."""
    open_bars: dict[tuple[UUID, str, str], tuple[date, Review]] = {}
    lanes: dict[tuple[UUID, str, str], Lane] = {}
    treatments = current().treatments
    for review in record.plans:
        case = record.assessment_of(review).case_id
        titles = record.titles_in(case)
        day = localdate(review.signed_at)
        for step in record.steps.get(review.pk, ()):
            place = (case, step.treatment, step.lesion)
            if not step.treatment:
                continue
            if step.decision in IN_USE and place not in open_bars:
                named = treatments.get(step.treatment)
                of = f", {titles.get(step.lesion, step.lesion)}" if step.lesion else ""
                lanes.setdefault(place, Lane(f"Plan: {named.name if named else step.treatment}{of}", "plan"))
                open_bars[place] = (day, review)
            elif step.decision in ENDED and place in open_bars:
                start, by = open_bars.pop(place)
                lanes[place].bars.append(Bar("planned", start, day, f"{_signed(start, by)}; {ENDED[step.decision]} on {day:%-d %b %Y}"))
    for place, (start, by) in open_bars.items():
        lanes[place].bars.append(Bar("planned", start, max(on, start), f"{_signed(start, by)}; not ended by a later plan"))
    yield from lanes.values()


def _signed(day: date, review: Review) -> str:
    return f"in the plan that {review.reviewer} signed on {day:%-d %b %Y}"


def _judgements(record: Record) -> Iterator[Lane]:
    judged = [(one.on, "!" if one.outcome["emergencies"] else "\u25c7", _assessed(one)) for one in reversed(record.assessments)]
    if judged:
        yield Lane("Assessments", "judgement", days=judged)
    signed = [(day, "\u25a0", f"signed by {one.reviewer} on {day:%-d %b %Y}") for one in record.plans if (day := localdate(one.signed_at))]
    if signed:
        yield Lane("Reviews signed", "judgement", days=signed)


def _assessed(one: Assessment) -> str:
    alarm = ", with an emergency" if one.outcome["emergencies"] else ""
    return f"assessed as of {one.on:%-d %b %Y}: {one.outcome['status']}{alarm}"


def _day(finding: Finding) -> date:
    return finding.taken_on or finding.recorded_at.date()
