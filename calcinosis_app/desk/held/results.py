"""The findings of one person as a table that a spreadsheet opens, with nothing in it that acts."""

import csv
import io
from typing import Final

from calcinosis_app.desk.held.text import cell
from calcinosis_app.patients.bridge import fact_of
from calcinosis_app.patients.models import Finding
from calcinosis_app.patients.presentation import plain, value_in_words

COLUMNS: Final = (
    "patient number",
    "day",
    "fact",
    "key",
    "finding",
    "number",
    "comparator",
    "unit",
    "range low",
    "range high",
    "flag",
    "lesion",
    "corrects",
    "recorded at",
    "recorded by",
    "id",
)


def table(findings: list[Finding]) -> str:
    """One line for each finding, also for those that were corrected, the oldest first."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for one in findings:
        fact = fact_of(one.key)
        numbers = ("" if value is None else plain(value) for value in (one.number, one.low, one.high))
        number, low, high = numbers
        writer.writerow(
            cell(value)
            for value in (
                one.patient.number,
                one.taken_on or "",
                fact.label if fact else one.key,
                one.key,
                value_in_words(one),
                number,
                one.comparator,
                one.unit,
                low,
                high,
                one.flag,
                one.lesion.label if one.lesion else "",
                one.corrects_id or "",
                one.recorded_at.isoformat(),
                one.recorded_by,
                one.pk,
            )
        )
    return text.getvalue()
