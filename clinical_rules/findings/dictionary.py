"""Finding a fact by key or alias, with a remedy for a wrong key."""

from collections.abc import Mapping
from typing import Any

from clinical_rules.errors import CaseError
from clinical_rules.facts import Fact


class Dictionary:
    """The facts by key and alias, with a remedy for a wrong key."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self.facts = facts
        self.names = {alias: fact.key for fact in facts.values() for alias in fact.aliases} | {key: key for key in facts}

    def find(self, name: str, value: Any) -> Fact:
        """The fact of this key or alias. Raises ``CaseError`` with look-alikes, and with the value that was meant for it."""
        key = self.names.get(name)
        if key is None:
            alike = look_alikes(name, self.names)
            raise CaseError(
                name, value, f"no such fact; did you mean {', '.join(alike)}?" if alike else "no such fact; `facts --json` lists them all"
            )
        fact = self.facts[key]
        if fact.derived:
            raise CaseError(name, value, _derived_remedy(fact))
        return fact


def _derived_remedy(fact: Fact) -> str:
    if fact.section == "conditions":
        return "is a result of the assessment and cannot be entered"
    if fact.asks:
        return f"is worked out and cannot be entered; enter {', '.join(fact.asks)}"
    return "is worked out and cannot be entered; enter what it rests on"


def only_keys(block: Mapping[str, Any], allowed: set[str], place: str) -> None:
    """Refuse a key that does not belong here, naming the nearest that does."""
    for name in block:
        if name not in allowed:
            alike = look_alikes(str(name), {one: one for one in allowed})
            raise CaseError(
                str(name),
                block[name],
                f"not a key of {place}; " + (f"did you mean {alike[0]}?" if alike else f"keys are: {', '.join(sorted(allowed))}"),
            )


def look_alikes(name: str, names: Mapping[str, str]) -> list[str]:
    """Up to three names that look like this one."""
    wanted = set(_pairs(name))
    scored = []
    for other in names:
        pairs = set(_pairs(other))
        both = len(wanted & pairs)
        if both:
            scored.append((2 * both / (len(wanted) + len(pairs)), other))
    scored.sort(key=lambda one: (-one[0], one[1]))
    return [other for score, other in scored[:3] if score >= 0.45]


def _pairs(name: str) -> list[str]:
    text = name.casefold()
    return [text[i : i + 2] for i in range(len(text) - 1)]
