"""Which questions an option may ask beside itself, and which of them one *no to all* may answer.

What settles the type of a lesion, and the skin signs of calciphylaxis, are asked once per lesion and singly: a no to
each, given in passing beside a cream, would decide the type and hide a danger.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from calcinosis_app.rulebooks.bridge import Fact

SKIN = "skin_signs"
# A fact, and the label of the lesion that it is asked of; empty for the patient.
Place = tuple[str, str]


@dataclass(frozen=True)
class Rule:
    """What a stored result asks, and how it may be answered."""

    outcome: Mapping[str, Any]
    facts: Mapping[str, Fact]

    def comes_first(self, key: str, lesion: str) -> bool:
        """Whether a question is asked with the lesion, not with an option: it settles a type, or is a skin sign."""
        fact = self.facts.get(key)
        return fact is not None and (fact.section == SKIN or (key, lesion if fact.scope == "lesion" else "") in self._settling)

    def may_be_no_in_bulk(self, key: str, lesion: str) -> bool:
        """Whether one press that answers several questions may answer this one.

        Never for what comes first, for a question that covers others, and for what no option asks any more.
        """
        fact = self.facts.get(key)
        if fact is None or fact.kind != "boolean" or fact.members:
            return False
        return not self.comes_first(key, lesion) and key in self._needed

    @cached_property
    def _settling(self) -> frozenset[Place]:
        asked = ((key, one["id"]) for one in self.outcome["lesions"] for key in one["settle"] if key in self.facts)
        return frozenset((key, lesion if self.facts[key].scope == "lesion" else "") for key, lesion in asked)

    @cached_property
    def _needed(self) -> frozenset[str]:
        return frozenset(key for one in self.outcome["options"] for key in one["needs"])


def all_allow(rules: Iterable[Rule], key: str, lesion: str) -> bool:
    """Whether every one of them allows a no in bulk: the assessment on the page, and a newer one that the page does not know."""
    return all(rule.may_be_no_in_bulk(key, lesion) for rule in rules)
