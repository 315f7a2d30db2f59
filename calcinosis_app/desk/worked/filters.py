"""What somebody looks for in the gallery."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from calcinosis_app.desk.worked.cases import TEACHES, VERDICTS, WorkedCase, type_in_words, worked_cases
from calcinosis_app.rulebooks.bridge import Rules

ORIGINS: Final = {"published": "published", "made_up": "made up for the release"}
LONGEST: Final = 100


@dataclass(frozen=True)
class Choice:
    """One value of a filter, with how many cases it keeps of all."""

    value: str
    label: str
    number: int
    chosen: bool


@dataclass(frozen=True)
class Chosen:
    """The cases that fit, and the filters as they stand. What is no value of a filter is taken for none."""

    every: tuple[WorkedCase, ...]
    picked: Mapping[str, str]
    text: str

    @classmethod
    def of(cls, sent: QueryDict, rules: Rules) -> "Chosen":
        """Reads the filters from an address."""
        return cls(worked_cases(rules), {name: sent.get(name, "") for name in _READS}, sent.get("q", "").strip()[:LONGEST])

    @property
    def cases(self) -> list[WorkedCase]:
        """Those that fit every filter."""
        return [one for one in self.every if self._fits(one)]

    @property
    def filters(self) -> list[tuple[str, str, list[Choice]]]:
        """Name, label and values of each filter."""
        return [(name, label, self._choices(name, values)) for name, (label, values) in self._offered().items()]

    @property
    def summary(self) -> list[Choice]:
        """How near the rules come to the authors, over all published cases."""
        return self._choices("verdict", VERDICTS)

    @property
    def published(self) -> int:
        """How many cases were published by somebody."""
        return sum(one.is_published for one in self.every)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is looked for."""
        return bool(self.text) or any(self._valid(name) for name in self.picked)

    def _offered(self) -> dict[str, tuple[str, dict[str, str]]]:
        kinds = sorted({kind for one in self.every for kind in one.types})
        return {
            "type": ("Type", {kind: type_in_words(kind) for kind in kinds}),
            "origin": ("Origin", ORIGINS),
            "teaches": ("Shows", TEACHES),
            "verdict": ("Beside the authors", VERDICTS),
        }

    def _choices(self, name: str, values: Mapping[str, str]) -> list[Choice]:
        return [
            Choice(value, label, sum(value in _READS[name](one) for one in self.every), self.picked[name] == value)
            for value, label in values.items()
        ]

    def _valid(self, name: str) -> bool:
        return self.picked[name] in self._offered()[name][1]

    def _fits(self, one: WorkedCase) -> bool:
        if any(self._valid(name) and self.picked[name] not in read(one) for name, read in _READS.items()):
            return False
        words = f"{one.id} {one.title} {one.shows} {one.source} {one.wanted} {one.said}".lower()
        return all(word in words for word in self.text.lower().split())


_READS: Final[Mapping[str, Callable[[WorkedCase], Collection[str]]]] = {
    "type": lambda one: one.types,
    "origin": lambda one: {"published" if one.is_published else "made_up"},
    "teaches": lambda one: one.teaches,
    "verdict": lambda one: {one.verdict},
}
