"""Reads cells, and notes what is wrong with them instead of stopping there."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from clinical_rules.errors import show_value
from clinical_rules.exchange.book import cell_name
from clinical_rules.exchange.kinds import LONG, Cell, Kind, Spoiled, decode
from clinical_rules.exchange.problems import Problem


class Refused(Enum):
    """A cell that could not be read; the problem is noted."""

    REFUSED = "refused"


REFUSED = Refused.REFUSED


class Noting:
    """The problems of one file, and the texts that are too long for its cells."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.long: Mapping[str, str] = {}

    def say(self, sheet: str, what: str, *, at: tuple[int, int] | None = None, value: object = None) -> None:
        """Notes a problem; ``at`` is the row, from 1, and the column, from 0."""
        shown = value.value if isinstance(value, Spoiled) else value
        named = cell_name(*at) if at else ""
        self.problems.append(Problem(sheet, named, "" if shown is None else show_value(shown), what))

    def value(self, sheet: str, number: int, places: Sequence[int], kind: Kind, row: Sequence[Cell]) -> Any:
        """The value in some cells of a row: ``MISSING`` where they are empty, ``REFUSED`` where it cannot be read."""
        cells = [row[place] if place < len(row) else None for place in places]
        full = next((place for place, cell in zip(places, cells, strict=True) if cell is not None), places[0])
        try:
            return decode(kind, tuple(self._whole(cell) for cell in cells))
        except ValueError as error:
            self.say(sheet, str(error), at=(number, full), value=row[full] if full < len(row) else None)
            return REFUSED

    def _whole(self, cell: Cell) -> Cell:
        if isinstance(cell, str) and cell.startswith(LONG):
            if cell not in self.long:
                raise ValueError("the sheet Long texts has no such text: put it back, or write the text here")
            return self.long[cell]
        return cell


def put(into: dict[str, Any], path: Sequence[str], value: Any) -> bool:
    """Sets a value by the keys that lead to it. Returns whether its place was free."""
    *above, last = path
    place: Any = into
    for key in above:
        place = place.setdefault(key, {})
        if not isinstance(place, dict):
            return False
    if last in place:
        return False
    place[last] = value
    return True
