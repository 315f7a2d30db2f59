"""The values that a fact can have at all, as far as a table needs to know them."""

from dataclasses import dataclass
from typing import Literal

from clinical_rules.tables.possible import Possible, among, between

Kind = Literal["number", "boolean", "code", "date"]
KINDS: tuple[Kind, ...] = ("number", "boolean", "code", "date")


@dataclass(frozen=True, slots=True)
class Domain:
    """One fact: its kind and, for numbers and dates, its limits.

    ``low`` and ``high`` are scaled integers (the value times ``10 ** precision``); a date is its
    ordinal day with precision 0. Unknown means every value within the limits. A known value beyond
    a limit counts as that limit: refusing it is the business of whoever took it in.
    """

    key: str
    kind: Kind
    precision: int = 0
    low: int | None = None
    high: int | None = None
    codes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"fact {self.key}: kind {self.kind!r} is none of {', '.join(KINDS)}")
        if (self.kind == "code") != bool(self.codes):
            raise ValueError(f"fact {self.key}: codes belong to a fact of kind code, and only there")
        if self.precision < 0 or (self.precision and self.kind != "number"):
            raise ValueError(f"fact {self.key}: precision {self.precision}: only a number has decimals")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"fact {self.key}: low limit {self.low} exceeds high limit {self.high}")

    @property
    def numeric(self) -> bool:
        """Whether values are integers that can be compared."""
        return self.kind in ("number", "date")

    def everything(self) -> Possible:
        """What is known of the fact when nothing is known."""
        if self.kind == "boolean":
            return among((True, False))
        if self.kind == "code":
            return among(self.codes)
        return between(self.low, self.high)
