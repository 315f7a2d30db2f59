"""Reads a spreadsheet in XLSX form. Whatever it holds beside plain cells is refused: it would be lost, or hide something."""

import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from posixpath import join, normpath
from typing import Any

from openpyxl import load_workbook

from clinical_rules.exchange.archive import BROKEN, ArchiveRefused, Limits, check_archive
from clinical_rules.exchange.book import Book, Sheet, cell_name
from clinical_rules.exchange.kinds import Cell, Spoiled
from clinical_rules.exchange.problems import ExchangeRefused, Problem, refused

MOST_BYTES = 30_000_000
MOST_ROWS = 1_048_576  # LibreOffice names the last row of a sheet to say how high it is
MOST_CELLS = 500_000
MOST_CELLS_IN_A_ROW = 1_000
LIMITS = Limits(
    rows=MOST_ROWS + 1,
    cells=MOST_CELLS,
    cells_in_a_row=MOST_CELLS_IN_A_ROW,
    elements_in_a_row=5_000,
    bytes_unpacked=100_000_000,
    remedy="No release is so large: copy the cells into a new file, as values only.",
)
_FOREIGN = {
    "macros": "it holds macros: save it as XLSX without them",
    "externalLinks": "it holds links to other files: copy the cells into a new file, as values only",
    "embeddings": "it holds embedded objects: delete them",
    "activeX": "it holds controls: delete them",
    "ctrlProps": "it holds controls: delete them",
    "connections": "it holds a connection to a source of data: delete it",
    "queryTables": "it holds a connection to a source of data: delete it",
    "pivotTables": "it holds a pivot table: delete it",
    "chartsheets": "it holds a sheet that is a chart: delete it",
    "charts": "it holds a chart: delete it",
    "media": "it holds a picture: delete it",
    "threadedComments": "it holds comments, which would be lost: write them into a note's column, or delete them",
}
_TRUE = ("1", "true")
Workbook = tuple[Book, tuple[Problem, ...]]


def read_sheets(data: bytes) -> Workbook:
    """The plain cells of a spreadsheet, and what else it holds. Raises ``ExchangeRefused`` for what is no spreadsheet, or means harm."""
    if len(data) > MOST_BYTES:
        raise refused(f"the file is larger than {MOST_BYTES // 1_000_000} MB: no release is")
    seen = _Beside()
    try:
        check_archive(data, LIMITS, seen.look)
    except ArchiveRefused as error:
        raise refused(str(error)) from error
    if seen.whole:
        raise ExchangeRefused(seen.problems())
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            problems = [*seen.problems(), *_hidden_sheets(book)]
            sheets = tuple(_sheet(one, seen.width) for one in book.worksheets)
        finally:
            book.close()
    except (*BROKEN, TypeError, AttributeError, IndexError) as error:
        raise refused("the spreadsheet is damaged: save it again as XLSX, or export CSV") from error
    if not sheets:
        raise refused("the spreadsheet has no sheets")
    return Book(sheets), tuple(problems)


def _hidden_sheets(book: Any) -> Iterator[Problem]:
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            yield Problem(sheet.title, "", "", "the sheet is hidden: show it, or delete it")


def _sheet(sheet: Any, width: int) -> Sheet:
    sheet.reset_dimensions()  # what the file claims of its own size is not believed
    rows: dict[int, list[Cell]] = {}
    blank: Any = None
    for number, cells in enumerate(sheet.iter_rows(max_row=MOST_ROWS, max_col=width), start=1):
        if cells is blank:  # one and the same, for every row that is not there
            continue
        row = [_cell(cell) for cell in cells]
        while row and row[-1] is None:
            row.pop()
        if row:
            rows[number] = row
        else:
            blank = cells
    return Sheet(sheet.title, rows)


def _cell(cell: Any) -> Cell:
    value, kind = cell.value, cell.data_type
    if kind == "f":
        return Spoiled(_formula(value), "a formula is not taken, nor what it showed last: paste the cell as a plain value")
    if value is None:
        return None
    if kind == "e":
        return Spoiled(str(value), "the spreadsheet shows an error here: write the value")
    if isinstance(value, datetime | date | time | timedelta):
        return Spoiled(str(value), "the spreadsheet made a date of it: format the cell as text, and write it again")
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        if "%" in cell.number_format:
            return Spoiled(str(value), "the cell is shown in per cent and stored as a fraction: format it as text, and write it again")
        return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 10**15 else value
    return str(value).replace("_x000D_\n", "\n").replace("_x000D_", "\n").strip() or None


def _formula(value: Any) -> str:
    return str(getattr(value, "text", None) or value)


class _Beside:
    """What a spreadsheet holds beside its cells, gathered while it is looked through."""

    def __init__(self) -> None:
        self.sheets: dict[str, str] = {}  # the name by the relation
        self.targets: dict[str, dict[str, str]] = {}  # what a part relates to
        self.found: list[tuple[str, str, str]] = []  # part, cell, what to do
        self.whole: dict[str, None] = {}
        self.width = 1

    def look(self, part: str, tag: str, attributes: Mapping[str, str]) -> None:
        """Takes one element."""
        if tag == "c":
            self._cell(part, attributes.get("r", ""))
        elif tag == "sheet" and part == "xl/workbook.xml":
            relation = next((value for name, value in attributes.items() if name.endswith(":id")), "")
            self.sheets[relation] = attributes.get("name", "")
        elif tag == "Relationship":
            self._relation(part, attributes)
        elif tag == "Override":
            self._foreign(attributes.get("PartName", ""), attributes.get("ContentType", ""))
        elif tag == "mergeCell":
            self.found.append((part, attributes.get("ref", ""), "cells are merged, and only the first would be kept: split them"))
        elif tag == "row" and attributes.get("hidden") in _TRUE:
            self.found.append(
                (part, f"row {attributes.get('r', '')}", "the row is hidden: show it (a filter hides rows too), or delete it")
            )
        elif tag == "col" and attributes.get("hidden") in _TRUE:
            columns = "{} to {}".format(*(_letters(attributes.get(one, "1")) for one in ("min", "max")))
            self.found.append((part, f"columns {columns}", "the columns are hidden: show them, or delete them"))
        elif tag == "comment" and "ref" in attributes:
            say = "the comment would be lost: write it into a column, or into a row that begins with #"
            self.found.append((part, attributes["ref"], say))

    def problems(self) -> list[Problem]:
        """What was found, each with the sheet on which it stands."""
        names: dict[str, str] = {}
        for relation, target in self.targets.get("xl/workbook.xml", {}).items():
            if relation in self.sheets:
                names[target] = self.sheets[relation]
        for part, targets in self.targets.items():
            if part in names:
                names |= {target: names[part] for target in targets.values() if "comments" in target.lower()}
        whole = [Problem("", "", "", say) for say in self.whole]
        return whole + [Problem(names.get(part, part), cell, "", say) for part, cell, say in self.found]

    def _cell(self, part: str, name: str) -> None:
        """Notes how far to the right a sheet reaches; a cell that does not say where it stands is next to the one before."""
        column = 0
        for letter in name.rstrip("0123456789"):
            column = column * 26 + ord(letter) - ord("A") + 1
        if column > MOST_CELLS_IN_A_ROW:
            self.found.append((part, name, f"the cell stands beyond the column {_letters(str(MOST_CELLS_IN_A_ROW))}: delete it"))
        else:
            self.width = max(self.width, column or MOST_CELLS_IN_A_ROW)

    def _relation(self, part: str, attributes: Mapping[str, str]) -> None:
        folder, _, name = part.replace("_rels/", "").removesuffix(".rels").rpartition("/")
        target = attributes.get("Target", "")
        kind = attributes.get("Type", "")
        if attributes.get("TargetMode") == "External":
            if not kind.endswith("/hyperlink"):  # an address that somebody may click; nothing is fetched from it
                self.whole["it refers to another file: copy the cells into a new file, as values only"] = None
            return
        path = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
        self.targets.setdefault(join(folder, name) if folder else name, {})[attributes.get("Id", "")] = path
        self._foreign(path, kind)

    def _foreign(self, path: str, kind: str) -> None:
        if "macro" in kind.lower() or "vba" in kind.lower() or path.endswith(".bin"):
            self.whole[_FOREIGN["macros"]] = None
        for folder, say in _FOREIGN.items():
            if f"/{folder}/" in f"/{path.lstrip('/')}/" or path.endswith(f"/{folder}.xml"):
                self.whole[say] = None


def _letters(number: str) -> str:
    return cell_name(1, int(number) - 1)[:-1]
