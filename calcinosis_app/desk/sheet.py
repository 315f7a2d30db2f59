"""An assessment on one sheet of paper: what the page says, cut down to what is decided on.

Nothing stands here that the page does not say. What is left out is counted, so that nobody takes the sheet for the whole.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any, Final

from calcinosis_app.assessments.bridge import EmergencyView, GateView, RowView, ValueView
from calcinosis_app.desk.cards import CALM, WAITING, Card, Phase, ToDo, Typed
from calcinosis_app.desk.entry.asking import Ask
from calcinosis_app.desk.pathway import Page
from calcinosis_app.desk.printed import Alarm, Check, Day, Lesions, Part, Row, Source, Urgent, merged, said_of
from calcinosis_app.rulebooks.bridge import current_release, rules_of

# As many values as fit beside each other; of more, those on which something rests.
MOST_VALUES: Final = 10
# The checks that fall due first; the rest is counted.
MOST_CHECKS: Final = 8
# Questions that many options share, most shared first; the rest is counted.
MOST_SHARED: Final = 8
# From so many options, steps and values on the sheet is set in smaller letters.
MANY_ROWS: Final = 20
BLOCKED: Final = "blocked"
IN_RANGE: Final = "within"
TOO_OLD: Final = "too_old"
# Steps of these lists are read by their titles; the texts are the same for everybody and stand on the page.
BY_TITLE: Final = ("work_up", "advice")
# What stands at the top of the sheet is not repeated in its pathway.
SAID_ABOVE: Final = "emergencies"


class Sheet:
    """What one sheet shows of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @cached_property
    def alarms(self) -> tuple[Alarm, ...]:
        """The emergencies; one that several lesions raise for the same reason is said once."""
        found: dict[object, list[EmergencyView]] = {}
        for one in self.page.said.emergencies:
            found.setdefault((one.key, one.do, one.say), []).append(one)
        return tuple(Alarm(same[0], tuple(one.place for one in same if one.lesion)) for same in found.values())

    @cached_property
    def lesions(self) -> tuple[Lesions, ...]:
        """The lesions with their types; those of which the same is said share a block. An override stands by itself."""
        found: dict[object, list[Typed]] = {}
        for one in self.page.typed:
            found.setdefault(said_of(one), []).append(one)
        return tuple(Lesions(same[0], "; ".join(one.view.title for one in same)) for same in found.values())

    @property
    def urgent(self) -> tuple[Urgent, ...]:
        """The marks that cannot wait, each once."""
        found: dict[str, list[str]] = {}
        for lesion in self.page.said.lesions:
            for mark in lesion.urgent:
                found.setdefault(mark.text, []).append(lesion.title)
        return tuple(Urgent(text, tuple(places)) for text, places in found.items())

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The pathway, phase by phase."""
        parts = (self._part(phase) for phase in self.page.phases)
        return tuple(one for one in parts if not one.is_empty)

    @cached_property
    def waiting(self) -> tuple[Row[Card], ...]:
        """The options that wait for answers and on which nobody has decided."""
        return merged(card for card in self._cards if card.view.status == WAITING and not card.step)

    @property
    def number_waiting(self) -> int:
        """How many they are, each lesion's counted."""
        return sum(max(1, len(row.lesions)) for row in self.waiting)

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
        """The values on which something rests, and every one out of range; all of them, when they are few.

        A value that is too old to count is printed only where nothing newer is known.
        """
        every = self.page.said.values
        counted = {one.fact for one in every if one.state != TOO_OLD}
        newest_old = {one.fact: one for one in sorted(every, key=_day) if one.state == TOO_OLD and one.fact not in counted}
        found = tuple(one for one in every if one.state != TOO_OLD or newest_old.get(one.fact) is one)
        if len(found) <= MOST_VALUES:
            return found
        return tuple(one for one in found if one.fact in self._decisive or one.position not in (IN_RANGE, ""))

    @property
    def other_values(self) -> int:
        """How many values are left out: too old beside newer ones, or such that nothing printed here rests on them."""
        return len(self.page.said.values) - len(self.values)

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The reminders of the signed plan; before, what would fall due. The earliest first."""
        if self.page.signed and self.page.reminders:
            reminders = sorted(self.page.reminders, key=lambda one: one.reminder.due_on)
            return tuple(Check(one.reminder.due_on, one.what, one.standing) for one in reminders)
        places: dict[tuple[date, str], list[str]] = {}
        for one in sorted(self.page.said.schedule, key=lambda one: one.due):
            places.setdefault((one.due, one.what), []).extend([one.lesion] if one.lesion and self.has_lesions else [])
        return tuple(Check(due, f"{what} ({', '.join(dict.fromkeys(of))})" if of else what) for (due, what), of in places.items())

    @property
    def days(self) -> tuple[Day, ...]:
        """The checks that are printed, by day."""
        return tuple(Day(due, tuple(found)) for due, found in groupby(self.checks[:MOST_CHECKS], key=lambda one: one.due))

    @property
    def later_checks(self) -> int:
        """How many fall due later and are not printed."""
        return max(0, len(self.checks) - MOST_CHECKS)

    @property
    def is_dense(self) -> bool:
        """Whether so much is printed that smaller letters keep it on one page."""
        return len(self._printed) + len(self._todos) + len(self.values) >= MANY_ROWS

    @property
    def has_lesions(self) -> bool:
        """Whether it has to be said of which lesion something is."""
        return len(self.page.said.lesions) > 1

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
        return tuple(row.one for part in self.parts for row in part.options)

    @property
    def _todos(self) -> tuple[ToDo, ...]:
        return tuple(todo for part in self.parts for todo in (*part.decided, *(row.one for row in part.told)))

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
            for card in (row.one for row in part.options):
                yield from cited_for(card)
                for gate in card.against:
                    yield from gate.sources
            for todo in (*part.decided, *(row.one for row in part.told)):
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
        titled = {
            name: tuple(dict.fromkeys(one.view.title for one in todos if one.view.list == name and not one.step)) for name in BY_TITLE
        }
        return Part(
            phase,
            merged(card for card in phase.options if card.step or card.view.status not in (WAITING, CALM)),
            tuple(one for one in todos if one.step),
            merged(one for one in todos if not one.step and one.view.list not in BY_TITLE),
            tuple((name, found) for name, found in titled.items() if found),
        )


def _day(one: ValueView) -> date:
    return one.taken or date.min


def cited_for(card: Card) -> tuple[str, ...]:
    """The sources of an option itself; of a blocked one those of what blocks it say more."""
    return () if card.view.status == BLOCKED and card.against else card.view.sources


def _reference(reference: Mapping[str, Any], key: str) -> str:
    """Where to find a source: first author, journal with volume and page, year, number."""
    authors = reference.get("authors", "")
    author = "" if authors in ("", "not shown") else f"{authors.split(',')[0].removesuffix(' et al')}. "
    year = f" ({reference['year']})" if reference.get("year") else ""
    return f"{author}{reference.get('journal') or reference.get('title') or key}{year}"
