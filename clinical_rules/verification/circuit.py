"""Nodes over yes/no variables, each defined by clauses that are written only when somebody looks at it.

A node is a few variables and the clauses that bind them to the variables below. Taking the cone of a statement means
following the clauses down; leaving a node out leaves its variables free, which only allows more: what is refuted
without it is refuted with it.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, field

Literal = int
Clauses = Iterator[list[Literal]]
Key = tuple[Hashable, ...]
"""What a node is of: its kind, then names and places."""


@dataclass(slots=True)
class Node:
    """Some variables, and how they hang on others."""

    key: Key
    variables: range
    define: Callable[[], Iterable[list[Literal]]]
    deep: bool
    """Left out at first: most proofs do without it."""
    rows: tuple[str, ...] = ()
    """The rows of the release that its clauses say."""
    clauses: list[list[Literal]] | None = field(default=None, repr=False)


class Circuit:
    """All nodes of one model."""

    def __init__(self) -> None:
        self._owner: list[Node] = [Node(("constant",), range(1), list, False)]
        self._nodes: dict[Key, Node] = {}
        self.true: Literal = self.node(("true",), 1, lambda: [[self.true]]).variables[0]

    def node(
        self, key: Key, size: int, define: Callable[[], Iterable[list[Literal]]], *, deep: bool = False, rows: tuple[str, ...] = ()
    ) -> Node:
        """The node of this key; made with ``size`` new variables when it is asked for first."""
        found = self._nodes.get(key)
        if found is None:
            first = len(self._owner)
            found = self._nodes[key] = Node(key, range(first, first + size), define, deep, rows)
            self._owner += [found] * size
        return found

    def named(self) -> Iterator[Node]:
        """Every node made so far, in the order in which they were made."""
        yield from tuple(self._nodes.values())

    def both(self, literals: Iterable[Literal]) -> Literal:
        """A literal that is true when all of these are."""
        given = self._clean(literals, self.true)
        if given is None:
            return -self.true
        if len(given) < 2:
            return given[0] if given else self.true
        node = self.node(("and", given), 1, lambda: self._and(node.variables[0], given))
        return node.variables[0]

    def either(self, literals: Iterable[Literal]) -> Literal:
        """A literal that is true when one of these is."""
        return -self.both(-one for one in literals)

    def _and(self, out: Literal, given: tuple[Literal, ...]) -> Clauses:
        for one in given:
            yield [-out, one]
        yield [out, *(-one for one in given)]

    def _clean(self, literals: Iterable[Literal], neutral: Literal) -> tuple[Literal, ...] | None:
        given = set(literals)
        given.discard(neutral)
        if -neutral in given or any(-one in given for one in given):
            return None
        return tuple(sorted(given, key=lambda one: (abs(one), one)))

    def cone(self, roots: Iterable[Literal], *, deep: bool, without: Collection[Key] = ()) -> list[Node]:
        """The nodes that these literals hang on, without the deep ones where ``deep`` is not asked for."""
        seen: dict[int, Node] = {}
        waiting = [abs(one) for one in roots]
        while waiting:
            node = self._owner[waiting.pop()]
            if id(node) in seen or (node.deep and not deep) or node.key in without:
                continue
            seen[id(node)] = node
            if node.clauses is None:
                node.clauses = [list(clause) for clause in node.define()]
            waiting += [abs(literal) for clause in node.clauses for literal in clause]
        return list(seen.values())

    def exactly_one(self, literals: Iterable[Literal]) -> Clauses:
        """Clauses that hold when one of these is true and no other."""
        given = list(literals)
        yield list(given)
        yield from self.at_most_one(given)

    def at_most_one(self, literals: Iterable[Literal]) -> Clauses:
        """Clauses that hold when no two of these are true."""
        given = list(literals)
        for index, one in enumerate(given):
            for other in given[index + 1 :]:
                yield [-one, -other]
