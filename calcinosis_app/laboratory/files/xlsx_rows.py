"""Rows of a spreadsheet."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from calcinosis_app.laboratory.columns import MOST_COLUMNS
from calcinosis_app.laboratory.files.archive import check_results
from calcinosis_app.laboratory.files.refused import FileRefused
from calcinosis_app.laboratory.files.rows import Row
from calcinosis_app.laboratory.files.written import Written
from calcinosis_app.rulebooks.bridge import BROKEN_ARCHIVE

SPOILED = {"f": "a formula", "e": "an error of the spreadsheet"}


def xlsx_rows(content: bytes, written: Written, most_rows: int) -> Iterator[Row]:
    """The rows of the only sheet. Numbers and days get the form that was declared for texts, so that all are read alike.

    Raises FileRefused for what is no such file, for one that unpacks to too much, and for several sheets.
    """
    check_results(content, most_rows)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except (*BROKEN_ARCHIVE, TypeError, AttributeError, IndexError) as error:
        raise _damaged() from error
    try:
        if len(book.worksheets) != 1:
            raise FileRefused(f"The spreadsheet has {len(book.worksheets)} sheets. Keep the one with the results.")
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file claims of its own size is not believed
        for number, cells in enumerate(sheet.iter_rows(max_row=most_rows + 1, max_col=MOST_COLUMNS + 1), start=1):
            yield _row(number, cells, written)
    except (*BROKEN_ARCHIVE, TypeError, AttributeError, IndexError) as error:
        raise _damaged() from error
    finally:
        book.close()


def _row(number: int, cells: tuple[Any, ...], written: Written) -> Row:
    texts, spoiled = [], {}
    for place, cell in enumerate(cells):
        texts.append(_text(cell.value, written))
        if cell.data_type in SPOILED and cell.value is not None:
            spoiled[place] = f"the cell in column {place + 1} holds {SPOILED[cell.data_type]}: paste it as a plain value"
        elif isinstance(cell.value, int | float) and "%" in cell.number_format:
            spoiled[place] = f"the cell in column {place + 1} is shown in per cent and stored as a fraction: format it as a plain number"
    while texts and not texts[-1]:
        texts.pop()
    return Row(number, texts, spoiled)


def _text(value: Any, written: Written) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value).replace(".", written.mark)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _number(value: float) -> str:
    """The number as the sheet shows it; one too large or too small for digits is left as a text that is no number."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 10**15 else repr(value)


def _damaged() -> FileRefused:
    return FileRefused("The spreadsheet is damaged. Save it again as XLSX, or export CSV.")
