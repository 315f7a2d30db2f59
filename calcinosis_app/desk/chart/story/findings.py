"""What was recorded, one entry for what one person recorded on one day in one place."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import localdate

from calcinosis_app.desk.chart.record import Record
from calcinosis_app.desk.chart.story.entry import Entry
from calcinosis_app.laboratory.selectors import ResultSource
from calcinosis_app.patients.bridge import fact_of
from calcinosis_app.patients.models import Finding
from calcinosis_app.patients.presentation import value_in_words

MOST_SAID = 6


def entries(record: Record, *, imports_of: UUID | None) -> Iterator[Entry]:
    """Results imported from a file, and what was entered in a case. Imports of one clinic open, those of `imports_of`."""
    groups: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for finding in record.findings:
        source = record.sources.get(finding.pk)
        groups[localdate(finding.recorded_at), finding.recorded_by_id, source or finding.case_id].append(finding)
    cases = {case.pk: case for case in record.cases}
    for found in groups.values():
        one = max(found, key=lambda finding: finding.recorded_at)
        source = record.sources.get(one.pk)
        case = cases.get(one.case_id) if one.case_id else None
        url, link, place = "", "", ""
        if source and source.clinic_id == imports_of:
            url, link = reverse("laboratory:import", args=[source.source_id]), "Import"
        elif case and not source:
            url, link = reverse("patients:case", args=[case.pk]), "Record"
            place = f" for {case.title}" if case.title else ""
        elif record.cases:
            # A result without a case counts in every case of the patient, and stands in the record of each.
            url, link = reverse("patients:case", args=[record.cases[0].pk]), "Record"
        said = _said(record, found)
        yield Entry(
            at=one.recorded_at,
            kind="findings",
            title=f"{_title(found, source)}{place}",
            says=(f"By {one.recorded_by}{_taken(found)}", *(said if len(said) <= MOST_SAID else ())),
            url=url,
            link=link,
            more=said if len(said) > MOST_SAID else (),
        )


def _title(found: list[Finding], source: ResultSource | None) -> str:
    count = f"{len(found)} {'result' if source else 'finding'}{'s' if len(found) != 1 else ''}"
    if source:
        return f"{count} imported{f' from {source.laboratory}' if source.laboratory else ''}"
    return f"{count} recorded"


def _taken(found: list[Finding]) -> str:
    days = [one.taken_on for one in found if one.taken_on]
    if not days or (min(days) == max(days) == localdate(found[0].recorded_at)):
        return ""
    return f"; found {_days(min(days), max(days))}"


def _days(first: date, last: date) -> str:
    return f"on {first:%-d %b %Y}" if first == last else f"from {first:%-d %b %Y} to {last:%-d %b %Y}"


def _said(record: Record, found: list[Finding]) -> tuple[str, ...]:
    """Each fact once: with its value when there is one of it, else how many."""
    counts = Counter((one.key, one.lesion_id) for one in found)
    said = {}
    for one in found:
        fact = fact_of(one.key)
        name = f"{fact.label if fact else one.key}{f' ({record.titles[one.lesion.pk]})' if one.lesion else ''}"
        count = counts[one.key, one.lesion_id]
        corrects = ", a correction" if one.corrects_id else ""
        said[one.key, one.lesion_id] = f"{name}: {value_in_words(one)}{corrects}" if count == 1 else f"{name}: {count} results"
    return tuple(capfirst(text) for text in said.values())
