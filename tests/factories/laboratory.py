"""Makes files of results and imports, through the same actions as the product."""

import csv
import io
from datetime import date, timedelta
from typing import Any

from openpyxl import Workbook

from calcinosis_app.accounts.models import User
from calcinosis_app.laboratory import columns
from calcinosis_app.laboratory.actions import commit_import, receive_file, work_off
from calcinosis_app.laboratory.files.written import Written
from calcinosis_app.laboratory.models import Import, Line
from calcinosis_app.patients.models import Patient

YESTERDAY = (date.today() - timedelta(days=1)).isoformat()  # noqa: DTZ011
PHOSPHATE = {"code": "14879-1", "code system": "LOINC", "value": "1.10", "unit": "mmol/L"}


def result_of(patient: Patient, **changes: str) -> dict[str, str]:
    """A phosphate of the patient in the release's LOINC code, taken yesterday, unless `changes` say otherwise."""
    usual = {
        "patient number": patient.number,
        "family name": patient.family_name,
        "birth date": patient.birth_date.isoformat() if patient.birth_date else "",
        "taken at": YESTERDAY,
        **PHOSPHATE,
    }
    return {**usual, **{name.replace("_", " "): value for name, value in changes.items()}}


def csv_of(*rows: dict[str, str], header: tuple[str, ...] = columns.ALL, delimiter: str = ",") -> bytes:
    """A text file with these lines."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def xlsx_of(*rows: dict[str, Any], header: tuple[str, ...] = columns.ALL) -> bytes:
    """A spreadsheet with these lines."""
    book = Workbook()
    sheet = book.active
    sheet.append(header)
    for row in rows:
        sheet.append([row.get(name) for name in header])
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


def dry_run(by: User, content: bytes, laboratory: str = "Central", **written: str) -> Import:
    """A file that was received and judged to the end."""
    source = receive_file(by=by, content=content, file_name="results", written=Written(**written), laboratory=laboratory)
    return work_off(source)


def imported(by: User, content: bytes, laboratory: str = "Central", **written: str) -> Import:
    """A file that was received, judged, committed and imported."""
    return work_off(commit_import(by=by, source=dry_run(by, content, laboratory, **written)))


def only_line(source: Import) -> Line:
    """The line of an import that has one."""
    return source.lines.get()


def fates(source: Import) -> list[tuple[int, str, str]]:
    """Row, fate and reason of each line."""
    return list(source.lines.order_by("row").values_list("row", "fate", "reason"))
