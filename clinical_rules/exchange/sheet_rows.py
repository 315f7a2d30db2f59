"""Reads the rows of one sheet into the rows of a part."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from clinical_rules.exchange.book import Sheet
from clinical_rules.exchange.kinds import MISSING, Cell, Kind
from clinical_rules.exchange.layout import Placed
from clinical_rules.exchange.noting import REFUSED, Noting, put
from clinical_rules.exchange.paths import ITSELF, ROW, Path, read_path, without_unit

ABSENT = "absent"
"""Stands where named values are missing that are otherwise there."""
REMARK = "#"
_ENDS = {end: kind for kind in (Kind.LOW_HIGH, Kind.FROM_TO) for end in kind.heads}


@dataclass(slots=True)
class Column:
    """One column of a sheet, or the two that hold a pair."""

    name: str
    path: Path
    kind: Kind
    places: list[int]


@dataclass(slots=True)
class Heads:
    """What the first row of a sheet says: which column holds what, and in which unit the tests of a fact stand."""

    links: dict[str, int] = field(default_factory=dict)
    columns: list[Column] = field(default_factory=list)
    units: list[tuple[int, str, str]] = field(default_factory=list)
    named: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Found:
    """A row with its number, the names of the rows above it, its own name where it has one, and where that stands."""

    number: int
    above: tuple[str, ...]
    own: str | None
    place: int
    value: Any
    is_whole: bool = True
    """Whether all of its cells could be read."""


def read_heads(sheet: Sheet, placed: Placed, declared: Mapping[str, Kind], noting: Noting) -> Heads:
    """The columns of a sheet. Those that nobody knows are noted."""
    heads = Heads()
    seen: dict[str, int] = {}
    for place, cell in enumerate(sheet.rows.get(1, [])):
        if cell is None:
            continue
        heads.named.add(place)
        name, unit = without_unit(str(cell).strip())
        if name in seen:
            noting.say(sheet.name, "two columns have this name: keep one of them", at=(1, place), value=cell)
        elif name in placed.links:
            heads.links[name] = place
        else:
            _column(sheet, placed, declared, noting, heads, name, place)
            if unit:
                heads.units.append((place, name, unit))
        seen[name] = place
    for link in placed.links:
        if link not in heads.links:
            noting.say(sheet.name, f"the column {link!r} is missing, which says what a row belongs to: put it back")
    for column in heads.columns:
        if len(column.places) < len(column.kind.heads):
            lacking = " or ".join(repr(f"{column.name}{end}") for end in column.kind.heads)
            noting.say(sheet.name, f"one of the columns {lacking} is missing: put it back")
    return heads


def _column(sheet: Sheet, placed: Placed, declared: Mapping[str, Kind], noting: Noting, heads: Heads, name: str, place: int) -> None:
    ending = next((end for end in _ENDS if end and name.endswith(end)), "")
    plain = name.removesuffix(ending)
    path = ROW if plain == ITSELF else read_path(plain)
    kind = declared.get(name) or _known_kind(placed, path)
    if path is None or kind is None or ending not in kind.heads:
        known = [*declared, *(".".join(column.path) + end for column in placed.part.columns for end in column.kind.heads), *placed.links]
        close = get_close_matches(name, known, 1, 0.5)
        meant = f"Is {close[0]!r} meant? " if close else ""
        noting.say(
            sheet.name,
            f"no column of this sheet has this name. {meant}Correct the name, delete the column, or describe it on the sheet Columns",
            at=(1, place),
            value=name,
        )
    else:
        column = next((one for one in heads.columns if one.path == path and one.kind == kind), None)
        if column is None:
            column = Column(plain, path, kind, [])
            heads.columns.append(column)
        # The two cells of a pair may stand in any order on the sheet.
        column.places.insert(kind.heads.index(ending), place)


def _known_kind(placed: Placed, path: Path | None) -> Kind | None:
    if path == ROW:
        return placed.part.whole or Kind.DATA
    column = placed.part.column(path) if path is not None else None
    return column.kind if column else None


def read_rows(sheet: Sheet, placed: Placed, heads: Heads, noting: Noting) -> Iterator[Found]:
    """The rows in their order; of cells that cannot be read the problems are noted."""
    for number, cells in sorted(sheet.rows.items()):
        if number == 1 or all(cell is None for cell in cells) or str(cells[0]).startswith(REMARK):
            continue
        for place, cell in enumerate(cells):
            if cell is not None and place not in heads.named:
                noting.say(
                    sheet.name, "the column has no name: write one in its first row, or empty the cell", at=(number, place), value=cell
                )
        links = [_link(sheet, link, heads, number, cells, noting) for link in placed.links]
        value, is_whole = _value(sheet, placed, heads, number, cells, noting)
        if None in links:
            continue
        names = tuple(one for one in links if one is not None)
        if placed.part.named:
            yield Found(number, names[:-1], names[-1], heads.links[placed.links[-1]], value, is_whole)
        else:
            place = next((one.places[0] for one in heads.columns if one.path == placed.part.id), 0)
            above = (placed.owner,) if placed.part.apart else names
            yield Found(number, above, _name(value, placed.part.id), place, value, is_whole)


def _link(sheet: Sheet, link: str, heads: Heads, number: int, cells: Sequence[Cell], noting: Noting) -> str | None:
    if link not in heads.links:
        return None
    place = heads.links[link]
    name = noting.value(sheet.name, number, [place], Kind.TEXT, cells)
    if name is MISSING:
        noting.say(sheet.name, f"the cell is empty: name {link} that the row belongs to", at=(number, place))
    return name if isinstance(name, str) else None


def _value(sheet: Sheet, placed: Placed, heads: Heads, number: int, cells: Sequence[Cell], noting: Noting) -> tuple[Any, bool]:
    """What the row says: named values, or the one value that it is; and whether all of it could be read."""
    filled = placed.part.filled
    row: dict[str, Any] = {}
    itself: Any = MISSING
    is_absent, is_whole = False, True
    for column in heads.columns:
        if column.path == filled and cells[column.places[0] : column.places[0] + 1] == [ABSENT]:
            is_absent = True
            continue
        value = noting.value(sheet.name, number, column.places, column.kind, cells)
        if value is REFUSED:
            is_whole = False
        elif column.path == ROW:
            itself = value
        elif value is not MISSING and not put(row, column.path, value):
            say = f"another column of this row says {column.path[0]} too: empty one of the two"
            noting.say(sheet.name, say, at=(number, column.places[0]))
            is_whole = False
    if itself is not MISSING:
        if row:
            noting.say(sheet.name, f"the row stands in the column {ITSELF!r} and in others: empty one or the other", at=(number, 0))
        return itself, is_whole
    if filled and not is_absent:
        row.setdefault(filled[0], {})
    return row, is_whole


def _name(row: Any, where: Path) -> str | None:
    for key in where:
        row = row.get(key) if isinstance(row, dict) else None
    return row if where and isinstance(row, str) else None
