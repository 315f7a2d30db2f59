"""The columns of a file of results. They are found by name, in any order; docs/how-to/laboratory-import.md describes them."""

from collections.abc import Iterable, Sequence
from typing import Final

from calcinosis_app.laboratory.files.refused import FileRefused
from calcinosis_app.laboratory.files.rows import storable

MOST_COLUMNS: Final = 60

NUMBER: Final = "patient number"
FAMILY_NAME: Final = "family name"
BIRTH_DATE: Final = "birth date"
SAMPLE: Final = "sample id"
TAKEN_AT: Final = "taken at"
CODE: Final = "code"
SYSTEM: Final = "code system"
CODE_NAME: Final = "code name"
VALUE: Final = "value"
COMPARATOR: Final = "comparator"
UNIT: Final = "unit"
LOW: Final = "low"
HIGH: Final = "high"
FLAG: Final = "flag"
LABORATORY: Final = "laboratory"

ALL: Final = (
    NUMBER,
    FAMILY_NAME,
    BIRTH_DATE,
    SAMPLE,
    TAKEN_AT,
    CODE,
    SYSTEM,
    CODE_NAME,
    VALUE,
    COMPARATOR,
    UNIT,
    LOW,
    HIGH,
    FLAG,
    LABORATORY,
)
NEEDED: Final = (NUMBER, TAKEN_AT, CODE, VALUE, UNIT)


def find(header: Sequence[str]) -> tuple[dict[int, str], list[str]]:
    """Which column stands where, and the names of the columns that are not read.

    Raises FileRefused for a column that is missing, stands there twice, or when no second identifier is there.
    """
    found: dict[int, str] = {}
    unread: list[str] = []
    for place, title in enumerate(header):
        name = " ".join(title.replace("_", " ").split()).casefold()
        if name in found.values():
            raise FileRefused(f"The column {name!r} stands there twice. Keep one of the two.")
        if name in ALL:
            found[place] = name
        elif name:
            unread.append(storable(title.strip()[:60]))
    _check(found.values())
    return found, unread


def _check(found: Iterable[str]) -> None:
    there = set(found)
    missing = [name for name in NEEDED if name not in there]
    if missing:
        raise FileRefused(
            f"The first row names no column {', '.join(repr(name) for name in missing)}. "
            "Name the columns as the template does; check which character was chosen between columns."
        )
    if not there & {FAMILY_NAME, BIRTH_DATE}:
        raise FileRefused("Two identifiers must agree: beside the patient number the file needs a column 'birth date' or 'family name'.")


def template(delimiter: str) -> str:
    """An empty file with all columns, to be filled in."""
    return delimiter.join(ALL) + "\r\n"
