"""An assessment on one sheet of paper: what the page says, cut down to what is decided on.

Nothing stands here that the page does not say. What is left out is counted, so that nobody takes the sheet for the whole.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any, Final

from calcinosis_app.assessments.bridge import GateView, RowView, ValueView
from calcinosis_app.desk.entry.asking import Ask
from calcinosis_app.desk.pathway import CALM, WAITING, Card, Page, Phase, ToDo
from calcinosis_app.rulebooks.bridge import current_release, rules_of

# As many values as fit beside each other; of more, those on which something rests.
MOST_VALUES: Final = 10
# The checks that fall due first; the rest is counted.
MOST_CHECKS: Final = 8
# Questions that many options share, most shared first; the rest is counted.
MOST_SHARED: Final = 8
BLOCKED: Final = "blocked"
IN_RANGE: Final = "within"
# Steps of these lists are read by their titles; the texts are the same for everybody and stand on the page.
BY_TITLE: Final = ("work_up", "advice")
# What stands at the top of the sheet is not repeated in its pathway.
SAID_ABOVE: Final = "emergencies"


@dataclass(frozen=True)
class Source:
    """One source as a footnote: its number on this sheet, its key, and where to find it."""

    number: int
    key: str
    text: str


@dataclass(frozen=True)
class Check:
    """One check of the plan, or one that would fall due."""

    due: date
    what: str
    standing: str = ""


@dataclass(frozen=True)
class Day:
    """The checks of one day."""

    due: date
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Part:
    """One phase of the pathway as far as it is printed: options as rows, other steps by their titles."""

    phase: Phase
    options: tuple[Card, ...]
    decided: tuple[ToDo, ...]
    told: tuple[ToDo, ...]
    titles: tuple[tuple[str, tuple[ToDo, ...]], ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing of it is printed."""
        return not (self.options or self.decided or self.told or self.titles)


class Sheet:
    """What one sheet shows of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The pathway, phase by phase."""
        parts = (self._part(phase) for phase in self.page.phases)
        return tuple(one for one in parts if not one.is_empty)

    @cached_property
    def waiting(self) -> tuple[Card, ...]:
        """The options that wait for answers and on which nobody has decided."""
        return tuple(card for card in self._cards if card.view.status == WAITING and not card.step)

    @property
    def shared(self) -> tuple[tuple[Ask, int], ...]:
        """The questions that most options wait for."""
        return self.page.shared[:MOST_SHARED]

    @property
    def more_shared(self) -> int:
        """How many more questions several options share."""
        return len(self.page.shared) - len(self.shared)

    @property
    def not_indicated(self) -> int:
        """How many options are not indicated, and not printed."""
        return sum(card.view.status == CALM and not card.step for card in self._cards)

    @cached_property
    def values(self) -> tuple[ValueView, ...]:
        """The values on which something rests, and every one out of range; all of them, when they are few."""
        values = self.page.said.values
        if len(values) <= MOST_VALUES:
            return values
        return tuple(one for one in values if one.fact in self._decisive or one.position != IN_RANGE)

    @property
    def other_values(self) -> int:
        """How many values are left out: all of them in range, and nothing printed here rests on them."""
        return len(self.page.said.values) - len(self.values)

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The reminders of the signed plan; before, what would fall due. The earliest first."""
        if self.page.signed and self.page.reminders:
            reminders = sorted(self.page.reminders, key=lambda one: one.reminder.due_on)
            return tuple(Check(one.reminder.due_on, one.what, one.standing) for one in reminders)
        said = (Check(one.due, f"{one.what}{f' ({one.place})' if one.lesion else ''}") for one in self.page.said.schedule)
        return tuple(sorted(said, key=lambda one: one.due))

    @property
    def days(self) -> tuple[Day, ...]:
        """The checks that are printed, by day."""
        return tuple(Day(due, tuple(found)) for due, found in groupby(self.checks[:MOST_CHECKS], key=lambda one: one.due))

    @property
    def later_checks(self) -> int:
        """How many fall due later and are not printed."""
        return max(0, len(self.checks) - MOST_CHECKS)

    @property
    def rules_were_renewed(self) -> bool:
        """Whether the clinic judges under another release by now."""
        return self.page.assessment.release_id != current_release().pk

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Everything cited on this sheet, in the order in which it is cited."""
        references = rules_of(self.page.assessment.release).references
        return tuple(Source(number, key, _reference(references.get(key, {}), key)) for key, number in self.numbers.items())

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of each source on this sheet."""
        return {key: number for number, key in enumerate(dict.fromkeys(self._cited()), 1)}

    @property
    def has_unconfirmed(self) -> bool:
        """Whether a figure is printed that nobody has confirmed in a source."""
        return not all(self._confirmed())

    def _confirmed(self) -> Iterator[bool]:
        """Of each row, gate, option and step that is printed, whether its figure was seen in a source."""
        yield from (row.seen for rows in self._rows for row in rows)
        for card in self._printed:
            yield card.view.seen
            yield from (gate.seen for gate in card.against)
        yield from (todo.view.seen for todo in self._todos)

    @property
    def _cards(self) -> tuple[Card, ...]:
        return tuple(card for phase in self.page.phases for card in phase.options)

    @property
    def _printed(self) -> tuple[Card, ...]:
        return tuple(card for part in self.parts for card in part.options)

    @property
    def _todos(self) -> tuple[ToDo, ...]:
        return tuple(todo for part in self.parts for todo in (*part.decided, *part.told))

    @property
    def _rows(self) -> Iterator[tuple[RowView, ...]]:
        """The rows that raised an emergency, and those that gave each lesion its type."""
        yield from (one.rows for one in self.page.said.emergencies)
        yield from (one.because for one in self.page.said.lesions)

    def _cited(self) -> Iterator[str]:
        for rows in self._rows:
            for row in rows:
                yield from row.sources
        for part in self.parts:
            for card in part.options:
                yield from cited_for(card)
                for gate in card.against:
                    yield from gate.sources
            for todo in (*part.decided, *part.told):
                yield from todo.view.sources

    @cached_property
    def _decisive(self) -> frozenset[str]:
        """The facts on which a type, an emergency, an open question or an objection rests, down to what was measured."""
        rules = rules_of(self.page.assessment.release)
        rows: Iterable[RowView | GateView] = (
            *(row for rows in self._rows for row in rows),
            *(gate for card in self._printed for gate in card.against),
        )
        facts = {test.fact for row in rows for test in row.tests}
        for lesion in self.page.said.lesions:
            facts |= {one.fact for one in lesion.assumptions} | {one.fact for one in lesion.settle}
        return frozenset(below for fact in facts if fact in rules.facts for below in rules.rests_on(fact))

    def _part(self, phase: Phase) -> Part:
        todos = [one for one in phase.todos if one.view.list != SAID_ABOVE or one.step]
        titled = {name: tuple(one for one in todos if one.view.list == name and not one.step) for name in BY_TITLE}
        return Part(
            phase,
            tuple(card for card in phase.options if card.step or card.view.status not in (WAITING, CALM)),
            tuple(one for one in todos if one.step),
            tuple(one for one in todos if not one.step and one.view.list not in BY_TITLE),
            tuple((name, found) for name, found in titled.items() if found),
        )


def cited_for(card: Card) -> tuple[str, ...]:
    """The sources of an option itself; of a blocked one those of what blocks it say more."""
    return () if card.view.status == BLOCKED and card.against else card.view.sources


def _reference(reference: Mapping[str, Any], key: str) -> str:
    """Where to find a source: first author, journal with volume and page, year, number."""
    authors = reference.get("authors", "")
    author = "" if authors in ("", "not shown") else f"{authors.split(',')[0].removesuffix(' et al')}. "
    year = f" ({reference['year']})" if reference.get("year") else ""
    return f"{author}{reference.get('journal') or reference.get('title') or key}{year}"
