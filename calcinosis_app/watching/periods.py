"""Over which months is counted. Whole months only: whoever could choose days could take one count from another and see one case."""

from dataclasses import dataclass
from datetime import date
from typing import Final

ALL: Final = "all"


@dataclass(frozen=True)
class Period:
    """`key` stands in addresses; `months` are this month and those before it, or all there are."""

    key: str
    label: str
    months: int | None


PERIODS: Final = {
    one.key: one
    for one in (
        Period("1", "this month", 1),
        Period("3", "this month and 2 before", 3),
        Period("12", "this month and 11 before", 12),
        Period(ALL, "since the beginning", None),
    )
}
USUAL: Final = PERIODS["12"]


def first_month(period: Period, today: date) -> date | None:
    """The first day of the first month, or none for all there are."""
    if period.months is None:
        return None
    back = today.year * 12 + today.month - period.months
    return date(back // 12, back % 12 + 1, 1)
