"""Kinds of cells: how a value of the release is written into a cell, and read from one.

Whatever does not fit its column's kind is written as ``json:`` and JSON, so that every value has a cell. An empty cell
says that there is no value at all; ``""`` is an empty text, ``[]`` an empty list, ``{}`` no tests.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from clinical_rules.exchange.json_form import exact_float, parse
from clinical_rules.exchange.paths import json_text, survives


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A cell that holds no plain value, and what to do about it."""

    value: str
    say: str


Cell = str | int | float | bool | Spoiled | None
Cells = tuple[Cell, ...]


class Kind(Enum):
    """What the cells of a column hold."""

    TEXT = "text"
    TEST = "test"
    NUMBER = "number"
    YES_NO = "yes or no"
    LIST = "list"
    TESTS = "tests"
    ALTERNATIVES = "alternatives"
    LOW_HIGH = "low and high"
    FROM_TO = "from and to"
    DATA = "data"

    @property
    def heads(self) -> tuple[str, ...]:
        """What is put behind the column's name, once for each cell of a value."""
        return {Kind.LOW_HIGH: (" low", " high"), Kind.FROM_TO: (" from", " to")}.get(self, ("",))

    @property
    def meaning(self) -> str:
        """How such a cell is filled in."""
        return _MEANINGS[self]


class Missing(Enum):
    """There is no value: the release does not hold the key."""

    MISSING = "missing"


MISSING = Missing.MISSING
JSON = "json:"
LONG = "long:"
_TOKENS = ('""', "[]", "{}")
_MEANINGS = {
    Kind.TEXT: "a text as it stands",
    Kind.TEST: "a test: > 1.45, [2.2..2.6], true, a code, a, b, not(a), -; an empty cell asks nothing",
    Kind.NUMBER: "a number with a decimal point",
    Kind.YES_NO: "yes or no",
    Kind.LIST: "texts with semicolons between, or one on each line",
    Kind.TESTS: "tests that must all hold: fact: test; fact: test",
    Kind.ALTERNATIVES: "one set of tests on each line, of which one must hold",
    Kind.LOW_HIGH: 'two cells, low and high; an empty one beside a full one sets no limit, "" in both none at all',
    Kind.FROM_TO: "two cells with numbers",
    Kind.DATA: "JSON",
}
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_FACT = re.compile(r'[^\s:;"#\[\]{}=+@\'-][^\s:;"]*')
_MOST_DIGITS = 15  # what every spreadsheet keeps of a number


def encode(kind: Kind, value: Any) -> Cells:
    """The cells of a value, as many as the kind has heads."""
    rest: Cells = (None,) * (len(kind.heads) - 1)
    if value is MISSING:
        return (None, *rest)
    for cells in _ENCODERS[kind](value):
        # What is read back is what was meant; else the next, plainer way of writing it is tried.
        if _is_read_as(kind, cells, value):
            return cells
    return (JSON + json_text(value), *rest)


def decode(kind: Kind, cells: Cells) -> Any:
    """The value in the cells, or ``MISSING``. Raises ``ValueError`` with what to do."""
    for cell in cells:
        if isinstance(cell, Spoiled):
            raise ValueError(cell.say)
    plain = tuple(_stripped(cell) for cell in cells)
    if all(cell is None for cell in plain):
        return MISSING
    first = plain[0]
    if isinstance(first, str) and first.startswith(JSON) and all(cell is None for cell in plain[1:]):
        return _json(first.removeprefix(JSON))
    if first in _TOKENS and len(plain) == 1:
        return _json(str(first))
    return _DECODERS[kind](plain)


def infer(values: Iterable[Any]) -> Kind:
    """The kind that fits most values of a column nobody described."""
    listed = list(values)
    if all(isinstance(one, bool) for one in listed):
        return Kind.YES_NO
    if all(isinstance(one, int | float) and not isinstance(one, bool) for one in listed):
        return Kind.NUMBER
    if all(isinstance(one, str) for one in listed):
        return Kind.TEXT
    if all(isinstance(one, list) and all(isinstance(item, str) for item in one) for one in listed):
        return Kind.LIST
    return Kind.DATA


def same(one: Any, other: Any) -> bool:
    """Whether two values have the same canonical text: 1 is neither 1.0 nor true."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
    return type(one) is type(other) and repr(one) == repr(other)


def _is_read_as(kind: Kind, cells: Cells, value: Any) -> bool:
    if not all(_is_harmless(cell) for cell in cells if isinstance(cell, str)):
        return False
    try:
        return same(decode(kind, cells), value)
    except ValueError:
        return False


def _is_harmless(text: str) -> bool:
    """Whether a spreadsheet takes the text for nothing else: no formula, no remark, no mark of ours that is not meant."""
    if text.startswith("-"):
        return text == "-" or bool(_DECIMAL.fullmatch(text))
    return survives(text) and not text.startswith(("=", "+", "@", "#", "'", LONG))


def _stripped(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return cell.replace("\r\n", "\n").replace("\r", "\n").strip() or None
    return cell


def _json(text: str) -> Any:
    try:
        return parse(text)
    except ValueError as error:
        raise ValueError(f"this is no JSON: {error}") from None


def _one_text(value: Any) -> Iterable[Cells]:
    if value == "":
        yield ('""',)
    elif isinstance(value, str):
        yield (value,)


def _text(cells: Cells) -> str:
    (cell,) = cells
    if isinstance(cell, str):
        return cell
    made = "yes or no" if isinstance(cell, bool) else "a number"
    raise ValueError(f"the spreadsheet made {made} of it, which may have changed it: format the cell as text, and write it again")


def _test(cells: Cells) -> str:
    (cell,) = cells
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return _numeral(cell) if isinstance(cell, int | float) else _text(cells)


def _numeral(cell: float) -> str:
    if isinstance(cell, float) and "e" in repr(cell):
        raise ValueError("the number is too large or too small: format the cell as text, and write it again")
    return repr(cell)


def _one_number(value: Any) -> Iterable[Cells]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    digits = repr(value).lstrip("-").replace(".", "").lstrip("0")
    if len(digits) <= _MOST_DIGITS and digits.isdigit() and not (isinstance(value, float) and value.is_integer()):
        yield (value,)
    yield (repr(value),)


def _number(cells: Cells) -> int | float:
    (cell,) = cells
    if isinstance(cell, str):
        if _WHOLE.fullmatch(cell) and cell != "-0":
            return int(cell)
        if _DECIMAL.fullmatch(cell):
            return exact_float(cell)
    elif not isinstance(cell, bool) and isinstance(cell, int | float):
        return cell
    raise ValueError("this is no number: write digits, with a point before decimals")


def _one_answer(value: Any) -> Iterable[Cells]:
    if isinstance(value, bool):
        yield ("yes" if value else "no",)


def _answer(cells: Cells) -> bool:
    (cell,) = cells
    if isinstance(cell, bool):
        return cell
    found = {"yes": True, "true": True, "no": False, "false": False}.get(str(cell).lower())
    if found is None:
        raise ValueError("write yes or no")
    return found


def _one_list(value: Any) -> Iterable[Cells]:
    if value == []:
        yield ("[]",)
    elif isinstance(value, list) and all(isinstance(one, str) for one in value):
        yield ("; ".join(value),)
        yield ("\n".join(value),)


def _list(cells: Cells) -> list[str]:
    text = _text(cells)
    return [one.strip() for one in text.split("\n" if "\n" in text else ";") if one.strip()]


def _line(tests: Mapping[str, str]) -> str:
    return "; ".join(f"{fact}: {test}" for fact, test in sorted(tests.items()))


def _is_tests(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def _one_tests(value: Any) -> Iterable[Cells]:
    if value == {}:
        yield ("{}",)
    elif _is_tests(value):
        yield (_line(value),)


def _tests(cells: Cells) -> dict[str, str]:
    return _tests_in(_text(cells).replace("\n", ";"))


def _tests_in(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in text.split(";"):
        fact, colon, test = (part.strip() for part in one.partition(":"))
        if not one.strip():
            continue
        if not colon or not test or not _FACT.fullmatch(fact):
            raise ValueError(f"{one.strip()!r} is no test: write fact: test, as in phosphate: > 1.45, with semicolons between")
        if fact in found:
            raise ValueError(f"{fact} is asked twice: keep one of its tests")
        found[fact] = test
    return found


def _one_alternatives(value: Any) -> Iterable[Cells]:
    if value == []:
        yield ("[]",)
    elif isinstance(value, list) and all(_is_tests(one) for one in value):
        yield ("\n".join(_line(one) for one in value),)


def _alternatives(cells: Cells) -> list[dict[str, str]]:
    return [_tests_in(line) for line in _text(cells).split("\n") if line.strip()]


def _pair_of(value: Any, one: Callable[[Any], Iterable[Cells]]) -> Iterable[Cells]:
    if isinstance(value, list) and len(value) == 2:
        halves = [next(iter(one(half)), (None,))[0] for half in value]
        yield tuple(None if half == '""' and value != ["", ""] else half for half in halves)


def _limits(cells: Cells) -> list[str]:
    return ["" if cell in (None, '""') else _test((cell,)) for cell in cells]


def _span(cells: Cells) -> list[int | float]:
    if None in cells:
        raise ValueError("one of the two numbers is missing: write both, or neither")
    return [_number((cell,)) for cell in cells]


def _data(cells: Cells) -> Any:
    (cell,) = cells
    return _json(cell) if isinstance(cell, str) else cell


_ENCODERS: Mapping[Kind, Callable[[Any], Iterable[Cells]]] = {
    Kind.TEXT: _one_text,
    Kind.TEST: _one_text,
    Kind.NUMBER: _one_number,
    Kind.YES_NO: _one_answer,
    Kind.LIST: _one_list,
    Kind.TESTS: _one_tests,
    Kind.ALTERNATIVES: _one_alternatives,
    Kind.LOW_HIGH: lambda value: _pair_of(value, _one_text),
    Kind.FROM_TO: lambda value: _pair_of(value, _one_number),
    Kind.DATA: lambda value: ((json_text(value),),),
}
_DECODERS: Mapping[Kind, Callable[[Cells], Any]] = {
    Kind.TEXT: _text,
    Kind.TEST: _test,
    Kind.NUMBER: _number,
    Kind.YES_NO: _answer,
    Kind.LIST: _list,
    Kind.TESTS: _tests,
    Kind.ALTERNATIVES: _alternatives,
    Kind.LOW_HIGH: _limits,
    Kind.FROM_TO: _span,
    Kind.DATA: _data,
}
