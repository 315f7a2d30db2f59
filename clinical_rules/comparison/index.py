"""What is kept of a set of stored cases, made once under one release, to tell whom a changed release touches."""

import base64
import json
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from clinical_rules import ENGINE
from clinical_rules.assessment import Assessment, assess
from clinical_rules.comparison.columns import Column, ColumnWriter, Section
from clinical_rules.comparison.judging import Document, Terms
from clinical_rules.comparison.outcome import Outcome, outcome_of
from clinical_rules.derive import Pictures
from clinical_rules.errors import CaseError
from clinical_rules.pathway import Pathway
from clinical_rules.quantities import scale
from clinical_rules.release import Release
from clinical_rules.tables import Possible

SECTIONS = ("patient", "lesion", "led", "any")
"""Patients; lesions; lesions as if their leading type were so; and patients whose lesions' facts are asked of any lesion."""


@dataclass(frozen=True, slots=True)
class Index:
    """The outcome of each case, what the tables saw of each fact, and which findings were stated."""

    release: str
    """The hash of the release under which it was made."""
    engine: str
    terms: Terms
    outcomes: tuple[bytes, ...]
    """The outcome of each case as compressed JSON."""
    sections: Mapping[str, Section]
    stated: Mapping[str, tuple[int, ...]]
    """The cases that state a fact."""
    numbers: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]]
    """For each laboratory analyte every number that ranges are compared with, scaled, ascending, and beside each its case."""
    own_limits: Mapping[str, tuple[int, ...]]
    """The cases that have a result of an analyte with the laboratory's own range."""
    doubted: Mapping[str, tuple[int, ...]]
    """The cases in which findings of a fact contradict each other."""
    special: Mapping[str, tuple[int, ...]]
    """Cases that row values do not tell everything about: ``several_results``, ``raised_once``, ``warned``, ``error``."""
    undecided: tuple[int, ...]
    scheduled: Mapping[str, tuple[int, ...]]
    """The cases in whose schedule a row stands."""

    @property
    def count(self) -> int:
        """How many cases there are."""
        return len(self.outcomes)

    def outcome(self, case: int) -> Outcome:
        """The outcome of a case under the release of the index."""
        found: Outcome = json.loads(zlib.decompress(self.outcomes[case]))
        return found

    def units_of(self, section: str, case: int) -> range:
        """The units of a case: one for a patient, one for each lesion in order."""
        case_of = self.sections[section].case_of
        return range(bisect_left(case_of, case), bisect_right(case_of, case))

    def as_json(self) -> dict[str, Any]:
        """The index as plain data, to be stored."""
        return {
            "release": self.release,
            "engine": self.engine,
            "today": None if self.terms.today is None else self.terms.today.isoformat(),
            "jurisdiction": self.terms.jurisdiction,
            "outcomes": [base64.b64encode(one).decode() for one in self.outcomes],
            "sections": {name: section.as_json() for name, section in self.sections.items()},
            "stated": {fact: list(cases) for fact, cases in self.stated.items()},
            "numbers": {fact: [list(values), list(cases)] for fact, (values, cases) in self.numbers.items()},
            "own_limits": {fact: list(cases) for fact, cases in self.own_limits.items()},
            "doubted": {fact: list(cases) for fact, cases in self.doubted.items()},
            "special": {name: list(cases) for name, cases in self.special.items()},
            "undecided": list(self.undecided),
            "scheduled": {row: list(cases) for row, cases in self.scheduled.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Index":
        """The index of this data."""
        return cls(
            data["release"],
            data["engine"],
            Terms(None if data["today"] is None else date.fromisoformat(data["today"]), data["jurisdiction"]),
            tuple(base64.b64decode(one) for one in data["outcomes"]),
            {name: Section.from_json(one) for name, one in data["sections"].items()},
            {fact: tuple(cases) for fact, cases in data["stated"].items()},
            {fact: (tuple(values), tuple(cases)) for fact, (values, cases) in data["numbers"].items()},
            {fact: tuple(cases) for fact, cases in data["own_limits"].items()},
            {fact: tuple(cases) for fact, cases in data["doubted"].items()},
            {name: tuple(cases) for name, cases in data["special"].items()},
            tuple(data["undecided"]),
            {row: tuple(cases) for row, cases in data["scheduled"].items()},
        )


def build_index(documents: Iterable[Document], release: Release, terms: Terms | None = None) -> Index:
    """Judge every case once and keep what the tables saw."""
    writer = _Writer(release, terms or Terms())
    for document in documents:
        writer.put(document)
    return writer.index()


class _Writer:
    def __init__(self, release: Release, terms: Terms) -> None:
        self.release, self.terms = release, terms
        self.outcomes: list[bytes] = []
        self.columns: dict[str, dict[str, ColumnWriter]] = {name: {} for name in SECTIONS}
        self.case_of: dict[str, array[int]] = {name: array("L") for name in SECTIONS}
        self.facts = {scope: [key for key in release.domains if release.facts[key].scope == scope] for scope in ("patient", "lesion")}
        self.stated: dict[str, list[int]] = {}
        self.numbers: dict[str, list[tuple[int, int]]] = {}
        self.own_limits: dict[str, list[int]] = {}
        self.doubted: dict[str, list[int]] = {}
        self.special: dict[str, list[int]] = {name: [] for name in ("several_results", "raised_once", "warned", "error")}
        self.undecided: list[int] = []
        self.scheduled: dict[str, list[int]] = {}

    def put(self, document: Document) -> None:
        number = len(self.outcomes)
        try:
            assessed = assess(document, self.release, jurisdiction=self.terms.jurisdiction, today=self.terms.today)
        except CaseError as error:
            self._keep({"error": error.as_json()})
            self.special["error"].append(number)
            return
        self._keep(outcome_of(assessed))
        self._put_units(number, assessed)
        self._put_findings(number, assessed.pictures)
        for fact in _doubted(assessed.pictures):
            self.doubted.setdefault(fact, []).append(number)
        if any("raised_once" in one.marks for one in assessed.lesions):
            self.special["raised_once"].append(number)
        if assessed.warnings:
            self.special["warned"].append(number)
        if any(one.status != "decided" for one in assessed.lesions):
            self.undecided.append(number)
        for row in dict.fromkeys(one.row for one in assessed.schedule):
            self.scheduled.setdefault(row, []).append(number)

    def _keep(self, outcome: Outcome) -> None:
        self.outcomes.append(zlib.compress(json.dumps(outcome, separators=(",", ":")).encode(), 1))

    def _put_units(self, number: int, assessed: Assessment) -> None:
        pictures, patients, lesions = assessed.pictures, self.facts["patient"], self.facts["lesion"]
        self._put_unit("patient", number, ((key, pictures.patient.get(key)) for key in patients))
        self._put_unit("any", number, ((key, pictures.any_lesion(key)) for key in (*patients, *lesions)))
        pathway = Pathway(self.release, pictures, assessed.lesions, assessed.emergencies, self.terms.jurisdiction)
        for lesion, picture in pictures.lesions.items():
            self._put_unit("lesion", number, ((key, picture.get(key)) for key in (*patients, *lesions)))
            led = pathway.under_leading(lesion, picture)
            if led is not None:
                self._put_unit("led", number, ((key, led.get(key)) for key in (*patients, *lesions)))

    def _put_unit(self, section: str, number: int, known: Iterator[tuple[str, Possible | None]]) -> None:
        columns, cases = self.columns[section], self.case_of[section]
        for key, value in known:
            if value is not None:
                columns.setdefault(key, ColumnWriter()).put(len(cases), value)
        cases.append(number)

    def _put_findings(self, number: int, pictures: Pictures) -> None:
        case = pictures.case
        for key in dict.fromkeys((*case.findings, *(key for lesion in case.lesions for key in lesion.findings))):
            self.stated.setdefault(key, []).append(number)
        if any(len(case.findings.get(key, ())) > 1 for key in ("ca_total", "albumin", "ca_adjusted", "ca_ionised", "phosphate")):
            self.special["several_results"].append(number)
        for key, fact in self.release.facts.items():
            if not fact.bands:
                continue
            results = case.findings.get(key, ())
            spans = [one.interval for one in results if one.interval is not None]
            ends = {scale(end, fact.precision) for span in spans for end in (span.low, span.high) if end is not None}
            known = pictures.patient.known.get(key)
            if known is not None and known.spans:
                ends |= {end for span in known.spans for end in span if end is not None}
            self.numbers.setdefault(key, []).extend((end, number) for end in ends)
            if any(one.has_range for one in results):
                self.own_limits.setdefault(key, []).append(number)

    def index(self) -> Index:
        sections = {name: Section(tuple(cases), self._columns(name, len(cases))) for name, cases in self.case_of.items()}
        numbers = {}
        for key, found in self.numbers.items():
            found.sort()
            numbers[key] = (tuple(value for value, _ in found), tuple(case for _, case in found))
        return Index(
            self.release.hash,
            ENGINE,
            self.terms,
            tuple(self.outcomes),
            sections,
            {fact: tuple(cases) for fact, cases in self.stated.items()},
            numbers,
            {fact: tuple(cases) for fact, cases in self.own_limits.items()},
            {fact: tuple(cases) for fact, cases in self.doubted.items()},
            {name: tuple(cases) for name, cases in self.special.items()},
            tuple(self.undecided),
            {row: tuple(cases) for row, cases in self.scheduled.items()},
        )

    def _columns(self, name: str, count: int) -> dict[str, Column]:
        return {key: writer.column(count) for key, writer in self.columns[name].items()}


def _doubted(pictures: Pictures) -> set[str]:
    """Facts whose findings contradict each other, and what is worked out from them by formula."""
    found = {clash.fact for clash in pictures.contradictions}
    if found & {"ca_total", "albumin"} or pictures.calcium.contradictory:
        found |= {"ca_adjusted", "calcium_status"}
    return found


def tiled(index: Index, times: int) -> Index:
    """The index of the same cases that many times over: what an index of so many cases costs to search."""
    sections = {}
    for name, section in index.sections.items():
        case_of = tuple(case + index.count * turn for turn in range(times) for case in section.case_of)
        columns = {fact: Column(one.values, tuple(plane * times for plane in one.planes)) for fact, one in section.columns.items()}
        sections[name] = Section(case_of, columns)

    def again(cases: Sequence[int]) -> tuple[int, ...]:
        return tuple(case + index.count * turn for turn in range(times) for case in cases)

    numbers = {
        fact: (
            tuple(value for value in values for _ in range(times)),
            tuple(case + index.count * turn for case in cases for turn in range(times)),
        )
        for fact, (values, cases) in index.numbers.items()
    }
    return Index(
        index.release,
        index.engine,
        index.terms,
        index.outcomes * times,
        sections,
        {fact: again(cases) for fact, cases in index.stated.items()},
        numbers,
        {fact: again(cases) for fact, cases in index.own_limits.items()},
        {fact: again(cases) for fact, cases in index.doubted.items()},
        {name: again(cases) for name, cases in index.special.items()},
        again(index.undecided),
        {row: again(cases) for row, cases in index.scheduled.items()},
    )
