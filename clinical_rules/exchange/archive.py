"""Looks into an archive before anything reads it: how large it becomes, and whether it asks for anything outside.

Spreadsheets come from people who mean well and from people who do not; whatever reads one has it looked through here first.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.parsers import expat

CHUNK = 1 << 20
SHEETS, STRINGS = "xl/worksheets/", "xl/sharedStrings.xml"
XML = (".xml", ".rels", ".vml")
BROKEN = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, KeyError)
Look = Callable[[str, str, Mapping[str, str]], None]
"""Is shown every element of every part: the part's name, the element's name without prefix, its attributes."""


class ArchiveRefused(Exception):
    """Nothing of the archive was read. The text says what is wrong and what to do; it repeats no cell."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read of an archive. ``remedy`` is what to do with one that is too large."""

    rows: int
    """The highest number of a row, with the one that names the columns."""
    cells: int
    cells_in_a_row: int
    remedy: str
    parts: int = 200
    bytes_unpacked: int = 150_000_000
    bytes_of_other_parts: int = 10_000_000
    times_packed: int = 1_000
    """How many times as large as its packed form a part may be that is not small."""
    elements_in_a_row: int = 3_000
    elements_beside_rows: int = 200_000
    elements_of_strings: int = 1_500_000


SMALL_PART = 5_000_000


def check_archive(content: bytes, limits: Limits, look: Look | None = None) -> None:
    """Raises ArchiveRefused for what is no spreadsheet, unpacks to too much, or declares entities of its own.

    Every part is walked once by a parser that stops at a document type: without one there are no entities, neither
    nested nor from outside. Rows and cells are counted as they stand there, not as the file claims, and wherever they
    stand: the file itself names the part that is read as its sheet.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_size(archive, limits)
            for part in archive.infolist():
                _walk(archive, part, limits, look)
    except BROKEN as error:
        raise ArchiveRefused("This is no spreadsheet in XLSX form, or it is damaged. Save it again as XLSX, or export CSV.") from error


def check_size(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Raises ArchiveRefused for an archive of too many parts, or of parts that unpack to too much."""
    parts = archive.infolist()
    if len(parts) > limits.parts or len({part.filename for part in parts}) < len(parts):
        raise ArchiveRefused(f"The file has more than {limits.parts} parts, or one twice. Copy the cells into a new one, as values only.")
    if sum(part.file_size for part in parts) > limits.bytes_unpacked:
        raise ArchiveRefused(f"The file unpacks to more than {limits.bytes_unpacked // 1_000_000} MB. {limits.remedy}")
    if any(
        part.file_size > limits.bytes_of_other_parts for part in parts if part.filename != STRINGS and not part.filename.startswith(SHEETS)
    ):
        raise ArchiveRefused(
            f"Beside its cells the file holds more than {limits.bytes_of_other_parts // 1_000_000} MB, such as pictures. "
            "Copy the cells into a new one, as values only."
        )
    if any(part.file_size > max(SMALL_PART, limits.times_packed * part.compress_size) for part in parts):
        raise ArchiveRefused(f"A part of the file unpacks to more than {limits.times_packed} times its size. {limits.remedy}")


def _walk(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits, look: Look | None) -> None:
    walk = _Walk(part.filename, limits, look)
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

    def __init__(self, part: str, limits: Limits, look: Look | None) -> None:
        self.part, self.limits, self.look = part, limits, look
        self.most_beside = limits.elements_of_strings if part == STRINGS else limits.elements_beside_rows
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
            raise _too_much(self.limits)

    def refuse(self, *_: object) -> None:
        raise ArchiveRefused(
            "The spreadsheet declares entities, which no spreadsheet program writes. Save it again as XLSX, or export CSV."
        )

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
        if self.look is not None:
            self.look(self.part, tag, attributes)
        if self.row_elements > self.limits.elements_in_a_row or self.beside > self.most_beside:
            raise _too_much(self.limits)

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] == "row":
            self.in_row = False

    def row(self, number: int) -> None:
        if self.in_row or number <= self.rows:
            raise ArchiveRefused("The spreadsheet has a row twice, or rows out of their order. Save it again as XLSX, or export CSV.")
        self.rows, self.in_row, self.row_elements, self.row_cells, self.column = number, True, 0, 0, ""
        if number > self.limits.rows:
            raise _too_much(self.limits)

    def cell(self, column: str) -> None:
        self.cells += 1
        self.row_cells += 1
        if column and (len(column), column) <= (len(self.column), self.column):
            raise ArchiveRefused("The spreadsheet has a cell twice, or cells out of their order. Save it again as XLSX, or export CSV.")
        self.column = column
        if self.cells > self.limits.cells:
            raise _too_much(self.limits)
        if self.row_cells > self.limits.cells_in_a_row:
            raise ArchiveRefused(
                f"A row of the spreadsheet has more than {self.limits.cells_in_a_row} cells. Delete the columns that are not needed."
            )


def _check_role(attributes: Mapping[str, str]) -> None:
    """What stands where sheets stand may be long, so it must be read as a sheet, row by row, and as nothing else."""
    target = attributes.get("PartName", attributes.get("Target", ""))
    role = attributes.get("ContentType", attributes.get("Type", ""))
    # LibreOffice declares the relations of a sheet beside the sheet itself.
    is_relations = "worksheets/_rels/" in target and role.endswith(".relationships+xml")
    if "worksheets/" in target and not is_relations and not role.endswith(("/worksheet", ".worksheet+xml")):
        raise ArchiveRefused("A sheet of the spreadsheet is declared to be something else. Save it again as XLSX, or export CSV.")


def _too_much(limits: Limits) -> ArchiveRefused:
    return ArchiveRefused(
        f"The spreadsheet has more than {limits.rows - 1:,} rows, or more cells than are read. "
        "Delete what is empty or formatted only, or split it."
    )
