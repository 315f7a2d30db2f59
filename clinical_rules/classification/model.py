"""What the rules say of a lesion, as values."""

from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple


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


class Outcome(NamedTuple):
    """What of a lesion's result would make it another result."""

    status: str
    type: str | None
    candidates: tuple[str, ...]


Why = Literal["error", "unit", "range"]


class Fragility(NamedTuple):
    """One way in which a small doubt about one result would change what is said of a lesion."""

    fact: str
    lesion: str | None
    """Where the result was found: a lesion, or the patient."""
    value: Fraction
    """The result, in the canonical unit, exact."""
    taken: date | None
    why: Why
    """Within the method's stated error; read in another unit; held against another range."""
    at: Fraction | None
    """The value from which on it changes, or the value in the other unit; ``None`` for another range."""
    side: Literal["below", "above", ""]
    """On which side of the result ``at`` lies."""
    other: str
    """The other unit (UCUM), or the row of the other range."""
    to: Outcome


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
    fragile: tuple[Fragility, ...] = ()
    """What the mark ``fragile`` rests on."""

    @property
    def outcome(self) -> Outcome:
        """What would make it another result."""
        return Outcome(self.status, self.type, self.candidates)
