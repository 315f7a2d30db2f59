"""Which lists of a release are rows with an id, and what each row is called there.

A place is a path from the root of the content, such as ``("treatments", "alendronate", "gate", "alendronate.caution.1", "when", "crcl")``:
rows are named by their id, so that an inserted row changes the place of no other.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Place = tuple[str, ...]

ID_OF: Mapping[str, str] = {
    "cases": "id",
    "conditions": "key",
    "definitions": "fact",
    "drugs": "code",
    "facts": "key",
    "grades": "grade",
    "implications": "id",
    "laboratory": "key",
    "references": "key",
    "statements": "id",
    "bands": "row",
    "codes": "code",
    "units": "code",
    "lesions": "id",
}
"""The lists whose rows have an id, by the name of the list."""
ROW_KINDS = ("gate", "stop", "dose", "response", "monitoring")
"""The lists of a treatment; their rows have an id under ``row``."""
LINES = frozenset({"any", "first", "true_when", "false_when"})
"""Lists of lines without an id: they are numbered, and matched by what they say."""


def id_key(place: Place) -> str | None:
    """Under which name the rows of this list have their id; ``None`` where it has no such rows."""
    if place[0] == "tables":
        return "id" if len(place) == 3 and place[2] == "row" else None
    if place[0] == "treatments":
        return "row" if len(place) == 3 and place[2] in ROW_KINDS else None
    if place[0] == "lists":
        return "row" if len(place) == 2 else None
    if place[0] == "cases" and len(place) > 1:
        return "id" if len(place) == 3 and place[2] == "lesions" else None
    return ID_OF.get(place[-1]) if len(place) in (1, 3) else None


def has_lines(place: Place) -> bool:
    """Whether this list holds numbered lines."""
    if place[0] == "lists":
        return len(place) == 4 and place[3] in LINES
    return len(place) == 3 and place[0] in ("definitions", "facts") and place[2] in LINES


def is_rows(place: Place, value: Any) -> bool:
    """Whether a value at this place is a list of rows or lines, told apart one by one."""
    listed = isinstance(value, list) and all(isinstance(one, dict) for one in value)
    return listed and (id_key(place) is not None or has_lines(place))


def names_of(place: Place, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What each row is called, in order: its id, or its number. A second row of one id is called ``id#2``."""
    key = id_key(place)
    if key is None:
        return [str(number) for number in range(1, len(rows) + 1)]
    found: list[str] = []
    seen: dict[str, int] = {}
    for row in rows:
        name = str(row.get(key, ""))
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return found


def names_beside(place: Place, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[str]:
    """What each of the new rows is called beside the old ones. A line keeps the number of the old line it is like; more are ``+1``."""
    if id_key(place) is not None:
        return names_of(place, new)
    waiting = dict(zip(names_of(place, old), old, strict=True))
    found: dict[int, str] = {}
    for number, row in enumerate(new):
        same = next((name for name, one in waiting.items() if is_same(one, row)), None)
        if same is not None:
            found[number] = same
            del waiting[same]
    for number, row in enumerate(new):
        if number not in found and waiting:
            # Of lines equally alike, the one that stands at this very place.
            nearest = max(waiting, key=lambda name: (_likeness(waiting[name], row), name == str(number + 1)))
            if _likeness(waiting[nearest], row) > 0:
                found[number] = nearest
                del waiting[nearest]
    added = iter(range(1, len(new) + 1))
    return [found[number] if number in found else f"+{next(added)}" for number in range(len(new))]


def _likeness(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """How many names two lines share, equal values twice."""
    mine, yours = one.get("when", one), other.get("when", other)
    shared = [name for name in mine if name in yours]
    return (
        len(shared)
        + sum(is_same(mine[name], yours[name]) for name in shared)
        + (one.get("is") is not None and one.get("is") == other.get("is"))
    )


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are written alike; ``true`` and ``1`` are not, nor are ``1`` and ``1.0``."""
    return bool(one == other) and json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
