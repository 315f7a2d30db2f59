"""How a column is named: the keys that lead to its value, with dots between."""

import json
import re
from collections.abc import Sequence

Path = tuple[str, ...]

ITSELF = "itself"
"""The head of the column that holds a row which is one value instead of named ones."""
ROW: Path = ()
"""Where such a value stands in its row: it is the row."""
_SIMPLE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_SEGMENT = re.compile(r'(?:([A-Za-z0-9_][A-Za-z0-9_-]*)|("(?:[^"\\]|\\.)*"))(\.|$)')
_HEAD = re.compile(r"(.*?)(?: \[([^\n]*)\])?", re.DOTALL)
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
"""Signs that XML does not hold, or that a file changes on its way."""
_ESCAPED = re.compile(r"x(?=[0-9A-Fa-f]{4}_)")
"""How a spreadsheet writes such a sign itself; a text that looks so would come back as another."""


def json_text(value: object) -> str:
    """JSON on one line, with every sign that a spreadsheet would not keep written as an escape."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True)
    return _ESCAPED.sub(r"\\u0078", UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def survives(text: str) -> bool:
    """Whether a spreadsheet keeps every sign of the text."""
    return not UNSAFE.search(text) and not _ESCAPED.search(text)


def show_path(path: Sequence[str]) -> str:
    """``when.phosphate``; a key that is no plain word stands in quotation marks."""
    return ".".join(one if _SIMPLE.fullmatch(one) and one != ITSELF and survives(one) else json_text(one) for one in path)


def read_path(text: str) -> Path | None:
    """The keys that a head names, or nothing where it cannot be read."""
    found: list[str] = []
    place = 0
    while match := _SEGMENT.match(text, place):
        try:
            found.append(match[1] if match[1] is not None else json.loads(match[2]))
        except ValueError:
            return None
        place = match.end()
        if not match[3]:
            return tuple(found) if place == len(text) else None
    return None


def with_unit(head: str, unit: str) -> str:
    """The head with the unit in which the column's numbers stand."""
    return f"{head} [{' '.join(unit.split())}]" if unit and survives(unit) else head


def without_unit(head: str) -> tuple[str, str]:
    """The head and the unit that stands in it."""
    match = _HEAD.fullmatch(head)
    return (match[1], match[2] or "") if match else (head, "")
