"""What a group question hears from its members: a yes to one of them is a yes to the group, and outlives a no to it."""

from collections.abc import Collection, Iterator, Mapping

from calcinosis_app.rulebooks.bridge import Fact


def said_of(fact: Fact, answer: str, yes: Collection[str], facts: Mapping[str, Fact]) -> str:
    """The line beside a group question: "Yes (systemic sclerosis)", or, after a no, which member stays yes.

    `answer` is what the group itself was answered, `yes` are the keys of the facts that are yes.
    """
    named = [facts[key].label for key in members_of(fact, facts) if key in yes]
    if not named or answer == "yes":
        return ""
    listed = ", ".join(dict.fromkeys(named))
    if answer == "no":
        return f"{listed[0].upper()}{listed[1:]} {'stays' if len(named) == 1 else 'stay'} yes"
    return f"Yes ({listed})"


def members_of(fact: Fact, facts: Mapping[str, Fact]) -> Iterator[str]:
    """The facts that a group question covers, those of a group within it too."""
    for key in fact.members:
        if key in facts:
            yield key
            yield from members_of(facts[key], facts)
