"""What is wrong with a file, each with its place and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass

from clinical_rules.errors import ReleaseError, show_value


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps a file from being read. ``cell`` is named as spreadsheets do (``C5``); empty where the whole sheet is meant."""

    sheet: str
    cell: str
    value: str
    say: str

    def __str__(self) -> str:
        place = ", ".join(one for one in (self.sheet, self.cell) if one)
        return ": ".join(one for one in (place, self.value, self.say) if one)

    def as_json(self) -> dict[str, str]:
        """The problem as data: sheet, cell, value and what to do."""
        return {"sheet": self.sheet, "cell": self.cell, "value": self.value, "say": self.say}


class ExchangeRefused(ReleaseError):
    """Nothing of the file was taken. ``problems`` are all that were found, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(one) for one in self.problems))


def refused(say: str, *, sheet: str = "", cell: str = "", value: object = "") -> ExchangeRefused:
    """A file that is refused for one reason."""
    return ExchangeRefused((Problem(sheet, cell, show_value(value) if value != "" else "", say),))
