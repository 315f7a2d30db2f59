"""Which rows ask for a review by themselves: those that are not followed more often than their peers, and those that never fire.

A row nominates itself when at least MANY cases were decided about it, at least SOME of them against it, its share is at least TWICE that
of its peers, and even the cautious estimate of it (the lower end of the 95 per cent interval, after Wilson) lies above theirs. Its peers
are the other rows of its group taken together, about which at least MANY cases were decided.

A row is silent when it never fired in at least ENOUGH cases assessed under the release. Cautions are counted at least as often as shown,
so they are never called silent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final

from calcinosis_app.watching.rows import CountedRow
from calcinosis_app.watching.selectors import Counted

MANY: Final = 10
SOME: Final = 5
TWICE: Final = 2
ENOUGH: Final = 200
# The 97.5th percentile of the normal distribution: 95 per cent lie between it and its opposite.
_Z: Final = 1.959964


@dataclass(frozen=True)
class Nominated:
    """A row that is not followed more often than its peers. The counts are exact; what of them is shown, the page decides."""

    row: CountedRow
    against: int
    decided: int
    peers_against: int
    peers_decided: int


def at_least(against: int, decided: int) -> float:
    """The lower end of the 95 per cent interval of a share, after Wilson. `decided` is one or more."""
    share = against / decided
    spread = _Z * sqrt(share * (1 - share) / decided + _Z**2 / (4 * decided**2))
    return (share + _Z**2 / (2 * decided) - spread) / (1 + _Z**2 / decided)


def nominated(rows: Iterable[CountedRow], counts: Mapping[str, Counted]) -> list[Nominated]:
    """The rows that ask for a review, the clearest first."""
    rows = [row for row in rows if row.id in counts]
    decided, against = ({row.peers: 0 for row in rows} for _ in range(2))
    for row in rows:
        decided[row.peers] += counts[row.id].decided
        against[row.peers] += counts[row.id].against
    found = []
    for row in rows:
        own = counts[row.id]
        one = Nominated(row, own.against, own.decided, against[row.peers] - own.against, decided[row.peers] - own.decided)
        if _is_nominated(one):
            found.append(one)
    return sorted(found, key=lambda one: -at_least(one.against, one.decided))


def _is_nominated(one: Nominated) -> bool:
    if one.decided < MANY or one.against < SOME or one.peers_decided < MANY:
        return False
    peers = one.peers_against / one.peers_decided
    return one.against / one.decided >= TWICE * peers and at_least(one.against, one.decided) > peers


def silent(rows: Iterable[CountedRow], counts: Mapping[str, Counted], *, assessed: int) -> list[CountedRow]:
    """The rows that never fired, when enough cases were assessed to say so."""
    if assessed < ENOUGH:
        return []
    return [row for row in rows if not row.at_least and not (row.id in counts and counts[row.id].fired)]
