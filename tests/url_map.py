"""Every address of the product, for tests that look at all of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One address: as it is written, its full name, what answers, and the names of its places."""

    route: str
    name: str
    view: Any
    places: frozenset[str]


def addresses() -> list[Address]:
    """All there are, in the order in which they are looked up."""
    return list(_below(get_resolver().url_patterns, "", ""))


def _below(patterns: list[Any], route: str, namespace: str) -> Iterator[Address]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(pattern.url_patterns, here, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern):
            yield Address(here, f"{namespace}{pattern.name}", pattern.callback, frozenset(pattern.pattern.regex.groupindex))
