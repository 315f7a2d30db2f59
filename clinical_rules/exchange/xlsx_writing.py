"""Writes a spreadsheet in XLSX form: the same bytes for the same release."""

import io
import re
import zipfile
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from clinical_rules.errors import ReleaseError
from clinical_rules.exchange.book import Book, Head, Sheet
from clinical_rules.exchange.kinds import Kind
from clinical_rules.exchange.layout import READ_ME

MOST_LETTERS = 32_767
_TEXT = "@"
_WRAP = Alignment(vertical="top", wrap_text=True)
_STYLES = {
    "release cell": {"number_format": _TEXT, "alignment": _WRAP},
    "release number": {"alignment": Alignment(vertical="top")},
    "release head": {"number_format": _TEXT, "font": Font(bold=True), "fill": PatternFill("solid", fgColor="E3EBF1"), "alignment": _WRAP},
    "release label": {"number_format": _TEXT, "font": Font(italic=True, color="44525E"), "alignment": _WRAP},
}
_WIDTHS = {Kind.NUMBER: 10, Kind.YES_NO: 8, Kind.TEST: 18, Kind.LOW_HIGH: 10, Kind.FROM_TO: 10}
_WIDE, _NARROW = 48, 16
_LONG_CELL = 40
_ROWS_TO_ADD = 500
"""For so many rows below the last one there are lists to pick from."""
_ANY_TIME = (1980, 1, 1, 0, 0, 0)
_WRITTEN_AT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(<)")


def write_sheets(book: Book) -> bytes:
    """The file. Raises ``ReleaseError`` for a cell that no spreadsheet holds."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, look in _STYLES.items():
        workbook.add_named_style(NamedStyle(name=name, **look))
    for sheet in book.sheets:
        _sheet(workbook, sheet)
    stored = io.BytesIO()
    workbook.save(stored)
    return _without_time(stored.getvalue())


def _sheet(workbook: Workbook, sheet: Sheet) -> None:
    written = workbook.create_sheet(sheet.name)
    heads = sheet.heads or (Head("", ""), Head("", ""))
    for number, row in sheet.rows.items():
        for place, value in enumerate(row, 1):
            if value is None:
                continue
            if isinstance(value, str) and len(value.encode("utf-16-le")) // 2 > MOST_LETTERS:
                raise ReleaseError(
                    f"{sheet.name}, row {number}: a cell holds more than {MOST_LETTERS} letters, and no spreadsheet keeps it"
                )
            cell = written.cell(number, place, value)
            if isinstance(value, str):
                cell.data_type = "s"
            cell.style = _style(sheet, number, value)
    for place, head in enumerate(heads, 1):
        column = written.column_dimensions[get_column_letter(place)]
        column.width = _width(sheet, head, place)
        if head.kind is not Kind.NUMBER:
            column.number_format = _TEXT
    if sheet.heads:
        written.freeze_panes = "B3" if sheet.labelled else "A2"
        _choices(written, sheet)


def _style(sheet: Sheet, number: int, value: Any) -> str:
    if sheet.heads and number == 1:
        return "release head"
    if sheet.labelled and number == 2:
        return "release label"
    return "release cell" if isinstance(value, str) else "release number"


def _width(sheet: Sheet, head: Head, place: int) -> float:
    if sheet.name == READ_ME:
        return 28 if place == 1 else 110
    longest = max((len(str(row[place - 1])) for number, row in sheet.rows.items() if number > 2 and place <= len(row)), default=0)
    return _WIDTHS.get(head.kind, _WIDE if longest > _LONG_CELL else max(_NARROW, longest + 2))


def _choices(written: Any, sheet: Sheet) -> None:
    """Lists to pick from; another answer is asked about, and left to whoever gives it."""
    last = max(sheet.rows, default=1) + _ROWS_TO_ADD
    for place, head in enumerate(sheet.heads, 1):
        codes = ("yes", "no") if head.kind is Kind.YES_NO else head.codes
        if codes and sheet.labelled:
            rule = DataValidation("list", formula1=f'"{",".join(codes)}"', allow_blank=True, errorStyle="warning")
            rule.add(f"{get_column_letter(place)}3:{get_column_letter(place)}{last}")
            written.add_data_validation(rule)


def _without_time(data: bytes) -> bytes:
    """The same file without the moment at which it was written."""
    timeless = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(timeless, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = _WRITTEN_AT.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", part)
            new.writestr(zipfile.ZipInfo(name, _ANY_TIME), part, zipfile.ZIP_DEFLATED)
    return timeless.getvalue()
