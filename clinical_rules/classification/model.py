"""What the rules say of a lesion, as values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flag:
    """An emergency: which rows raise it, for one lesion or for the patient."""

    key: str
    lesion: str | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assumed:
    """One assumption of the leading type."""

    fact: str
    is_: str | bool | int


@dataclass(frozen=True, slots=True)
class Leading:
    """The type that leads while a lesion is open, why, and what it assumes."""

    type: str
    assumes: tuple[Assumed, ...]
    because: str


@dataclass(frozen=True, slots=True)
class LesionResult:
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
