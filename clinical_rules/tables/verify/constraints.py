"""What is known of all patients: which values of different facts no patient has together.

Without it a proof would be about patients who cannot exist, and a witness could be one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from clinical_rules.tables.domain import Domain
from clinical_rules.tables.possible import NOT_APPLICABLE, Possible, difference, intersection, union


@dataclass(frozen=True, slots=True)
class Impossible:
    """No patient has all of these. ``id`` says where that is stated."""

    id: str
    together: Mapping[str, Possible]

    def __post_init__(self) -> None:
        object.__setattr__(self, "together", MappingProxyType(dict(self.together)))


@dataclass(frozen=True, slots=True)
class Constraints:
    """Everything that narrows which complete cases there can be.

    ``domains`` are the facts that the constraints name; they may be more than one table uses, since
    facts can be tied to each other through a third one. ``may_not_apply`` are the facts that can be
    not applicable; of the others every case has a value.
    """

    domains: Mapping[str, Domain] = field(default_factory=dict)
    impossible: tuple[Impossible, ...] = ()
    may_not_apply: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "domains", MappingProxyType(dict(self.domains)))
        unknown = {fact for one in self.impossible for fact in one.together} - set(self.domains)
        if unknown:
            raise ValueError(f"constraints name {', '.join(sorted(unknown))}: give the domains of all facts they name")


def implies(id: str, when: Mapping[str, Possible], then: Mapping[str, Possible], domains: Mapping[str, Domain]) -> tuple[Impossible, ...]:  # noqa: A002
    """If all of ``when`` holds then all of ``then`` does: one ``Impossible`` for each fact in ``then``.

    ``not applicable`` satisfies ``then`` only where it is named there.
    """
    found = []
    for fact, wanted in then.items():
        otherwise = difference(union(domains[fact].everything(), NOT_APPLICABLE), wanted)
        if fact in when and otherwise is not None:
            otherwise = intersection(otherwise, when[fact])
        if otherwise is not None:
            found.append(Impossible(id, {**when, fact: otherwise}))
    return tuple(found)


def never_together(id: str, **facts: Possible) -> Impossible:  # noqa: A002
    """No patient has all of these."""
    return Impossible(id, facts)
