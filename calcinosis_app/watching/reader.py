"""Whose counts a person may see, and how exactly.

The own clinic's counts are exact for whoever may open its patients anyway. Everybody else, and everybody of all clinics together, sees
them rounded, and small ones not at all: a number never leads to a patient.
"""

from dataclasses import dataclass
from typing import Final

from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.accounts.permissions import PATIENT_READ
from calcinosis_app.accounts.policy import may

# The smallest number that is told, and the steps in which it grows.
STEP: Final = 5
OWN, ALL = "own", "all"


@dataclass(frozen=True)
class Scope:
    """Of whom is counted: one clinic, or all together. `exact` says that the reader may know each number."""

    key: str
    label: str
    clinic: Clinic | None
    exact: bool

    def say(self, number: int, *, at_least: bool = False) -> str:
        """A number as this reader may see it: "7", "about 10", "fewer than 5"."""
        if not self.exact and 0 < number < STEP:
            return f"fewer than {STEP}" if not at_least else "some"
        said = str(number) if self.exact or number == 0 else f"about {_rounded(number)}"
        return f"{said} or more" if at_least else said

    def cell(self, number: int, *, at_least: bool = False) -> str:
        """The same in a table, which says above it that numbers are rounded: "7", "10", "< 5"."""
        if not self.exact and 0 < number < STEP:
            return f"< {STEP}" if not at_least else "some"
        said = str(number if self.exact else _rounded(number))
        return f"{said} +" if at_least and number else said

    def share(self, part: int, whole: int) -> str:
        """A part of a whole in per cent, worked out from what this reader may see; nothing where that says nothing."""
        if not self.exact:
            if 0 < part < STEP or whole < STEP:
                return ""
            part, whole = _rounded(part), _rounded(whole)
        return f"{min(100, round(100 * part / whole))} %" if whole else ""


def scopes_of(user: User) -> list[Scope]:
    """The person's own clinic, if there is one, and all together."""
    own = [Scope(OWN, str(user.clinic), user.clinic, exact=may(user, PATIENT_READ))] if user.clinic else []
    return [*own, Scope(ALL, "all clinics together", None, exact=False)]


def scope_of(user: User, key: str) -> Scope:
    """The scope of this name, or the person's first one."""
    found = scopes_of(user)
    return next((one for one in found if one.key == key), found[0])


def _rounded(number: int) -> int:
    """To the nearest step, a half upwards."""
    return (number + STEP // 2) // STEP * STEP
