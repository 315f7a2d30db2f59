"""What the rules say of a lesion, as values."""

from typing import NamedTuple


class Flag(NamedTuple):
    """An emergency: which rows raise it, for one lesion or for the patient."""

    key: str
    lesion: str | None
    because: tuple[str, ...]


class Assumed(NamedTuple):
    """One assumption of the leading type."""

    fact: str
    is_: str | bool | int


class Leading(NamedTuple):
    """The type that leads while a lesion is open, why, and what it assumes."""

    type: str
    assumes: tuple[Assumed, ...]
    because: str


class LesionResult(NamedTuple):
    """What the rules say of one lesion."""

    id: str
    status: str
    type: str | None
    parts: tuple[str, ...]
    types: tuple[str, ...]
    candidates: tuple[str, ...]
    candidates_exact: bool
    marks: tuple[str, ...]
    fired: tuple[str, ...]
    leading: Leading | None
    no_lead: str | None
    settle: tuple[str, ...]
