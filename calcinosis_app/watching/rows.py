"""Which rows of a release are counted, in which groups they are compared, and which of them a result names.

A row is counted where a stored result says for certain that it held. Not counted, because a result does not say it: the rows of the
leading table and of the states, gates of a treatment in use, doses and responses. Of a caution that is open the result only names
the row among others, so cautions are counted at least as often as is shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from calcinosis_app.rulebooks.bridge import Rules

TABLES: Final = {
    "emergencies": "Emergencies",
    "not_calcinosis": "Not calcinosis",
    "classification": "Classification",
    "choice": "Choice of treatment",
}
LISTS: Final = {
    "work_up": "Work-up",
    "causes": "Treat the cause",
    "referrals": "Referrals",
    "advice": "Advice",
    "follow_up": "Follow-up",
}
GATES: Final = {"absolute": "Absolute gates", "relative": "Relative gates", "caution": "Cautions"}
AVOID: Final = "Treatments to avoid"
START: Final = "start"
# Of these a result says of every row in `because` that it held.
CERTAIN: Final = frozenset({"blocked", "specialist", "reason", "offered"})


@dataclass(frozen=True)
class CountedRow:
    """One row that is counted. `peers` names the group of rows with which it is compared; `at_least` that it may be more."""

    id: str
    peers: str
    says: str
    at_least: bool = False


@lru_cache(maxsize=8)
def counted_rows(rules: Rules) -> dict[str, CountedRow]:
    """By id, in the order in which the release has them."""
    return {one.id: one for one in _counted(rules.content)}


@lru_cache(maxsize=8)
def against_rows(rules: Rules) -> frozenset[str]:
    """The rows that speak against an option: gates, and treatments to avoid."""
    found = [row["row"] for block in rules.content["treatments"].values() for row in block.get("gate", ())]
    found += [block["treatment"]["row"] for block in rules.content["treatments"].values() if block["treatment"]["category"] == "avoid"]
    return frozenset(found)


def fired(outcome: Mapping[str, Any], against: Iterable[str]) -> frozenset[str]:
    """The rows of which a result says for certain that they held. The database counts in the same way (actions/count.py)."""
    gates = frozenset(against)
    found = {row for flag in outcome["emergencies"] for row in flag["because"]}
    found |= {row for lesion in outcome["lesions"] for row in lesion["fired"]}
    found |= {row for option in outcome["options"] for row in held_in(option, gates)}
    found |= {step["step"] for step in outcome["steps"]}
    found |= {due["row"] for due in outcome["schedule"]}
    return frozenset(found)


def held_in(option: Mapping[str, Any], gates: frozenset[str]) -> frozenset[str]:
    """The rows that held among those that an option names. An open option names the gates that are open, beside what speaks for it."""
    named = frozenset(option["because"])
    if option["status"] in CERTAIN or (option["status"] == "caution" and not option["needs"]):
        return named
    return named - gates if option["status"] in ("caution", "unassessable") else frozenset()


def _counted(content: Mapping[str, Any]) -> Iterator[CountedRow]:
    for name, title in TABLES.items():
        for row in content["tables"].get(name, {"row": ()})["row"]:
            yield CountedRow(row["id"], title, _says(row))
    for block in content["treatments"].values():
        treatment = block["treatment"]
        if treatment["category"] == "avoid":
            yield CountedRow(treatment["row"], AVOID, treatment["name"])
        for row in block.get("gate", ()):
            if row["stage"] == START and row["severity"] in GATES:
                yield CountedRow(
                    row["row"], GATES[row["severity"]], f"{treatment['name']}: {_says(row)}", at_least=row["severity"] == "caution"
                )
    for name, title in LISTS.items():
        for row in content["lists"].get(name, ()):
            yield CountedRow(row["row"], title, _says(row))


def _says(row: Mapping[str, Any]) -> str:
    for key in ("say", "title", "what_to_check", "test", "text", "action", "type", "key", "entity"):
        if isinstance(row.get(key), str) and row[key]:
            return str(row[key])
    return str(row.get("row") or row["id"])
