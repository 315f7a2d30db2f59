"""From the content of a release to sheets."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from clinical_rules.exchange.book import Book, Head, Sheet, numbered, sheet_name
from clinical_rules.exchange.json_form import canonical
from clinical_rules.exchange.kinds import LONG, MISSING, Cell, Kind, encode, infer
from clinical_rules.exchange.labels import label_of, labels_of, units_of
from clinical_rules.exchange.layout import (
    BY_SHEET,
    COLUMNS,
    HEAD_LABELS,
    LONG_TEXTS,
    PARTS,
    READ_ME,
    RELEASE,
    RESERVED,
    Column,
    Part,
    Placed,
    every,
    list_part,
)
from clinical_rules.exchange.paths import ITSELF, ROW, Path, show_path, with_unit
from clinical_rules.exchange.read_me import read_me
from clinical_rules.exchange.sheet_rows import ABSENT

LONGEST_CELL = 30_000  # spreadsheets keep 32,767, counted in halves of rare signs
_PIECE = LONGEST_CELL // 2
_MOST_COLUMNS = 400


@dataclass(slots=True)
class _Row:
    links: tuple[str, ...]
    cells: dict[Path, Any]


@dataclass(slots=True)
class _Filled:
    """A part with its rows, before they are cells."""

    placed: Placed
    rows: list[_Row] = field(default_factory=list)


def to_book(content: Mapping[str, Any]) -> Book:
    """The sheets of a release. Raises ``ReleaseError`` for what is no plain data."""
    text = canonical(content)
    # In the order of the canonical text, so that the same release gives the same sheets, however its names were ordered.
    return _Writing(json.loads(text), hashlib.sha256(text.encode()).hexdigest()).book()


class _Writing:
    def __init__(self, content: Mapping[str, Any], hash_of_content: str) -> None:
        self.content = content
        self.hash = hash_of_content
        self.filled: list[_Filled] = []
        self.rest: dict[Path, Any] = {}
        self.long: list[str] = []
        self.units = units_of(content)
        self.labels = labels_of(content)

    def book(self) -> Book:
        """Everything, the sheets for reading first."""
        for part, value in self._parts():
            self._part(Placed(part), [((), value)])
        self._keep_order()
        sheets: list[Sheet] = []
        about: list[list[Cell]] = []
        names: dict[str, str] = {}
        taken = [*RESERVED, *BY_SHEET]
        for one in self.filled:
            part = one.placed.part
            wanted = f"{part.sheet} {one.placed.owner}" if part.apart else part.sheet
            is_own = wanted in BY_SHEET and BY_SHEET[wanted].path == one.placed.path
            name = wanted if is_own else sheet_name(wanted, taken)
            taken.append(name)
            sheet = self._sheet(name, one)
            sheets.append(sheet)
            names[name] = part.holds
            part_name = show_path(one.placed.path)
            about += [[name, part_name, head.name, head.kind.value, self._label(head.label), head.kind.meaning] for head in sheet.heads]
        sheets.insert(0, self._release())
        sheets.append(_plain_sheet(COLUMNS, ("sheet", "part", "column", "kind", "label", "how it is filled in"), about, self._cell))
        if self.long:
            pieces = [[number, place, cell] for number, cells in enumerate(self._pieces(), 1) for place, cell in enumerate(cells, 1)]
            sheets.append(_plain_sheet(LONG_TEXTS, ("text", "piece", "words"), pieces, lambda cell: cell))
        number = str(self.content.get("number", ""))
        listed = [(one.name, names.get(one.name, "")) for one in sheets if one.name != COLUMNS]
        first = read_me(number, self.hash, str(self.content.get("title", "")), listed)
        return Book((Sheet(READ_ME, numbered([[self._cell(cell) for cell in row] for row in first])), *sheets), number, self.hash)

    def _parts(self) -> Iterator[tuple[Part, Any]]:
        """The parts that have a sheet; what else there is goes to the sheet of the release."""
        known = {part.path: part for part in PARTS}
        lists = self.content.get("lists")
        for name, value in sorted(self.content.items()):
            part = known.get((name,))
            if name == "lists" and isinstance(lists, dict) and lists:
                continue
            if part is not None and isinstance(value, dict if part.named else list):
                yield part, value
            elif part is None and isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
                yield self._undescribed(name, value), value
            else:
                self.rest[(name,)] = value
        for name, value in sorted(lists.items() if isinstance(lists, dict) else ()):
            if isinstance(value, list):
                yield (known.get(("lists", name)) or list_part(name, name.replace("_", " ").capitalize())), value
            else:
                self.rest[("lists", name)] = value

    def _undescribed(self, name: str, rows: Sequence[Mapping[str, Any]]) -> Part:
        """A list of rows of which nothing is known but what it holds."""
        keys = sorted({key for row in rows for key in row})
        own = [key for key in ("id", "key", "row") if key in keys]
        found = [Column((key,), infer(row[key] for row in rows if key in row), label_of((key,))) for key in [*own, *keys]]
        return Part(name.replace("_", " ").capitalize(), (name,), "row", "a part of the release", columns=tuple(dict.fromkeys(found)))

    def _keep_order(self) -> None:
        places = {placed.part.sheet: place for place, placed in enumerate(every())}
        self.filled.sort(key=lambda one: places.get(one.placed.part.sheet, len(places)))

    def _part(self, placed: Placed, owners: Sequence[tuple[tuple[str, ...], Any]]) -> None:
        """Takes the rows of one part, of all the rows that they belong to, and then what belongs to them."""
        filled = _Filled(placed)
        self.filled.append(filled)
        below: dict[str, list[tuple[tuple[str, ...], Any]]] = {part.sheet: [] for part in placed.part.parts}
        for links, value in owners:
            rows = list(value.items()) if placed.part.named else [("", one) for one in value]
            names = Counter(_name_of(placed.part, row) for _, row in rows)
            for key, row in rows:
                own = key if placed.part.named else _name_of(placed.part, row)
                shown = (*links, key) if placed.part.named else links
                held: dict[str, Any] = {}
                is_named = placed.part.named or (own is not None and names[own] == 1)
                cells = self._cells(placed.part, row, held, is_named=is_named)
                filled.rows.append(_Row(() if placed.part.apart else shown, cells))
                for sheet, part_of_row in held.items():
                    below[sheet].append(((*links, str(own)), part_of_row))
        for part in placed.part.parts:
            if part.apart:
                for links, value in below[part.sheet]:
                    self._part(Placed(part, (*placed.above, placed.part), links[-1]), [(links, value)])
            elif below[part.sheet]:
                self._part(Placed(part, (*placed.above, placed.part)), below[part.sheet])

    def _cells(self, part: Part, row: Any, held: dict[str, Any], *, is_named: bool) -> dict[Path, Any]:
        """The values of a row by column; what has a sheet of its own is put into ``held``."""
        if part.whole is not None or not isinstance(row, dict) or not row:
            return {ROW: row}
        below = {one.path: one for one in part.parts} if is_named else {}
        cells: dict[Path, Any] = {}

        def take(value: Mapping[str, Any], above: Path) -> None:
            for key, one in value.items():
                path = (*above, key)
                further = below.get(path)
                column = part.column(path)
                if further is not None and _has_rows(further, one):
                    held[further.sheet] = one
                elif column is not None and column.each is not None and isinstance(one, dict) and one and len(one) <= _MOST_COLUMNS:
                    take(one, path)
                elif path != part.filled or one != {}:
                    cells[path] = one

        take(row, ())
        if part.filled and part.filled[0] not in row:
            cells[part.filled] = MISSING
        return cells

    def _sheet(self, name: str, one: _Filled) -> Sheet:
        part = one.placed.part
        columns = _columns(part, one.rows)
        heads: list[Head] = [Head(link, "Which one", Kind.TEXT) for link in one.placed.links]
        for column in columns:
            head = show_path(column.path) if column.path != ROW else ITSELF
            label = column.label or label_of(column.path, self.labels)
            unit = self.units.get(column.path[-1], "") if column.path[:-1] == ("when",) else ""
            heads += [
                Head(with_unit(f"{head}{end}", unit), f"{label}{end}" if end else label, column.kind, column.codes)
                for end in column.kind.heads
            ]
        labels: list[Cell] = [f"# {head.label}" if not place else self._label(head.label) for place, head in enumerate(heads)]
        rows: list[list[Cell]] = [[head.name for head in heads], labels]
        for row in one.rows:
            cells: list[Cell] = [encode(Kind.TEXT, link)[0] for link in row.links]
            for column in columns:
                value = row.cells.get(column.path, MISSING)
                is_absent = column.path in row.cells and value is MISSING
                cells += (ABSENT,) if is_absent else encode(column.kind, value)
            rows.append([self._cell(cell) for cell in cells])
        return Sheet(name, numbered(rows), tuple(heads), labelled=True)

    def _release(self) -> Sheet:
        """What has no sheet of its own, by name."""
        order: dict[Path, int] = {(name,): place for place, name in enumerate(HEAD_LABELS)}
        rows: list[list[Cell]] = []
        for path, value in sorted(self.rest.items(), key=lambda item: (order.get(item[0], len(order)), item[0])):
            kind = infer([value])
            label = HEAD_LABELS.get(path[0], "") if len(path) == 1 else ""
            rows.append([show_path(path), kind.value, *encode(kind, value), label])
        return _plain_sheet(RELEASE, ("what", "kind", "value", "label"), rows, self._cell)

    def _label(self, text: str) -> Cell:
        return encode(Kind.TEXT, text)[0]

    def _cell(self, cell: Cell) -> Cell:
        """The cell; a text too long for one is kept elsewhere, and named here."""
        if isinstance(cell, str) and len(cell) > _PIECE:
            self.long.append(cell)
            return f"{LONG}{len(self.long)}"
        return None if cell == "" else cell

    def _pieces(self) -> Iterator[list[Cell]]:
        for text in self.long:
            size = _PIECE // 2  # an escape is longer than what it stands for
            pieces = [text[start : start + size] for start in range(0, len(text), size)]
            yield [encode(Kind.TEXT, piece)[0] for piece in pieces]


def _name_of(part: Part, row: Any) -> str | None:
    """The name by which further sheets speak of a row of a list."""
    for key in part.id:
        row = row.get(key) if isinstance(row, dict) else None
    return row if part.id and isinstance(row, str) else None


def _has_rows(part: Part, value: Any) -> bool:
    """Whether the value can stand on the part's sheet. Where there is none of it, only the row itself can say so."""
    if part.named:
        return isinstance(value, dict) and bool(value)
    return isinstance(value, list) and (part.apart or bool(value))


def _columns(part: Part, rows: Iterable[_Row]) -> list[Column]:
    """The columns of a sheet: those that are known, in their order, then whatever else the rows have."""
    used: dict[Path, list[Any]] = {}
    for row in rows:
        for path, value in sorted(row.cells.items()):
            used.setdefault(path, []).append(value)
    found: list[Column] = [Column(ROW, part.whole or Kind.DATA, "The row itself")] if ROW in used or part.whole else []
    for column in part.columns:
        if column.path in used or (column.core and column.each is None):
            found.append(column)
        if column.each is not None:
            below = [path for path in used if path[:-1] == column.path and path not in part.by_name]
            found += [Column(path, column.each, "") for path in below]
    known = {column.path for column in found}
    found += [Column(path, infer(used[path]), "") for path in sorted(used) if path not in known]
    return found


def _plain_sheet(name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], cell: Any) -> Sheet:
    """A sheet whose columns are named by one word each."""
    return Sheet(name, numbered([list[Cell](heads), *([cell(one) for one in row] for row in rows)]), tuple(Head(one) for one in heads))
