"""Looks into a spreadsheet before anything reads it: how large it becomes, and whether it asks for anything outside."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from xml.parsers import expat

from calcinosis_app.laboratory.files.refused import FileRefused

MOST_PARTS = 200
MOST_BYTES_UNPACKED = 150_000_000
MOST_BYTES_OF_OTHER_PARTS = 10_000_000
MOST_CELLS = 4_000_000
MOST_CELLS_IN_A_ROW = 100
MOST_ELEMENTS_IN_A_ROW = 3_000
MOST_ELEMENTS_BESIDE_ROWS = 200_000
MOST_ELEMENTS_OF_STRINGS = 1_500_000
CHUNK = 1 << 20
SHEETS, STRINGS = "xl/worksheets/", "xl/sharedStrings.xml"
XML = (".xml", ".rels", ".vml")
BROKEN = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, KeyError)


def check_archive(content: bytes, most_rows: int) -> None:
    """Raises FileRefused for what is no spreadsheet, unpacks to too much, or declares entities of its own.

    Every part is walked once by a parser that stops at a document type: without one there are no entities, neither
    nested nor from outside. Rows and cells are counted as they stand there, not as the file claims, and wherever they
    stand: the file itself names the part that is read as its sheet.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_size(archive)
            for part in archive.infolist():
                _walk(archive, part, most_rows)
    except BROKEN as error:
        raise FileRefused("This is no spreadsheet in XLSX form, or it is damaged. Save it again as XLSX, or export CSV.") from error


def _check_size(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or len({part.filename for part in parts}) < len(parts):
        raise FileRefused(
            f"The spreadsheet has more than {MOST_PARTS} parts, or one twice. Copy the results into a new one, as values only."
        )
    if sum(part.file_size for part in parts) > MOST_BYTES_UNPACKED:
        raise FileRefused(
            f"The spreadsheet unpacks to more than {MOST_BYTES_UNPACKED // 1_000_000} MB. Split it, and import the parts one by one."
        )
    if any(
        part.file_size > MOST_BYTES_OF_OTHER_PARTS for part in parts if part.filename != STRINGS and not part.filename.startswith(SHEETS)
    ):
        raise FileRefused(
            f"Beside its cells the spreadsheet holds more than {MOST_BYTES_OF_OTHER_PARTS // 1_000_000} MB, such as pictures. "
            "Copy the results into a new one, as values only."
        )


def _walk(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most_rows: int) -> None:
    walk = _Walk(most_rows, MOST_ELEMENTS_OF_STRINGS if part.filename == STRINGS else MOST_ELEMENTS_BESIDE_ROWS)
    try:
        with archive.open(part) as opened:
            while chunk := opened.read(CHUNK):
                walk.read(chunk)
        walk.read(b"", last=True)
    except expat.ExpatError:
        # A picture is no XML. Whatever reads such a part as XML gets no further than this did.
        if part.filename.endswith(XML):
            raise


class _Walk:
    """One part, parsed piece by piece; nothing is kept."""

    def __init__(self, most_rows: int, most_beside: int) -> None:
        self.most_rows, self.most_beside = most_rows, most_beside
        self.fed = self.rows = self.cells = self.beside = self.row_elements = self.row_cells = 0
        self.in_row = False
        self.column = ""
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def read(self, chunk: bytes, *, last: bool = False) -> None:
        self.fed += len(chunk)
        self.parser.Parse(chunk, last)
        if self.fed - self.parser.CurrentByteIndex > 3 * CHUNK:  # one tag of megabytes
            raise _too_much(self.most_rows)

    def refuse(self, *_: object) -> None:
        raise FileRefused("The spreadsheet declares entities, which no spreadsheet program writes. Save it again as XLSX, or export CSV.")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row" and "r" in attributes:
            self.row(int(attributes["r"]))
        elif tag == "row" and not self.in_row:
            self.row(self.rows + 1)
        elif tag == "c" and self.in_row:
            self.cell(attributes.get("r", "").rstrip("0123456789"))
        elif tag in {"Override", "Relationship"}:
            _check_role(attributes)
        if self.in_row:
            self.row_elements += 1
        else:
            self.beside += 1
        if self.row_elements > MOST_ELEMENTS_IN_A_ROW or self.beside > self.most_beside:
            raise _too_much(self.most_rows)

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] == "row":
            self.in_row = False

    def row(self, number: int) -> None:
        if self.in_row or number <= self.rows:
            raise FileRefused("The spreadsheet has a row twice, or rows out of their order. Save it again as XLSX, or export CSV.")
        self.rows, self.in_row, self.row_elements, self.row_cells, self.column = number, True, 0, 0, ""
        if number > self.most_rows + 1:
            raise _too_much(self.most_rows)

    def cell(self, column: str) -> None:
        self.cells += 1
        self.row_cells += 1
        if column and (len(column), column) <= (len(self.column), self.column):
            raise FileRefused("The spreadsheet has a cell twice, or cells out of their order. Save it again as XLSX, or export CSV.")
        self.column = column
        if self.cells > MOST_CELLS:
            raise _too_much(self.most_rows)
        if self.row_cells > MOST_CELLS_IN_A_ROW:
            raise FileRefused(
                f"A row of the spreadsheet has more than {MOST_CELLS_IN_A_ROW} cells. Delete the columns that are not needed."
            )


def _check_role(attributes: Mapping[str, str]) -> None:
    """What stands where sheets stand may be long, so it must be read as a sheet, row by row, and as nothing else."""
    target = attributes.get("PartName", attributes.get("Target", ""))
    role = attributes.get("ContentType", attributes.get("Type", ""))
    if "worksheets/" in target and not role.endswith(("/worksheet", ".worksheet+xml")):
        raise FileRefused("A sheet of the spreadsheet is declared to be something else. Save it again as XLSX, or export CSV.")


def _too_much(most_rows: int) -> FileRefused:
    return FileRefused(
        f"The spreadsheet has more than {most_rows:,} rows, or more cells than are read. "
        "Delete what is empty or formatted only, or split it."
    )
