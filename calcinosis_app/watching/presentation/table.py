"""The counts of all rows, in groups of peers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.reasons import ReasonGroup
from calcinosis_app.rulebooks.bridge import Rules, current_release, rules_of
from calcinosis_app.rulebooks.models import Release
from calcinosis_app.rulebooks.presentation.pages import contents
from calcinosis_app.rulebooks.selectors import numbered_release, releases
from calcinosis_app.watching.models.count import What
from calcinosis_app.watching.nominated import ENOUGH, Nominated, nominated, silent
from calcinosis_app.watching.periods import PERIODS, USUAL, Period, first_month
from calcinosis_app.watching.reader import Scope, scope_of, scopes_of
from calcinosis_app.watching.rows import CountedRow, counted_rows
from calcinosis_app.watching.selectors import Counted, Totals, counts, shares, totals

COLUMNS = (What.DECIDED, What.ACCEPTED, What.CHANGED, What.DEFERRED, What.DECLINED, What.OVERRIDDEN)
SHORT = {What.DECIDED: "decided", What.CHANGED: "changed"}
REASONS = dict(ReasonGroup.choices)


@dataclass(frozen=True)
class Chosen:
    """What a reader looks at: a release, a period, and whose cases."""

    release: Release
    period: Period
    scope: Scope

    @classmethod
    def of(cls, user: User, asked: Mapping[str, str]) -> "Chosen":
        """What stands in the address; what is not there or makes no sense is the usual."""
        number = asked.get("release", "")
        found = numbered_release(int(number)) if number.isdecimal() and len(number) < 9 else None
        return cls(found or current_release(), PERIODS.get(asked.get("period", ""), USUAL), scope_of(user, asked.get("of", "")))

    @property
    def rules(self) -> Rules:
        """The rules of the release."""
        return rules_of(self.release)

    @property
    def since(self) -> date | None:
        """The first month, on the calendar of whoever looks."""
        return first_month(self.period, timezone.localdate())

    @property
    def query(self) -> str:
        """The same in an address."""
        return f"release={self.release.number}&period={self.period.key}&of={self.scope.key}"


@dataclass(frozen=True)
class Line:
    """One row with its counts, as this reader may see them."""

    row: CountedRow
    fired: str
    numbers: tuple[tuple[str, str], ...]
    against: str
    reasons: tuple[str, ...]
    marks: tuple[str, ...]


class Table:
    """All rows of a release with their counts, over a period, in a scope."""

    def __init__(self, user: User, chosen: Chosen) -> None:
        self.chosen = chosen
        self.rows = counted_rows(chosen.rules)
        shown = shares(chosen.release, chosen.scope.clinic, chosen.since)
        self.found = counts(shown)
        self.totals: Totals = totals(shown)
        self.nominated = nominated(self.rows.values(), self.found)
        self.silent = silent(self.rows.values(), self.found, assessed=self.totals.assessed)
        self.scopes = scopes_of(user)
        self.periods = tuple(PERIODS.values())
        self.releases = releases()
        self.enough = ENOUGH

    @property
    def assessed(self) -> str:
        """How many cases were assessed."""
        return self.chosen.scope.say(self.totals.assessed)

    @property
    def signed(self) -> str:
        """How many reviews were signed."""
        return self.chosen.scope.say(self.totals.signed)

    def groups(self, *, every: bool) -> dict[str, list[Line]]:
        """The rows by their peers, those that fired or were decided about, or `every` one. What fired most stands first."""
        by_peers: dict[str, list[CountedRow]] = {}
        for row in self.rows.values():
            if every or row.id in self.found:
                by_peers.setdefault(row.peers, []).append(row)
        return {name: [self.line(row) for row in sorted(rows, key=self._order)] for name, rows in by_peers.items()}

    def line(self, row: CountedRow) -> Line:
        """One row."""
        of, scope = self.found.get(row.id, Counted()), self.chosen.scope
        marks = ["asks for a review"] if any(one.row == row for one in self.nominated) else []
        marks += ["silent"] if row in self.silent else []
        return Line(
            row,
            scope.cell(of.fired, at_least=row.at_least),
            tuple((SHORT.get(what, what.label), scope.cell(of.of.get(what, 0))) for what in COLUMNS),
            scope.share(of.against, of.decided),
            tuple(self._reason(what, reason, number) for (what, reason), number in sorted(of.reasons.items(), key=lambda one: -one[1])),
            tuple(marks),
        )

    def says(self, one: Nominated) -> str:
        """Why a row asks for a review, in words."""
        scope = self.chosen.scope
        own, peers = scope.share(one.against, one.decided), scope.share(one.peers_against, one.peers_decided)
        said = f"Declined or overridden in {scope.say(one.against)} of {scope.say(one.decided)} cases{f' ({own})' if own else ''}"
        return f"{said}; its peers, {one.row.peers.lower()}, in {peers or 'fewer'}"

    @property
    def asking(self) -> list[tuple[CountedRow, str]]:
        """The rows that ask for a review, each with why."""
        return [(one.row, self.says(one)) for one in self.nominated]

    def _order(self, row: CountedRow) -> tuple[int, str]:
        """By what the reader may see, so that the order tells no more than the numbers."""
        fired = self.found[row.id].fired if row.id in self.found else 0
        return -(fired if self.chosen.scope.exact else fired // 5), row.id

    def _reason(self, what: str, reason: str, number: int) -> str:
        return f"{What(what).label}, because it {REASONS.get(reason, reason)}: {self.chosen.scope.say(number)}" if reason else ""


def context(table: Table) -> dict[str, Any]:
    """What every page with a choice of release, period and scope shows."""
    return {"table": table, "chosen": table.chosen, **of_rules(table.chosen.rules)}


def of_rules(rules: Rules) -> dict[str, Any]:
    """What every page among those of a release shows."""
    return {"rules": rules, "contents": contents(rules), "part": "watching"}
