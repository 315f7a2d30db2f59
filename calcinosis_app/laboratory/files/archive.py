"""Looks into a spreadsheet before anything reads it: how large it becomes, and whether it asks for anything outside."""

import io
import zipfile
import zlib
from xml.parsers import expat

from calcinosis_app.laboratory.files.refused import FileRefused

MOST_PARTS = 200
MOST_BYTES_UNPACKED = 150_000_000
MOST_CELLS = 4_000_000
CHUNK = 1 << 20
BROKEN = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, KeyError)


def check_archive(content: bytes, most_rows: int) -> None:
    """Raises FileRefused for what is no spreadsheet, unpacks to too much, or declares entities of its own.

    Every XML part is walked once by a parser that stops at a document type: without one there are no entities, neither
    nested nor from outside. Rows and cells are counted as they stand there, not as the file claims.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_size(archive)
            for part in archive.infolist():
                if part.filename.endswith((".xml", ".rels")):
                    _Walk(most_rows).through(archive, part)
    except BROKEN as error:
        raise FileRefused("This is no spreadsheet in XLSX form, or it is damaged. Save it again as XLSX, or export CSV.") from error


def _check_size(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise FileRefused(f"The spreadsheet has more than {MOST_PARTS} parts. Copy the results into a new one, as values only.")
    if sum(part.file_size for part in parts) > MOST_BYTES_UNPACKED:
        raise FileRefused(
            f"The spreadsheet unpacks to more than {MOST_BYTES_UNPACKED // 1_000_000} MB. Split it, and import the parts one by one."
        )


class _Walk:
    """One part, parsed piece by piece; nothing is kept."""

    def __init__(self, most_rows: int) -> None:
        self.most_rows = most_rows
        self.rows = self.cells = 0
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.StartElementHandler = self.count

    def through(self, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
        if not part.filename.startswith("xl/worksheets/"):
            self.parser.StartElementHandler = None
        with archive.open(part) as opened:
            while chunk := opened.read(CHUNK):
                self.parser.Parse(chunk)
        self.parser.Parse(b"", True)

    def refuse(self, *_: object) -> None:
        raise FileRefused("The spreadsheet declares entities, which no spreadsheet program writes. Save it again as XLSX, or export CSV.")

    def count(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self.cells += 1
        elif tag == "row":
            self.rows = max(self.rows + 1, int(attributes.get("r", "0")))
        if self.rows > self.most_rows + 1 or self.cells > MOST_CELLS:
            raise FileRefused(
                f"The spreadsheet has more than {self.most_rows:,} rows, or more cells than are read. "
                "Delete what is empty or formatted only, or split it."
            )
