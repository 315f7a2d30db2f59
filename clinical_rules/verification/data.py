"""Statements about what the release's own rows say."""

from collections.abc import Iterator, Mapping

from clinical_rules.release import Release
from clinical_rules.statements import Statement

OLDEST_DAYS = 44_000
"""The last day of an age band that has no end (120 years)."""


def holds_in_data(release: Release, statement: Statement) -> str:
    """What in the release's data breaks the statement, in words; empty when nothing does."""
    outcome = statement.outcome
    details = outcome.details or {}
    if outcome.kind == "rows":
        return _rows(release, outcome.names, details)
    if outcome.kind == "unread":
        return _unread(release, outcome.names, details["in"])
    if outcome.kind == "bands":
        return next((wrong for key in outcome.names if (wrong := _bands(release, key))), "")
    if outcome.kind == "category":
        other = [name for name in outcome.names if release.treatments[name].category != details["category"]]
        return f"{', '.join(other)}: of another category than {details['category']}" if other else ""
    return _offered(release, outcome.names)


def _rows(release: Release, names: tuple[str, ...], says: Mapping[str, str]) -> str:
    for name in names:
        for field, words in says.items():
            text = str(release.rows[name].get(field, ""))
            if words.casefold() not in text.casefold():
                return f"row {name}: {words!r} does not stand in its {field} ({text!r})"
    return ""


def _unread(release: Release, facts: tuple[str, ...], tables: tuple[str, ...]) -> str:
    for name, read in _reading(release, tables):
        beneath = _worked_out_from(release, read) & set(facts)
        if beneath:
            return f"{name} reads {read}, which rests on {', '.join(sorted(beneath))}"
    return ""


def _reading(release: Release, tables: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each table with each fact that its rows read; where all are meant, with the lists and the gates of later stages."""
    for name in tables:
        table = release.tables.get(name) or release.treatments[name].gates
        yield from ((name, fact) for fact in (table.facts if table is not None else ()))
    if set(tables) >= {*release.tables, *release.treatments}:
        for rows in release.conditional.values():
            yield from ((str(row["row"]), fact) for row, table in rows if table is not None for fact in table.facts)
        for treatment in release.treatments.values():
            yield from ((row["row"], fact) for row in treatment.content.get("gate", ()) for fact in row.get("when", ()))


def _worked_out_from(release: Release, key: str) -> set[str]:
    """The fact and what its definition's rows test, all the way down; what Python derives it from is not looked at."""
    waiting, seen = [key], set[str]()
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            definition = release.definitions.get(one)
            if definition is not None and definition.table is not None:
                waiting += definition.table.facts
    return seen


def _bands(release: Release, key: str) -> str:
    """A range for every age of both sexes: no day without one, and the child's own before the adult's."""
    for sex in ("female", "male"):
        spans = sorted(
            band.age_days for band in release.facts[key].bands if band.sex in ("any", sex) and (band.low, band.high) != (None, None)
        )
        day = 0
        for low, high in spans:
            if low > day:
                return f"{key}, {sex}: no range from day {day} to {low - 1}"
            day = max(day, high + 1)
        if day < OLDEST_DAYS:
            return f"{key}, {sex}: no range from day {day} on"
        if len(spans) < 2:
            return f"{key}, {sex}: one range for children and adults"
    return ""


def _offered(release: Release, names: tuple[str, ...]) -> str:
    for name in names:
        rows = [
            *release.offered_by[name],
            *(row["id"] for row in release.content["tables"]["emergencies"]["row"] if name in row.get("forward", ())),
        ]
        if rows:
            return f"{name} is brought forward by {', '.join(rows)}"
    return ""
