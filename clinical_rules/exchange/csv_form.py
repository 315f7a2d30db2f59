"""A release as an archive of CSV files, one for each sheet, with a manifest."""

import codecs
import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from clinical_rules import exact_json
from clinical_rules.errors import ReleaseError
from clinical_rules.exchange.archive import BROKEN, ArchiveRefused, Limits, check_size
from clinical_rules.exchange.book import Book, Sheet, cell_name, file_name
from clinical_rules.exchange.kinds import Cell, Spoiled
from clinical_rules.exchange.paths import survives
from clinical_rules.exchange.problems import Problem, refused
from clinical_rules.exchange.read_me import FORM

MANIFEST = "manifest.json"
MOST_BYTES = 30_000_000
LONGEST_CELL = 200_000
LIMITS = Limits(
    rows=100_000,
    cells=500_000,
    cells_in_a_row=1_000,
    bytes_unpacked=60_000_000,
    bytes_of_other_parts=30_000_000,
    remedy="No release is so large.",
)
DELIMITERS = ",;\t"
_ANY_TIME = (1980, 1, 1, 0, 0, 0)
_JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db")


def write_archive(book: Book) -> bytes:
    """The archive: UTF-8 with a byte-order mark, which spreadsheets need to see that it is UTF-8; commas; the same bytes each time."""
    stored = io.BytesIO()
    files: dict[str, str] = {}
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in book.sheets:
            name = _free(file_name(sheet.name), files)
            files[name] = sheet.name
            archive.writestr(zipfile.ZipInfo(name, _ANY_TIME), _csv(sheet), zipfile.ZIP_DEFLATED)
        manifest = {"form": FORM, "release": book.number, "hash": book.hash, "files": files}
        text = json.dumps(manifest, indent=1, ensure_ascii=False)
        archive.writestr(zipfile.ZipInfo(MANIFEST, _ANY_TIME), text, zipfile.ZIP_DEFLATED)
    return stored.getvalue()


def _free(name: str, taken: Mapping[str, str]) -> str:
    number, stem = 1, name.removesuffix(".csv")
    while name in taken:
        number += 1
        name = f"{stem}-{number}.csv"
    return name


def _csv(sheet: Sheet) -> bytes:
    text = io.StringIO(newline="")
    width = len(sheet.heads)
    writer = csv.writer(text)
    for row in sheet.rows.values():
        writer.writerow(["" if cell is None else cell for cell in (*row, *[None] * (width - len(row)))])
    return text.getvalue().encode("utf-8-sig")


def read_archive(data: bytes) -> tuple[Book, tuple[Problem, ...]]:
    """The cells of an archive, and what in it cannot be read. Raises ``ExchangeRefused`` for what is no such archive."""
    if len(data) > MOST_BYTES:
        raise refused(f"the file is larger than {MOST_BYTES // 1_000_000} MB: no release is")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_size(archive, LIMITS)
            parts = {part.filename: archive.read(part) for part in archive.infolist() if not _is_beside(part)}
    except ArchiveRefused as error:
        raise refused(str(error)) from error
    except BROKEN as error:
        raise refused("this is no ZIP archive, or it is damaged: pack the CSV files and manifest.json again") from error
    return _Archive(parts).book()


def _is_beside(part: zipfile.ZipInfo) -> bool:
    """Folders, and what file managers leave in an archive."""
    return part.is_dir() or any(one in _JUNK for one in PurePosixPath(part.filename).parts)


class _Archive:
    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = parts
        self.problems: list[Problem] = []
        self.cells = 0

    def book(self) -> tuple[Book, tuple[Problem, ...]]:
        """The sheets that the manifest names."""
        folders = {str(PurePosixPath(name).parent) for name in self.parts}
        if len(folders) > 1:
            raise refused(f"the files stand in {len(folders)} folders: pack the CSV files and {MANIFEST} in one")
        folder = next(iter(folders), ".")
        files = {name.removeprefix(f"{folder}/"): part for name, part in self.parts.items()}
        manifest = self._manifest(files.pop(MANIFEST, None))
        sheets = [self._sheet(sheet, files.pop(name)) for name, sheet in manifest.items() if name in files]
        for name in files:
            self.problems.append(
                Problem(name, "", "", f"{MANIFEST} does not name this file: add it there with its sheet, or delete the file")
            )
        return Book(tuple(sheets)), tuple(self.problems)

    def _manifest(self, data: bytes | None) -> Mapping[str, str]:
        if data is None:
            raise refused(f"the archive has no {MANIFEST}: pack it with the CSV files, as it was exported")
        try:
            manifest: Any = exact_json.read(data.decode("utf-8-sig"))
            files = manifest["files"]
            is_plain = manifest["form"] == FORM and all(isinstance(one, str) for one in files.values())
        except (ValueError, KeyError, TypeError, AttributeError):
            is_plain = False
        if not is_plain or len(set(files.values())) < len(files):
            raise refused(f"this is no list of the files of a release: put {MANIFEST} back as it was exported", sheet=MANIFEST)
        found: Mapping[str, str] = files
        return found

    def _sheet(self, sheet: str, data: bytes) -> Sheet:
        rows: dict[int, list[Cell]] = {}
        try:
            for number, cells in enumerate(self._rows(data), 1):
                row: list[Cell] = [self._cell(cell) for cell in cells]
                self.cells += len(row)
                if number > LIMITS.rows or self.cells > LIMITS.cells or len(row) > LIMITS.cells_in_a_row:
                    raise refused("it has more rows or cells than a release has: delete what does not belong to it", sheet=sheet)
                while row and row[-1] is None:
                    row.pop()
                if row:
                    rows[number] = row
        except ValueError as error:
            if isinstance(error, ReleaseError):
                raise
            self.problems.append(Problem(sheet, "", "", str(error)))
        except csv.Error as error:
            say = f"it breaks the rules of CSV ({error}): check its quotation marks, or save it again from a spreadsheet"
            self.problems.append(Problem(sheet, cell_name(len(rows) + 1, 0), "", say))
        return Sheet(sheet, rows)

    def _rows(self, data: bytes) -> Iterator[list[str]]:
        try:
            text = data.removeprefix(codecs.BOM_UTF8).decode()
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise ValueError(f"line {line} is not written in UTF-8: save the file in UTF-8") from None
        if "\x00" in text:
            raise ValueError("it holds the character NUL, as files in UTF-16 do: save the file in UTF-8")
        first = text.partition("\n")[0]
        delimiter = max(DELIMITERS, key=first.count)
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)

    def _cell(self, text: str) -> Cell:
        cell = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        if not cell:
            return None
        if len(cell) > LONGEST_CELL or not survives(cell):
            return Spoiled(cell[:40], "the cell is too long, or holds a sign that is no letter: write it again")
        return cell
