"""From sheets to the content of a release. Every problem is found before any is told; nothing is half read."""

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from clinical_rules.exchange.book import Book, Sheet, cell_place
from clinical_rules.exchange.kinds import LONG, MISSING, Cell, Kind
from clinical_rules.exchange.labels import units_of
from clinical_rules.exchange.layout import BY_SHEET, COLUMNS, LONG_TEXTS, READ_ME, RELEASE, RESERVED, TABLE_ROWS, Placed, placed_at
from clinical_rules.exchange.noting import REFUSED, Noting, put
from clinical_rules.exchange.paths import Path, read_path, show_path, without_unit
from clinical_rules.exchange.problems import ExchangeRefused, Problem
from clinical_rules.exchange.read_me import FORM
from clinical_rules.exchange.sheet_rows import Found, read_heads, read_rows

_KINDS = {kind.value: kind for kind in Kind}
_NO_KIND = f"there is no such kind of cell: write one of {', '.join(_KINDS)}"


@dataclass(slots=True)
class _Declared:
    """What the sheet ``Columns`` says of another one."""

    path: Path
    kinds: dict[str, Kind] = field(default_factory=dict)


def from_book(book: Book, found: tuple[Problem, ...] = ()) -> dict[str, Any]:
    """The content that the sheets hold.

    Raises ``ExchangeRefused`` with all that keeps it from being read, and with what was ``found`` before.
    """
    reading = _Reading(book)
    reading.noting.problems += found
    content = reading.everything()
    if reading.noting.problems:
        order = {sheet.name: place for place, sheet in enumerate(book.sheets)}
        raise ExchangeRefused(sorted(reading.noting.problems, key=lambda one: (order.get(one.sheet, -1), cell_place(one.cell))))
    return content


class _Reading:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.noting = Noting()
        self.content: dict[str, Any] = {}
        self.declared: dict[str, _Declared] = {}
        self.rows: dict[str, dict[tuple[str, ...], Any]] = {}
        """By part, and by its name with the names above it: the rows to which others belong."""
        self.units: list[tuple[str, int, str, str]] = []

    def everything(self) -> dict[str, Any]:
        """The content, as far as it could be read."""
        self._form()
        self._long_texts()
        self._columns()
        parts = self._parts()
        self._release()
        for sheet, placed in sorted(parts, key=lambda one: len(one[1].above)):
            self._part(sheet, placed)
        self._units()
        return self.content

    def _lines(self, name: str) -> list[tuple[int, list[Cell]]]:
        """The rows of a sheet below its first that are not empty, each with at least six cells."""
        sheet = self.book.by_name.get(name)
        lines = sorted(sheet.rows.items()) if sheet else []
        return [(number, [*cells, *[None] * 6]) for number, cells in lines if number > 1 and any(cell is not None for cell in cells)]

    def _form(self) -> None:
        first = self.book.by_name.get(READ_ME)
        form = next((row[1] for row in first.rows.values() if row[0] == "Form" and len(row) > 1), None) if first else None
        if form != FORM:
            self.noting.say(READ_ME, f"this is no file of a release: on the sheet {READ_ME} {FORM!r} must stand beside Form", value=form)

    def _long_texts(self) -> None:
        pieces: dict[str, list[str]] = {}
        for number, row in self._lines(LONG_TEXTS):
            text, place = (str(cell) for cell in row[:2])
            found = self.noting.value(LONG_TEXTS, number, [2], Kind.TEXT, row)
            kept = pieces.setdefault(f"{LONG}{text}", [])
            if place != str(len(kept) + 1):
                say = f"piece {len(kept) + 1} of text {text} belongs here: put the pieces in order"
                self.noting.say(LONG_TEXTS, say, at=(number, 1), value=place)
            kept.append(found if isinstance(found, str) else "")
        self.noting.long = {text: "".join(found) for text, found in pieces.items()}

    def _columns(self) -> None:
        for number, row in self._lines(COLUMNS):
            name, part, head, kind = ("" if cell is None else str(cell) for cell in row[:4])
            path = read_path(part)
            if path is None or placed_at(path) is None:
                say = "this is no part of a release: copy the cell from another row of the same sheet"
                self.noting.say(COLUMNS, say, at=(number, 1), value=part)
            elif kind not in _KINDS:
                self.noting.say(COLUMNS, _NO_KIND, at=(number, 3), value=kind)
            else:
                declared = self.declared.setdefault(name, _Declared(path))
                declared.kinds[without_unit(head)[0]] = _KINDS[kind]

    def _parts(self) -> list[tuple[Sheet, Placed]]:
        """Which part each sheet holds."""
        found: dict[Path, tuple[Sheet, Placed]] = {}
        for sheet in self.book.sheets:
            if sheet.name in RESERVED or not sheet.rows:
                continue
            placed = self._placed(sheet.name)
            if placed is None:
                close = get_close_matches(sheet.name, [*self.declared, *BY_SHEET], 1)
                meant = f"Is {close[0]!r} meant? " if close else ""
                self.noting.say(sheet.name, f"no part of a release stands on a sheet of this name. {meant}Rename the sheet, or delete it")
            elif placed.path in found:
                self.noting.say(sheet.name, f"the sheet {found[placed.path][0].name!r} holds the same part: keep one of them")
            else:
                found[placed.path] = (sheet, placed)
        unread = {problem.sheet for problem in self.noting.problems}
        for name in (*self.declared, RELEASE):
            if name in unread:
                continue
            if name not in self.book.by_name:
                self.noting.say(name, "the sheet is missing: put it back. To delete all that stands on it, leave its first row")
            elif not self.book.by_name[name].rows:
                self.noting.say(name, "the sheet is empty: put its first row back, which names the columns")
        return list(found.values())

    def _placed(self, name: str) -> Placed | None:
        if name in self.declared:
            return placed_at(self.declared[name].path)
        if name.startswith(f"{TABLE_ROWS.sheet} "):
            return placed_at(("tables", name.removeprefix(f"{TABLE_ROWS.sheet} "), "row"))
        return BY_SHEET.get(name)

    def _release(self) -> None:
        """What has no sheet of its own."""
        for number, row in self._lines(RELEASE):
            name, kind = row[:2]
            path = read_path(name) if isinstance(name, str) else None
            if path is None:
                self.noting.say(RELEASE, "this is no name: write letters, digits and _, with dots between", at=(number, 0), value=name)
                continue
            if not isinstance(kind, str) or kind not in _KINDS or len(_KINDS[kind].heads) > 1:
                self.noting.say(RELEASE, _NO_KIND, at=(number, 1), value=kind)
                continue
            value = self.noting.value(RELEASE, number, [2], _KINDS[kind], row)
            if value is MISSING:
                self.noting.say(RELEASE, f"{name} has no value: fill in the cell, or delete the row", at=(number, 2))
            elif value is not REFUSED and not put(self.content, path, value):
                self.noting.say(RELEASE, "this stands in another row too: keep one of them", at=(number, 0), value=name)

    def _part(self, sheet: Sheet, placed: Placed) -> None:
        part = placed.part
        declared = self.declared.get(sheet.name)
        heads = read_heads(sheet, placed, declared.kinds if declared else {}, self.noting)
        self.units += [(sheet.name, place, name, unit) for place, name, unit in heads.units]
        held: dict[tuple[str, ...], dict[str, Any] | list[Any]] = {}
        if not placed.above:
            held[()] = {} if part.named else []
        elif part.apart:
            held[(placed.owner,)] = []
        named: dict[tuple[str, ...], Any] = {}
        seen: dict[tuple[str, ...], int] = {}
        for row in read_rows(sheet, placed, heads, self.noting):
            if row.own is not None:
                key = (*row.above, row.own)
                if key in seen:
                    say = f"row {seen[key]} has the same name: give each row its own"
                    self.noting.say(sheet.name, say, at=(row.number, row.place), value=row.own)
                seen.setdefault(key, row.number)
                named[key] = row.value
            if self._has_owner(sheet, placed, row) and row.is_whole:
                rows = held.setdefault(row.above, {} if part.named else [])
                if isinstance(rows, dict):
                    rows[str(row.own)] = row.value
                else:
                    rows.append(row.value)
        if part.parts:
            self.rows[part.sheet] = named
        for above, rows in held.items():
            self._attach(sheet, placed, above, rows)

    def _has_owner(self, sheet: Sheet, placed: Placed, row: Found) -> bool:
        if not placed.above or placed.part.apart or row.above in self.rows.get(placed.above[-1].sheet, {}):
            return True
        above = placed.above[-1]
        say = f"the sheet {above.sheet} has no {above.row} of this name: correct it, or add the {above.row} there"
        self.noting.say(sheet.name, say, at=(row.number, len(placed.above) - 1), value=row.above[-1])
        return False

    def _attach(self, sheet: Sheet, placed: Placed, above: tuple[str, ...], rows: Any) -> None:
        """Puts the rows where they belong."""
        into = self.rows.get(placed.above[-1].sheet, {}).get(above) if placed.above else self.content
        if into is None:
            say = f"the sheet {placed.above[-1].sheet} has no {placed.above[-1].row} {above[-1]!r}: add it there, or delete this sheet"
            self.noting.say(sheet.name, say)
        elif not isinstance(into, dict) or not put(into, placed.part.path, rows):
            of = f" of {', '.join(above)}" if above else ""
            self.noting.say(sheet.name, f"{show_path(placed.part.path)}{of} stands elsewhere too: delete it there, or the rows here")

    def _units(self) -> None:
        """The unit in a head is that of the fact: who wants another one must convert the tests."""
        units = units_of(self.content)
        for sheet, place, name, stated in self.units:
            path = read_path(name)
            unit = " ".join(units.get(path[-1], "").split()) if path and len(path) > 1 else ""
            if unit != stated:
                say = f"the unit of {path[-1] if path else name} is {unit}" if unit else f"{name} has no unit"
                self.noting.say(sheet, f"{say}: write the tests in it, and the head as it was", at=(1, place), value=f"{name} [{stated}]")
