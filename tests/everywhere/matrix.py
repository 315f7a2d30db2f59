"""Reads the authorisation matrix: who is let in where.

`matrix.txt` is written by hand, not worked out from the code, so that it can be held against the code.
Each row names an address, a method, and whom it lets in, in their own clinic, in another one, and in another one under
emergency access. A method that has no row is answered with 405.
"""

from dataclasses import dataclass
from pathlib import Path

ROLES = {"C": "clinician", "N": "nurse", "K": "curator", "P": "approver", "A": "administrator"}
EVERYBODY = frozenset(ROLES.values())
FILE = Path(__file__).parent / "matrix.txt"


@dataclass(frozen=True)
class Cell:
    """One address under one method, and the roles that are let in.

    `thing` is what the address is about: "-" for nothing that belongs to anybody. What belongs to another clinic does not exist
    for a person who could open it here (404); whoever could not open it here either hears that (403).
    """

    route: str
    method: str
    thing: str
    own: frozenset[str]
    other: frozenset[str]
    emergency: frozenset[str]


def cells() -> list[Cell]:
    """Every row of the matrix. Raises ValueError for a row that cannot be read, or that is there twice."""
    found: list[Cell] = []
    for number, line in enumerate(FILE.read_text().splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = [column.strip() for column in line.split("|")]
        if len(columns) != 6:
            raise ValueError(f"{FILE.name}, line {number}: {len(columns)} columns instead of 6.")
        route, methods, thing, *letters = columns
        own, other, emergency = (_roles(some, number) for some in letters)
        found += [Cell("" if route == "/" else route, method, thing, own, other, emergency) for method in methods.split()]
    names = [(cell.route, cell.method) for cell in found]
    if len(names) != len(set(names)):
        raise ValueError(f"{FILE.name}: twice there: {sorted({name for name in names if names.count(name) > 1})}")
    return found


def _roles(letters: str, number: int) -> frozenset[str]:
    if letters == "all":
        return EVERYBODY
    if not set(letters) <= {*ROLES, "-"}:
        raise ValueError(f"{FILE.name}, line {number}: {letters!r} should be letters of {''.join(ROLES)}, 'all' or '-'.")
    return frozenset(ROLES[letter] for letter in letters if letter != "-")
