"""Which fact stands where on case entry: each once, and each member under the question that covers it."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from calcinosis_app.desk.entry.layout import PANELS, Panel
from calcinosis_app.rulebooks.bridge import Fact, current

Arranged = Mapping[str, Mapping[str, tuple[str, ...]]]


@lru_cache(maxsize=2)
def arranged(release_hash: str) -> Arranged:
    """For each panel its questions, each with the members folded under it. Of the current release, whose hash it is."""
    return arrange(current().facts)


def arrange(facts: Mapping[str, Fact]) -> Arranged:
    """A fact that a panel puts first stands there; any other on the first panel that has its section."""
    owner: dict[str, str] = {}
    for panel in PANELS.values():
        for key in panel.first:
            owner.setdefault(key, panel.key)
    put_first = frozenset(owner)
    for panel in PANELS.values():
        for key in _of_sections(panel, facts):
            owner.setdefault(key, panel.key)
    covered: set[str] = set()
    members: dict[str, tuple[str, ...]] = {}
    for key in owner:
        if key not in covered and key in facts:
            members[key] = tuple(
                one for one in facts[key].members if one not in put_first | covered and _can_be_entered(facts, one, facts[key].scope)
            )
            covered |= set(members[key])
    return {
        panel.key: {
            key: members[key]
            for key in dict.fromkeys((*panel.first, *_of_sections(panel, facts)))
            if owner.get(key) == panel.key and key not in covered and key in members
        }
        for panel in PANELS.values()
    }


def _of_sections(panel: Panel, facts: Mapping[str, Fact]) -> Iterator[str]:
    for key, fact in facts.items():
        if fact.section in panel.sections and _can_be_entered(facts, key, panel.scope):
            yield key


def _can_be_entered(facts: Mapping[str, Fact], key: str, scope: str) -> bool:
    return key in facts and facts[key].scope == scope and not facts[key].derived and facts[key].kind != "codes"
