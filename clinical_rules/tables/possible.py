"""What is known of one fact: the values it may have.

A fact that was measured once has one possible value, ``<0.5`` leaves an interval, two results that
contradict each other leave two, and a fact nobody asked about is simply absent from the knowledge.
Numbers are integers, scaled by the fact's precision: a phosphate of 1.45 mmol/L is 145.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

Scalar = bool | str | int
Span = tuple[int | None, int | None]
"""A closed interval of integers; ``None`` means without limit on that side."""
Token = Hashable
"""Stands for what is known of a fact: equal for equal knowledge only. (Python holds ``True`` and 1 to be equal.)"""


class Many:
    """Stands in ``only`` where there is not exactly one value."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MANY"


MANY = Many()
_TOKENS: dict[object, Token] = {True: b"true", False: b"false"}


@dataclass(frozen=True, slots=True)
class Possible:
    """A set of values of one fact, never empty.

    ``values`` holds what a boolean or code fact may be, ``spans`` what a number or date may be
    (sorted, disjoint, not touching). ``not_applicable`` adds the case in which the question makes
    no sense for this patient: then every test is false but ``-``.
    """

    values: frozenset[bool | str] | None = None
    spans: tuple[Span, ...] | None = None
    not_applicable: bool = False
    only: bool | str | int | Many = field(init=False, compare=False, repr=False, default=MANY)
    """The one value, where there is exactly one. Set here once so that evaluation need not look."""
    token: Token = field(init=False, compare=False, repr=False, default=None)
    """What evaluation looks an answer up by."""

    def __post_init__(self) -> None:
        if self.values is not None and self.spans is not None:
            raise ValueError("a fact is either numbers or codes: give values or spans, not both")
        if not self.values and not self.spans and not self.not_applicable:
            raise ValueError("nothing is possible: leave an unknown fact out of the knowledge")
        if self.spans is not None and len(self.spans) > 1 and self.spans != normal(self.spans):
            raise ValueError(f"spans {self.spans} are not sorted and disjoint: use union()")
        only = MANY if self.not_applicable else self._only()
        object.__setattr__(self, "only", only)
        object.__setattr__(self, "token", self._token(only))

    def _only(self) -> bool | str | int | Many:
        if self.values is not None:
            return next(iter(self.values)) if len(self.values) == 1 else MANY
        if self.spans is not None and len(self.spans) == 1:
            low, high = self.spans[0]
            if low is not None and low == high:
                return low
        return MANY

    def _token(self, only: bool | str | int | Many) -> Token:
        if isinstance(only, Many):
            return self.values, self.spans, self.not_applicable
        return _TOKENS[only] if isinstance(only, bool) else only

    def __contains__(self, value: object) -> bool:
        """Whether the value (scaled, for a number) is possible."""
        if self.values is not None:
            return value in self.values
        if self.spans is not None and isinstance(value, int):
            return any((low is None or low <= value) and (high is None or value <= high) for low, high in self.spans)
        return False


NOT_APPLICABLE = Possible(not_applicable=True)


@lru_cache(maxsize=8192, typed=True)
def exactly(value: Scalar) -> Possible:
    """The fact is known: a boolean, a code, or a scaled integer. The same few values come again and again: they are shared."""
    return among((value,))


def among(values: Iterable[Scalar]) -> Possible:
    """The fact is one of these: booleans, codes, or scaled integers."""
    given = tuple(values)
    numbers = [value for value in given if isinstance(value, int) and not isinstance(value, bool)]
    if not numbers:
        return Possible(values=frozenset(value for value in given if isinstance(value, bool | str)))
    if len(numbers) != len(given):
        raise ValueError(f"{given!r} mixes numbers with codes: a fact has one kind")
    return Possible(spans=normal(tuple((number, number) for number in numbers)))


def between(low: int | None, high: int | None) -> Possible:
    """The fact lies in a closed interval of scaled integers; ``None`` is without limit."""
    if low is not None and high is not None and low > high:
        raise ValueError(f"no number lies between {low} and {high}: swap the two limits")
    return Possible(spans=((low, high),))


def union(*possibles: Possible) -> Possible:
    """What may be when at least one of these holds."""
    values = [one.values for one in possibles if one.values is not None]
    spans = [one.spans for one in possibles if one.spans is not None]
    return Possible(
        values=frozenset[bool | str]().union(*values) if values else None,
        spans=normal(tuple(span for some in spans for span in some)) if spans else None,
        not_applicable=any(one.not_applicable for one in possibles),
    )


def intersection(one: Possible, other: Possible) -> Possible | None:
    """What may be when both hold; ``None`` when they exclude each other."""
    values = spans = None
    if one.values is not None and other.values is not None:
        values = one.values & other.values or None
    elif one.spans is not None and other.spans is not None:
        spans = normal(_common(one.spans, other.spans)) or None
    not_applicable = one.not_applicable and other.not_applicable
    if values is None and spans is None and not not_applicable:
        return None
    return Possible(values, spans, not_applicable)


def difference(one: Possible, other: Possible) -> Possible | None:
    """What may be when the first holds and the second does not; ``None`` when nothing is left."""
    values = spans = None
    if one.values is not None:
        values = one.values - (other.values or frozenset()) or None
    if one.spans is not None:
        spans = normal(_common(one.spans, outside(other.spans or ()))) or None
    not_applicable = one.not_applicable and not other.not_applicable
    if values is None and spans is None and not not_applicable:
        return None
    return Possible(values, spans, not_applicable)


def outside(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Every number that the spans leave out; they are sorted and do not touch."""
    gaps: list[Span] = []
    start: int | None = None
    first = True
    for low, high in spans:
        if low is not None:
            gaps.append((None if first else start, low - 1))
        first = False
        if high is None:
            return tuple(gaps)
        start = high + 1
    return (*gaps, (start, None))


def _common(some: tuple[Span, ...], others: tuple[Span, ...]) -> tuple[Span, ...]:
    found: list[Span] = []
    for low, high in some:
        for other_low, other_high in others:
            start = _higher(low, other_low)
            end = _lower(high, other_high)
            if start is None or end is None or start <= end:
                found.append((start, end))
    return tuple(found)


def _higher(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return max(one, other)


def _lower(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def normal(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Sorted, with intervals that overlap or touch made one: equal sets compare equal."""
    ordered = sorted(spans, key=lambda span: (span[0] is not None, span[0] or 0))
    merged: list[Span] = []
    for low, high in ordered:
        if merged:
            last_low, last_high = merged[-1]
            if last_high is None:
                break
            if low is None or low <= last_high + 1:
                merged[-1] = (last_low, None if high is None else max(last_high, high))
                continue
        merged.append((low, high))
    return tuple(merged)
