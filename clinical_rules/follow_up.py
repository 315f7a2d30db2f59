"""When what is due: the checks of the disease state and of each option that could be accepted.

A window opens on the first due day and closes after the slack that the row's interval allows.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from clinical_rules.classification import Flag, LesionResult
from clinical_rules.derive import Pictures
from clinical_rules.pathway import ACCEPTABLE, Option
from clinical_rules.release import Release

LEAST_SLACK = 1
"""Days a window stays open at least, so that a check due on a Sunday is not overdue on Monday [proposal]."""


class Due(NamedTuple):
    """One check, due in a window."""

    row: str
    treatment: str | None
    condition: str | None
    lesion: str | None
    from_: date
    due: date
    until: date

    def as_json(self) -> dict[str, Any]:
        """The check as the contract writes it, with the treatment or the condition that it belongs to."""
        owner = {"treatment": self.treatment} if self.treatment else {"condition": self.condition}
        return {
            "row": self.row,
            **owner,
            "lesion": self.lesion,
            "from": self.from_.isoformat(),
            "due": self.due.isoformat(),
            "until": self.until.isoformat(),
        }


def window(row: Mapping[str, Any], start: date) -> tuple[date, date, date]:
    """From, due and until of a check's first occurrence after ``start``."""
    return _window(start, row.get("first_due_days") or "0", row)


def next_window(row: Mapping[str, Any], done: date) -> tuple[date, date, date] | None:
    """The next occurrence after one was closed, or ``None`` when the check is done once."""
    repeat = row.get("repeat_days")
    return _window(done, repeat[0], row) if repeat else None


def _window(start: date, days: str, row: Mapping[str, Any]) -> tuple[date, date, date]:
    due, slack = _offsets(days, tuple(row.get("repeat_days") or ()))
    opens = start + timedelta(days=due)
    return opens, opens, opens + timedelta(days=slack)


@lru_cache(maxsize=1024)
def _offsets(days: str, repeat: tuple[str, ...]) -> tuple[int, int]:
    """After how many days a check is due, and how many more its window stays open. A release has few different ones."""
    first = Decimal(days)
    spread = Decimal(repeat[1]) - Decimal(repeat[0]) if repeat else Decimal(0)
    slack = min(max(spread, first / 5), max(first, Decimal(LEAST_SLACK)))
    return int(first.to_integral_value(ROUND_FLOOR)), max(LEAST_SLACK, int(slack.to_integral_value(ROUND_CEILING)))


def schedule(
    release: Release, pictures: Pictures, results: Sequence[LesionResult], flags: Sequence[Flag], options: Sequence[Option]
) -> tuple[Due, ...]:
    """Every check that belongs to this case, with its first window."""
    on = pictures.case.on
    states = _states(release, pictures, flags)
    acceptable = [one for one in options if one.status in ACCEPTABLE]
    places_of: dict[str, list[str | None]] = {}
    for option in acceptable:
        places_of.setdefault(option.treatment, []).append(option.lesion)
    found: list[Due] = []
    for one in release.listed["follow_up"]:
        row = one.row
        condition: str | None = row.get("condition") or None
        treatment: str | None = None if condition else row["treatment"]
        if condition:
            places = _everybody(row, acceptable) if condition == "all" else states.get(condition, [])
        else:
            places = places_of.get(row["treatment"], [])
        if places:
            opens, due, until = window(row, on)
            found += [Due(row["row"], treatment, condition, lesion, opens, due, until) for lesion in places]
    return tuple(sorted(found, key=lambda one: (one.due, one.row, one.lesion or "")))


def _everybody(row: Mapping[str, Any], acceptable: Sequence[Option]) -> list[str | None]:
    """What everybody is checked for; a response only where some treatment could be accepted."""
    treatable = any(one.phase not in ("confirm", "support") for one in acceptable)
    return [None] if row["phase"] != "response" or treatable else []


def _states(release: Release, pictures: Pictures, flags: Sequence[Flag]) -> dict[str, list[str | None]]:
    table = release.tables["states"]
    rows = {row["id"]: row for row in release.content["tables"]["states"]["row"]}
    found: dict[str, list[str | None]] = {}
    for lesion, picture in pictures.lesions.items():
        for sure in table.collect(picture.of(table)).sure:
            is_local = any(release.facts[fact].scope == "lesion" for fact in rows[sure]["when"])
            places = found.setdefault(rows[sure]["condition"], [])
            place = lesion if is_local else None
            if place not in places:
                places.append(place)
    for flag in flags:
        if flag.key in ("calciphylaxis", "calciphylaxis_suspected"):
            found.setdefault(flag.key, []).append(flag.lesion)
    return found
