"""A workbook before it is a file: sheets of rows of cells."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from clinical_rules.exchange.kinds import Cell, Kind


@dataclass(frozen=True, slots=True)
class Head:
    """One column as it is written: name, what people call it, how its cells are to be treated."""

    name: str
    label: str = ""
    kind: Kind = Kind.TEXT
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``rows`` by their number in the file, from 1; the first names the columns."""

    name: str
    rows: Mapping[int, list[Cell]]
    heads: tuple[Head, ...] = ()
    """How the columns are to look, where the sheet is written."""
    labelled: bool = False
    """The second row says what the columns are, and is not read."""


@dataclass(frozen=True, slots=True)
class Book:
    """The sheets in order, and which release they were made from."""

    sheets: tuple[Sheet, ...]
    number: str = ""
    hash: str = ""
    by_name: Mapping[str, Sheet] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {sheet.name: sheet for sheet in self.sheets})


def numbered(rows: Iterable[list[Cell]]) -> dict[int, list[Cell]]:
    """Rows with their numbers, from 1."""
    return dict(enumerate(rows, 1))


def cell_name(row: int, column: int) -> str:
    """What a spreadsheet calls a cell; ``column`` counts from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def cell_place(name: str) -> tuple[int, str]:
    """Row and column of a cell, to sort by; of what names no cell, the beginning."""
    letters = name.rstrip("0123456789")
    return (int(name[len(letters) :] or 0), f"{len(letters)}{letters}")


_LONGEST = 31
_NO_SIGN_OF_A_NAME = re.compile(r"[^\w ,.()-]+")


def sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """A name that spreadsheets accept and no other sheet has."""
    used = {one.casefold() for one in taken}
    plain = _NO_SIGN_OF_A_NAME.sub(" ", wanted).strip(" '") or "Sheet"
    name, number = plain[:_LONGEST].strip(), 1
    while name.casefold() in used:
        number += 1
        name = f"{plain[: _LONGEST - len(str(number)) - 1].strip()} {number}"
    return name


def file_name(sheet: str) -> str:
    """What a sheet's file is called in an archive of CSV files."""
    return f"{re.sub(r'[^a-z0-9]+', '-', sheet.lower()).strip('-') or 'sheet'}.csv"
