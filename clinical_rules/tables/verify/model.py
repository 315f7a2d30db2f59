"""What verification finds in a table, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from clinical_rules.tables.possible import Scalar

Value = Scalar | None
"""One value of a fact, a number scaled as the fact is; ``None`` when the fact is not applicable."""

Case = Mapping[str, Value]
"""One complete case: a value for every fact that the question concerns."""

Severity = Literal["error", "warning", "note"]
"""An error blocks publishing; a warning asks for a look; a note says what is so and may well be meant."""

FindingKind = Literal[
    "no_case",
    "overlap",
    "gap",
    "never",
    "masked",
    "inside",
    "undeclared",
    "unproduced",
    "beyond_limits",
    "always",
    "idle_threshold",
    "idle_fact",
    "leaves_open",
    "not_proved",
]


@dataclass(frozen=True, slots=True)
class TableFinding:
    """One thing that is so in a table.

    ``rows`` are the row ids concerned, the one that the finding is about first. ``witness`` is a
    case that shows it, one that the constraints allow; there is none where the finding says that no
    case exists. ``text`` is the test, threshold or outcome concerned, as it is written in the table.
    """

    kind: FindingKind
    severity: Severity
    table: str
    say: str
    rows: tuple[str, ...] = ()
    fact: str | None = None
    text: str | None = None
    witness: Case | None = None
