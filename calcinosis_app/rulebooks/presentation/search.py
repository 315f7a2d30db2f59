"""Finding the lines of a page by what stands in them: names, keys, codes, synonyms, texts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

Line = TypeVar("Line")
# A query is typed into a small field; more of it is cut off.
LONGEST = 100
# Where a line leads and how it is coloured is no part of what it says.
UNSAID = frozenset({"url", "anchor", "tone"})


def matching(lines: Iterable[Line], query: str) -> list[Line]:
    """The lines in which every word of the query occurs, upper or lower case alike; all of them without a query."""
    wanted = query.casefold().split()
    return [line for line in lines if not wanted or _holds(line, wanted)]


def _holds(line: object, wanted: list[str]) -> bool:
    said = " ".join(_texts(line)).casefold()
    return all(word in said for word in wanted)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for one in fields(value):
            if one.name not in UNSAID:
                yield from _texts(getattr(value, one.name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
