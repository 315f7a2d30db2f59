"""Who acts, as audit and the past write it down: as text, without a foreign key."""

from dataclasses import dataclass
from typing import Protocol


class Actor(Protocol):
    """Anything that can act: a signed-in person, or a command of the product itself.

    It may have `audit_beside`, a detail that stands beside each of its events.
    """

    @property
    def audit_id(self) -> str:
        """What identifies the actor for ever."""

    @property
    def audit_name(self) -> str:
        """What a reader of the log knows the actor by."""

    @property
    def audit_clinic(self) -> str:
        """Identifier of the actor's clinic; empty when the actor belongs to none."""


@dataclass(frozen=True)
class System:
    """A part of the product that acts without a person, such as a command or the sweep."""

    part: str

    @property
    def audit_id(self) -> str:
        """Says that no person has this id."""
        return f"system:{self.part}"

    @property
    def audit_name(self) -> str:
        """The product, and which part of it."""
        return f"Calcinosis ({self.part})"

    @property
    def audit_clinic(self) -> str:
        """The product belongs to no clinic."""
        return ""
