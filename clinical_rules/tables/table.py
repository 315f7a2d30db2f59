"""Decision tables as they are written down, before they are compiled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

HitPolicy = Literal["FIRST", "UNIQUE", "COLLECT"]
HIT_POLICIES: tuple[HitPolicy, ...] = ("FIRST", "UNIQUE", "COLLECT")

Outcome = str | bool


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: what it asks of the facts, and what follows when all of it holds.

    ``meta`` is carried along unread: sources, a note, whatever the table's author keeps there.
    """

    id: str
    when: Mapping[str, str]
    then: Mapping[str, Outcome] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # A compiled table trusts its rows never to change: keep copies that cannot.
        for name in ("when", "then", "meta"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows and the policy that combines them.

    FIRST: the first row that holds decides. UNIQUE: at most one row holds, and that one decides. COLLECT: every row that
    holds counts.
    """

    key: str
    hit_policy: HitPolicy
    rows: tuple[Row, ...]
