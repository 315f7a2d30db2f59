"""Yes, no and unknown, combined by Kleene's laws.

``True`` and ``False`` mean surely so and surely not so; ``None`` means unknown. An unknown part
leaves the whole unknown unless the other parts settle it: one false settles an AND, one true an OR.
"""

from collections.abc import Iterable

Truth = bool | None


def not_(value: Truth) -> Truth:
    """The opposite; of unknown: unknown."""
    return None if value is None else not value


def and_(*values: Truth) -> Truth:
    """True if every value is, false if one is, else unknown."""
    return all_of(values)


def or_(*values: Truth) -> Truth:
    """True if one value is, false if every one is, else unknown."""
    return any_of(values)


def all_of(values: Iterable[Truth]) -> Truth:
    """True if every value is, false if one is, else unknown; of nothing: true."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def any_of(values: Iterable[Truth]) -> Truth:
    """True if one value is, false if every one is, else unknown; of nothing: false."""
    result: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result
