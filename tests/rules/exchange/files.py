"""Changes files as people and programs do."""

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

from openpyxl import Workbook, load_workbook

from clinical_rules.exchange import write_csv, write_workbook
from tests.rules.exchange.releases import TINY

XLSX = write_workbook(TINY)
ARCHIVE = write_csv(TINY)


def opened(data: bytes = XLSX) -> Workbook:
    return load_workbook(io.BytesIO(data))


def saved(book: Workbook) -> bytes:
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


def with_cells(cells: dict[tuple[str, str], Any], data: bytes = XLSX) -> bytes:
    """The spreadsheet with other values in some cells."""
    book = opened(data)
    for (sheet, cell), value in cells.items():
        book[sheet][cell] = value
    return saved(book)


def place_of(sheet: str, row: str, column: str, data: bytes = XLSX) -> str:
    """Where the value of a row stands: the row by what stands in any of its first three cells."""
    cells = opened(data)[sheet]
    heads = {str(cell.value).partition(" [")[0]: cell.column_letter for cell in cells[1]}
    number = next(one[0].row for one in cells.iter_rows(min_row=3) if row in [cell.value for cell in one[:3]])
    return f"{heads[column]}{number}"


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes] | bytes) -> bytes:
    """The archive with one file changed, or added."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            part = old.read(one)
            if one == name:
                part = change if isinstance(change, bytes) else change(part)
            new.writestr(one, part)
        if name not in old.namelist():
            assert isinstance(change, bytes)
            new.writestr(name, change)
    return changed.getvalue()


def part_of(sheet: str, data: bytes = XLSX) -> str:
    """The name of the file in which a sheet stands."""
    return f"xl/worksheets/sheet{opened(data).sheetnames.index(sheet) + 1}.xml"


def each_file(data: bytes, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> bytes:
    """The archive with every file as the function gives it."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(*part)
    return changed.getvalue()


def as_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def csv_rows(part: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(part.decode("utf-8-sig"), newline="")))
