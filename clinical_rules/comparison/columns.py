"""What many cases have of each fact, as columns: the distinct values once, and for each unit the number of its value.

A unit is a patient or a lesion. A set of units is one big integer with a byte per unit, 0 or 1: so sets are combined, and a
column is searched for values, at the speed of the machine.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clinical_rules.tables import Domain, Possible, Row, Table, compile_table
from clinical_rules.truth import Truth

Units = int
"""A set of units, one byte each, lowest first."""


@dataclass(frozen=True, slots=True)
class Column:
    """One fact. ``values[0]`` is always ``None``, not known; the planes hold the low, then the high byte of each unit's value number."""

    values: tuple[Possible | None, ...]
    planes: tuple[bytes, ...]

    def where(self, wanted: Sequence[bool]) -> Units:
        """The units whose value is wanted; ``wanted`` has one entry per value."""
        if len(self.planes) == 1:
            return int.from_bytes(self.planes[0].translate(_table(wanted)), "little")
        low, high = self.planes
        found = 0
        for block in range(0, len(wanted), 256):
            mine = wanted[block : block + 256]
            if any(mine):
                number = block // 256
                here = high.translate(bytes(one == number for one in range(256)))
                found |= int.from_bytes(here, "little") & int.from_bytes(low.translate(_table(mine)), "little")
        return found

    def at(self, unit: int) -> Possible | None:
        """The value of one unit."""
        return self.values[sum(plane[unit] << 8 * number for number, plane in enumerate(self.planes))]

    def as_json(self) -> dict[str, Any]:
        """The column as plain data."""
        return {"values": [_plain(one) for one in self.values], "planes": [base64.b64encode(one).decode() for one in self.planes]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Column":
        """The column of this data."""
        return cls(tuple(_possible(one) for one in data["values"]), tuple(base64.b64decode(one) for one in data["planes"]))


def _table(wanted: Sequence[bool]) -> bytes:
    return bytes(wanted) + bytes(256 - len(wanted))


def _plain(one: Possible | None) -> Any:
    if one is None:
        return None
    values = None if one.values is None else sorted(one.values, key=lambda value: (isinstance(value, str), value))
    return [values, None if one.spans is None else [list(span) for span in one.spans], one.not_applicable]


def _possible(data: Any) -> Possible | None:
    if data is None:
        return None
    values, spans, not_applicable = data
    return Possible(
        None if values is None else frozenset(values), None if spans is None else tuple((low, high) for low, high in spans), not_applicable
    )


class ColumnWriter:
    """Collects the values of one fact, unit by unit."""

    def __init__(self) -> None:
        self.numbers: dict[Possible, int] = {}
        self.given: list[tuple[int, int]] = []

    def put(self, unit: int, value: Possible) -> None:
        """What this unit has."""
        self.given.append((unit, self.numbers.setdefault(value, len(self.numbers) + 1)))

    def column(self, units: int) -> Column:
        """The column over this many units."""
        # In the order of the numbers: then the values between two limits are few blocks of numbers.
        ordered = sorted(self.numbers, key=_rank)
        place = {self.numbers[value]: number for number, value in enumerate(ordered, 1)}
        planes = [bytearray(units) for _ in range(1 if len(ordered) < 256 else 2)]
        if len(ordered) > 65_535:
            raise ValueError("more than 65,535 distinct values of one fact: index the cases in parts")
        for unit, number in self.given:
            for depth, plane in enumerate(planes):
                plane[unit] = place[number] >> 8 * depth & 255
        return Column((None, *ordered), tuple(bytes(plane) for plane in planes))


def _rank(one: Possible) -> tuple[Any, ...]:
    low, high = (one.spans or ((None, None),))[0]
    return (low is not None, low or 0, high is None, high or 0, str(_plain(one)))


@dataclass(frozen=True, slots=True)
class Section:
    """Units of one kind, with their columns. A fact without a column is known of none of them."""

    case_of: tuple[int, ...]
    """The number of the case that each unit belongs to."""
    columns: Mapping[str, Column]

    @property
    def all(self) -> Units:
        """Every unit."""
        return int.from_bytes(b"\x01" * len(self.case_of), "little")

    def where(self, fact: str, wanted: Mapping[Possible | None, bool] | Sequence[bool]) -> Units:
        """The units whose value of the fact is wanted."""
        column = self.columns.get(fact)
        if isinstance(wanted, Mapping):
            wanted = [wanted.get(one, False) for one in self.values(fact)]
        if column is None:
            return self.all if wanted[0] else 0
        return column.where(wanted)

    def at(self, fact: str, unit: int) -> Possible | None:
        """What one unit has of a fact."""
        column = self.columns.get(fact)
        return None if column is None else column.at(unit)

    def values(self, fact: str) -> tuple[Possible | None, ...]:
        """The distinct values of a fact, not known first."""
        column = self.columns.get(fact)
        return column.values if column is not None else (None,)

    def truths(self, fact: str, test: str, domain: Domain) -> tuple[Truth, ...]:
        """Whether a test holds of each distinct value of the fact."""
        return truths_of(self.values(fact), fact, test, domain)

    def row(self, when: Mapping[str, str], domains: Mapping[str, Domain]) -> tuple[Units, Units]:
        """The units of which a row surely holds, and those of which it may hold."""
        sure = possible = self.all
        for fact, test in when.items():
            if not possible:
                break
            truths = self.truths(fact, test, domains[fact])
            possible &= self.where(fact, [one is not False for one in truths])
            sure &= self.where(fact, [one is True for one in truths])
        return sure, possible

    def cases(self, units: Units) -> set[int]:
        """The cases that these units belong to."""
        return {self.case_of[unit] for unit in members(units, len(self.case_of))}

    def as_json(self) -> dict[str, Any]:
        """The section as plain data."""
        return {"case_of": list(self.case_of), "columns": {fact: column.as_json() for fact, column in self.columns.items()}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Section":
        """The section of this data."""
        return cls(tuple(data["case_of"]), {fact: Column.from_json(one) for fact, one in data["columns"].items()})


def truths_of(values: Iterable[Possible | None], fact: str, test: str, domain: Domain) -> tuple[Truth, ...]:
    """Whether a test holds of each value; ``None`` among the values is: not known."""
    table = compile_table(Table(fact, "COLLECT", (Row("it", {fact: test}),)), {fact: domain})
    return tuple(table.truths({} if value is None else {fact: value})[0] for value in values)


def members(units: Units, count: int) -> Iterator[int]:
    """The numbers of the units in a set."""
    marked = units.to_bytes(count, "little")
    place = marked.find(1)
    while place >= 0:
        yield place
        place = marked.find(1, place + 1)
