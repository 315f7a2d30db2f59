"""What is amiss in the content of a release that could not be read: where, which value, and what belongs there.

It is asked only after reading failed. Nothing is refused for its shape alone: a release may well lack what the one that
comes with the product has everywhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from clinical_rules.errors import show_value

FREE = frozenset({"tables", "treatments", "when", "if", "then"})
"""Objects whose names are not fields but tables, treatments or facts."""
PLAIN = "text, a number, or true or false"
NOTHING = "nothing"


@dataclass(slots=True)
class Shape:
    """What stands at one place of a release: of which kinds, with which fields."""

    kinds: set[str] = field(default_factory=set)
    count: int = 0
    """How many values stand there."""
    objects: int = 0
    fields: dict[str, "Shape"] = field(default_factory=dict)

    def learn(self, value: Any, name: str = "") -> None:
        """One more value that stands there."""
        self.kinds.add(_kind(value))
        self.count += 1
        self.objects += isinstance(value, Mapping)
        for key, one in _inside(value):
            known = "*" if isinstance(value, list) or name in FREE else key
            self.fields.setdefault(known, Shape()).learn(one, key)

    def amiss(self, value: Any, place: str = "", name: str = "") -> Iterator[str]:
        """Where a value differs: another kind of thing, or a field lacking that all of its like have."""
        kind = _kind(value)
        if kind not in self.kinds:
            yield f"{place or 'the whole'}: {show_value(value)} is {kind}; {' or '.join(sorted(self.kinds))} belongs there"
            return
        if kind == "an object" and name not in FREE:
            lacking = [key for key, one in self.fields.items() if key != "*" and key not in value and one.count == self.objects]
            if lacking:
                yield f"{place or 'the whole'}: lacks {', '.join(lacking[:5])}; write it"
        for key, one in _inside(value):
            known = "*" if isinstance(value, list) or name in FREE else key
            if known in self.fields:
                yield from self.fields[known].amiss(one, f"{place}.{key}".lstrip("."), key)


def _kind(value: Any) -> str:
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return NOTHING if value is None else PLAIN


def _inside(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list):
        yield from ((str(number), one) for number, one in enumerate(value, 1))


def what_is_amiss(content: Any, like: Mapping[str, Any], most: int = 3) -> list[str]:
    """The first places at which the content differs in shape from a release that can be read."""
    shape = Shape()
    shape.learn(like)
    found = shape.amiss(content)
    return [text for text, _ in zip(found, range(most), strict=False)]
