"""The lesions: where, how large and of which form, now and then, and which type they were given."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from calcinosis_app.desk.chart.record import Record
from calcinosis_app.desk.review_form import type_label
from calcinosis_app.patients.bridge import fact_of
from calcinosis_app.patients.models import Finding, Lesion
from calcinosis_app.patients.presentation import value_in_words

DESCRIBED_BY = ("site", "side", "form", "lesion_count", "lesion_size", "lesion_depth")


@dataclass(frozen=True)
class Described:
    """One fact of a lesion: what is known now, and what was known before, each with its day, newest first."""

    label: str
    now: str
    day: date | None
    earlier: tuple[str, ...]


@dataclass(frozen=True)
class LesionCourse:
    """One lesion. `type` is what the newest assessment says of it, `own` what a reviewer said instead."""

    lesion: Lesion
    described: tuple[Described, ...]
    type: str
    own: str

    @property
    def now(self) -> str:
        """What is known of it now, in a few words."""
        return ", ".join(one.now for one in self.described) or "nothing described yet"


def lesions_of(record: Record) -> tuple[LesionCourse, ...]:
    """Every lesion, removed ones last."""
    known: dict[tuple[object, str], list[Finding]] = defaultdict(list)
    for finding in record.findings:
        if finding.lesion_id and finding.key in DESCRIBED_BY and finding.pk not in record.corrections:
            known[finding.lesion_id, finding.key].append(finding)
    found = [
        LesionCourse(
            lesion=lesion,
            described=tuple(_described(key, known[lesion.pk, key]) for key in DESCRIBED_BY if known[lesion.pk, key]),
            type=_type(record, lesion),
            own=_own(record, lesion),
        )
        for lesion in record.lesions
    ]
    return tuple(sorted(found, key=lambda one: one.lesion.removed_at is not None))


def _described(key: str, findings: list[Finding]) -> Described:
    fact = fact_of(key)
    newest = findings[-1]
    said = value_in_words(newest)
    earlier: list[str] = []
    for one in reversed(findings[:-1]):
        words = value_in_words(one)
        if words != (earlier[-1].partition(" (")[0] if earlier else said):
            earlier.append(f"{words} ({one.taken_on:%-d %b %Y})" if one.taken_on else words)
    return Described(fact.label if fact else key, said, newest.taken_on, tuple(earlier))


def _type(record: Record, lesion: Lesion) -> str:
    for assessment in record.assessments:
        if assessment.case_id == lesion.case_id:
            one = next((one for one in assessment.outcome["lesions"] if one["id"] == lesion.label), None)
            if one is None:
                return ""
            leading = one["leading"]
            return type_label(one["type"]) if one["type"] else f"open, {type_label(leading['type'])} leads" if leading else one["status"]
    return "not assessed"


def _own(record: Record, lesion: Lesion) -> str:
    """The type of the last reviewer who gave one, while that assessment is the newest of the case."""
    newest = next((one for one in record.assessments if one.case_id == lesion.case_id), None)
    for review in record.reviews:
        if newest is not None and review.assessment_id == newest.pk:
            for one in record.overrides.get(review.pk, ()):
                if one.lesion == lesion.label:
                    return f"{type_label(one.type)} instead, says {review.reviewer}"
    return ""
