"""Which sources are due to be looked at again."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.rulebooks.bridge import Rules
from calcinosis_app.watching.models import SourceCheck
from calcinosis_app.watching.selectors import interval_of, last_source_checks


@dataclass(frozen=True)
class Source:
    """One source of a release. `seen_on` is the last day on which somebody saw it, none when nobody ever did.

    That is the last check, or for a source that was seen when the release was written, the day of the release's text.
    """

    key: str
    title: str
    kind: str
    seen_on: date | None
    due_on: date | None
    check: SourceCheck | None
    rows: int

    def is_due(self, today: date) -> bool:
        """Whether it should be looked at: its time has come, nobody ever saw it, or it no longer says what the rules take from it."""
        return self.due_on is None or self.due_on <= today or self.no_longer_holds

    @property
    def no_longer_holds(self) -> bool:
        """Whether the last who looked said so."""
        return self.check is not None and not self.check.still_holds

    @property
    def why(self) -> str:
        """Why it is due, in a word."""
        if self.no_longer_holds:
            return "no longer holds"
        return "never seen" if self.due_on is None else "past its review date"


def sources(rules: Rules, clinic: Clinic | None) -> list[Source]:
    """Every source of a release, what is most urgent first: what no longer holds, what nobody ever saw, then by day."""
    months, checks, used = interval_of(clinic), last_source_checks(), _used(rules.content)
    written = date.fromisoformat(rules.content["dated"])
    found = []
    for reference in rules.content["references"]:
        check = checks.get(reference["key"])
        seen_on = timezone.localdate(check.checked_at) if check else written if reference["seen"] else None
        due_on = months_later(seen_on, months) if seen_on else None
        found.append(
            Source(
                reference["key"],
                reference["title"],
                reference["kind"].replace("_", " "),
                seen_on,
                due_on,
                check,
                len(used.get(reference["key"], ())),
            )
        )
    return sorted(found, key=lambda one: (not one.no_longer_holds, one.due_on or date.min, -one.rows, one.key))


def due_sources(rules: Rules, clinic: Clinic | None) -> list[Source]:
    """Those that are due today."""
    today = timezone.localdate()
    return [one for one in sources(rules, clinic) if one.is_due(today)]


def rows_resting_on(rules: Rules, key: str) -> list[str]:
    """The rows of a release that name a source."""
    return _used(rules.content).get(key, [])


def months_later(day: date, months: int) -> date:
    """The same day some months on; the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _used(content: Mapping[str, Any]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for key, row in _citing(content):
        found.setdefault(key, {})[row] = None
    return {key: list(rows) for key, rows in found.items()}


def _citing(part: Any) -> Iterator[tuple[str, str]]:
    """Source and row, wherever in a release a row names its sources."""
    if isinstance(part, Mapping):
        row = part.get("row") or part.get("id")
        if isinstance(row, str):
            yield from ((key, row) for name in ("sources", "sources_a", "sources_b") for key in part.get(name, ()))
        for one in part.values():
            yield from _citing(one)
    elif isinstance(part, list):
        for one in part:
            yield from _citing(one)
