"""Changes and events, gathered into moments: what one person did at one time, newest first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from calcinosis_app.audit.actors import System
from calcinosis_app.audit.history import Change
from calcinosis_app.audit.models import Event
from calcinosis_app.core.past import ADDED, CHANGED, REMOVED
from calcinosis_app.desk.history.words import NOTHING, WORDS, Speech

VERBS = {ADDED: "added", CHANGED: "changed", REMOVED: "removed"}
TOGETHER = timedelta(seconds=2)
# A decision that moved to the review of a newer assessment.
CARRIED = "review_id"
WORKER = System("worker").audit_id


@dataclass(frozen=True)
class Difference:
    """One column: what it was and what it became. A new row has no before, a removed one no after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One thing that happened, with its columns."""

    what: str
    verb: str
    differences: tuple[Difference, ...] = ()
    said: tuple[str, ...] = ()

    @property
    def inline(self) -> bool:
        """Whether the only difference is the thing itself, whose name stands there already."""
        return [one.label for one in self.differences] in (["finding"], ["typed"])


@dataclass(frozen=True)
class Told:
    """A line with when it was and who did it. `how` says what a name does not: a part of the product, or past the application."""

    at: datetime
    who: str
    how: str
    outside: bool
    line: Line
    together: object

    def belongs_to(self, other: "Told") -> bool:
        """Whether both are one moment."""
        if self.together is not None and other.together is not None:
            return self.together == other.together
        return (self.who, self.how) == (other.who, other.how) and abs(self.at - other.at) < TOGETHER


@dataclass(frozen=True)
class Moment:
    """What one person did at one time."""

    at: datetime
    who: str
    how: str
    outside: bool
    lines: tuple[Line, ...]


def moments(told: Iterable[Told]) -> list[Moment]:
    """The lines gathered, newest first."""
    groups: list[list[Told]] = []
    for one in sorted(told, key=lambda one: one.at):
        if groups and one.belongs_to(groups[-1][-1]):
            groups[-1].append(one)
        else:
            groups.append([one])
    return [Moment(some[0].at, some[0].who, some[0].how, some[0].outside, tuple(_once(some))) for some in reversed(groups)]


def _once(some: list[Told]) -> Iterator[Line]:
    yield from dict.fromkeys(one.line for one in some)


def of_changes(changes: Iterable[Change], speech: Speech) -> Iterator[Told]:
    """Each change as a line."""
    for change in changes:
        who, how = whose(change.context)
        yield Told(change.at, who, how, change.outside, _line(change, speech), change.together)


def whose(context: Mapping[str, Any]) -> tuple[str, str]:
    """Who did it, and what is to be said beside the name."""
    if "role" in context:
        return "Outside the application", f"as database role {context['role']}"
    name = str(context.get("name", ""))
    way = str(context.get("way", ""))
    if not name:
        return "Nobody signed in", way.removeprefix("page ").replace(":", ", ").replace("_", " ")
    return name, way.rpartition(".")[2].replace("_", " ") if context.get("id") == WORKER else ""


def _line(change: Change, speech: Speech) -> Line:
    row = change.after or change.before
    what = speech.named(change.model, change.before if change.label == CHANGED else row)
    if change.secret:
        return Line(what, VERBS[CHANGED], said=("What changed is a secret, which is not kept.",))
    if change.label == CHANGED and change.columns == (CARRIED,):
        return Line(what, f"carried over to {speech.value(change.model, CARRIED, change.after)}")
    return Line(what, VERBS[change.label], tuple(_differences(change, speech)))


def _differences(change: Change, speech: Speech) -> Iterator[Difference]:
    """What differs; of a row that came or went, what it held. Columns that only repeat are named when nothing else differs."""
    columns = [name for name in change.columns if name not in WORDS[change.model].quiet]
    if not columns and change.label == CHANGED:
        columns = list(change.columns)
    for name in columns:
        if name == "id":
            continue
        before, after = (speech.value(change.model, name, row) if row else "" for row in (change.before, change.after))
        if {before, after} - {"", NOTHING, "no"} or (change.before and change.after and before != after):
            yield Difference(speech.label(change.model, name), before, after)


def of_event(event: Event, line: Line) -> Told:
    """An event of the log as a line."""
    return Told(event.at, event.actor, "", False, line, None)
