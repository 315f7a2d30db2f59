"""A file as a header and lines of named texts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from calcinosis_app.laboratory import columns
from calcinosis_app.laboratory.files.csv_rows import csv_rows
from calcinosis_app.laboratory.files.refused import FileRefused
from calcinosis_app.laboratory.files.rows import Row, storable
from calcinosis_app.laboratory.files.written import Written
from calcinosis_app.laboratory.files.xlsx_rows import xlsx_rows

MOST_BYTES = 30_000_000
MOST_LINES = 200_000
LONGEST_CELL = 300


@dataclass(frozen=True)
class FileLine:
    """One line: its row in the file, its cells by column, and what makes it unreadable, if anything does."""

    row: int
    cells: Mapping[str, str]
    spoiled: str = ""


@dataclass(frozen=True)
class Table:
    """A file whose header was understood. `lines` can be walked once."""

    unread: list[str]
    lines: Iterator[FileLine] = field(repr=False)


def open_table(content: bytes, written: Written) -> Table:
    """The file as it was declared to be written. Raises FileRefused, here or while its lines are walked."""
    if len(content) > MOST_BYTES:
        raise FileRefused(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it, and import the parts one by one.")
    rows = xlsx_rows(content, written, MOST_LINES) if written.is_spreadsheet else csv_rows(content, written)
    header = next(rows, None)
    if header is None:
        raise FileRefused("The file is empty. Its first row must name the columns, as the template does.")
    if len(header.cells) > columns.MOST_COLUMNS:
        raise FileRefused(f"The file has more than {columns.MOST_COLUMNS} columns. Keep those that the template names.")
    places, unread = columns.find(header.cells)
    # A spreadsheet stores no empty cell at the end of a row; a text file always has its separators.
    fewest = 0 if written.is_spreadsheet else len(header.cells)
    return Table(unread, _lines(rows, places, range(fewest, len(header.cells) + 1)))


def _lines(rows: Iterator[Row], places: Mapping[int, str], widths: range) -> Iterator[FileLine]:
    for count, row in enumerate(rows, start=1):
        if count > MOST_LINES:
            raise FileRefused(f"The file has more than {MOST_LINES:,} lines. Split it, and import the parts one by one.")
        yield _line(row, places, widths)


def _line(row: Row, places: Mapping[int, str], widths: range) -> FileLine:
    named = {name: row.cells[place].strip() for place, name in places.items() if place < len(row.cells)}
    spoiled = row.spoiled.get(next((place for place in places if place in row.spoiled), -1), "")
    if any(row.cells) and len(row.cells) not in widths:
        spoiled = f"it has {len(row.cells)} cells, and the first row has {widths[-1]}: a quotation mark or a separator may be missing"
    for name, text in named.items():
        if len(text) > LONGEST_CELL:
            spoiled = f"the cell in column {name!r} is longer than {LONGEST_CELL} letters"
        elif "\x00" in text:
            spoiled = f"the cell in column {name!r} holds the character NUL"
    cells = {name: storable(text[:LONGEST_CELL]) for name, text in named.items() if text}
    return FileLine(row.number, cells, spoiled)
