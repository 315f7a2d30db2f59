"""One row of a file, before its columns have names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


def storable(text: str) -> str:
    """The text as the database can keep it: without NUL, and without halves of letters."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "\N{SYMBOL FOR NULL}")


@dataclass(frozen=True)
class Row:
    """The row's number in the file, from 1, its cells, and by place those that are no plain value, with the reason."""

    number: int
    cells: Sequence[str]
    spoiled: Mapping[int, str] = field(default_factory=dict)
