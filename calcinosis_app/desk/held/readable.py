"""Everything that is held on one person, for a person to read: one page that needs nothing but itself, and prints."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.template.loader import render_to_string

from calcinosis_app.desk.held.text import visible
from calcinosis_app.patients.bridge import fact_of
from calcinosis_app.patients.models import Finding, Patient
from calcinosis_app.patients.presentation import line

# The tables that a reader asks for first, in this order and under these names; whatever else is held follows under its own.
HEADINGS: Final = {
    "patients.patient": "Who the patient is",
    "patients.merge": "Records merged and unmerged",
    "patients.notsame": "Said to be somebody else",
    "patients.case": "Cases",
    "patients.lesion": "Lesions",
    "patients.finding": "Findings, as they were recorded and typed",
    "patients.draftentry": "Typed and not recorded",
    "assessments.assessment": "Assessments",
    "assessments.review": "Reviews and plans",
    "assessments.step": "Decisions",
    "assessments.typeoverride": "Types given by the reviewer",
    "followups.plan": "Plans whose reminders were written",
    "followups.reminder": "Reminders",
    "laboratory.line": "Lines of laboratory files",
    "laboratory.importedresult": "Results taken from a laboratory, once each",
    "patients.recordhold": "Kept back from removal",
    "patients.transferoffer": "Offers to another clinic",
    "patients.pastnumber": "Earlier numbers",
    "accounts.emergencyaccess": "Read in an emergency",
    "patients.fieldturn": "Whose turn it was to write a field",
    "patients.practice": "Practice on a worked case",
    "core.oncekey": "Keys by which a request was done once",
    "audit.event": "What was done, by whom and when",
}
OF_THE_PAST: Final = "past"  # how the table of what rows were before is named, behind the name of the rows' own
SEEN: Final = "patient.opened"
EMPTY: Final[tuple[Any, ...]] = (None, "", [], {})


@dataclass(frozen=True)
class Row:
    """One row as name and value, without what is empty. `title` says in words what it is, where that can be said."""

    title: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Part:
    """One table."""

    title: str
    rows: tuple[Row, ...]


def page(record: Mapping[str, Any], patient: Patient) -> str:
    """The whole page."""
    return render_to_string(
        "desk/held/record.html",
        {
            "record": record,
            "patient": patient,
            "name": visible(patient.name),
            "numbers": [(visible(one.number), visible(one.name)) for one in (patient, *patient.also_known_as)],
            "clinic": visible(record["clinic"]["name"]),
            "seen": list(_seen(record)),
            "parts": list(_parts(record)),
        },
    )


def heading(table: str) -> str:
    """What a table is called for a reader; one that nobody has named keeps its own name, and is shown all the same."""
    own = table.removesuffix(OF_THE_PAST)
    if own != table and own in HEADINGS:
        return f"{HEADINGS[own]}: what stood there before, and what was added"
    return HEADINGS.get(table, table)


def _seen(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Who opened the patient, and when."""
    for event in record["tables"].get("audit.event", ()):
        if event["action"] == SEEN:
            yield visible(event["at"][:16].replace("T", " ")), visible(event["actor"])


def _parts(record: Mapping[str, Any]) -> Iterator[Part]:
    tables = record["tables"]
    for name in dict.fromkeys([*(one for one in HEADINGS if one in tables), *sorted(tables)]):
        rows = tables[name]
        titles = _findings(rows) if name == "patients.finding" else {}
        yield Part(heading(name), tuple(Row(titles.get(row.get("id"), ""), tuple(_cells(row, record))) for row in rows))


def _findings(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Each finding in words: "Phosphate: 1.9 mmol/L"."""
    ids = [row["id"] for row in rows]
    found = Finding.objects.filter(pk__in=ids).select_related("patient__merged_into", "lesion", "recorded_by")
    return {str(one.pk): f"{_label(one)}: {visible(line(one, one.patient).value)}" for one in found}


def _label(finding: Finding) -> str:
    fact = fact_of(finding.key)
    return fact.label if fact else finding.key


def _cells(row: Mapping[str, Any], record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        if value not in EMPTY:
            yield name.replace("_", " "), visible(_said(value, record))


def _said(value: Any, record: Mapping[str, Any]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = str(value)
    person, release = record["people"].get(text), record["releases"].get(text)
    return str(person or (f"release {release['number']}" if release else text))
