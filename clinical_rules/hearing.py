"""Who hears of what: the rules that one fact informs, so that only these are read again when it becomes known."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heappop, heappush


class Listeners:
    """Rules in their order, and for each fact those that it informs."""

    __slots__ = ("_by_fact", "_unasked")

    def __init__(self, heard: Sequence[Iterable[str]], unasked: Iterable[int]) -> None:
        """``heard`` are the facts each rule listens to; ``unasked`` the rules that may speak while nothing is known."""
        self._by_fact: dict[str, list[int]] = {}
        for number, facts in enumerate(heard):
            for fact in facts:
                self._by_fact.setdefault(fact, []).append(number)
        self._unasked = tuple(unasked)

    def due(self, news: Sequence[str], since: int | None) -> Iterator[int]:
        """The rules to read, in their order, for what became known since this place in the ``news``; ``None``: for all of it.

        What a rule makes known while this is read, the rules after it hear at once, those before it next time.
        """
        waiting = sorted({*self._hearing(news[since or 0 :]), *(self._unasked if since is None else ())})
        heard, last = len(news), -1
        while waiting:
            number = heappop(waiting)
            if number == last:
                continue
            last = number
            yield number
            for one in self._hearing(news[heard:]):
                if one > number:
                    heappush(waiting, one)
            heard = len(news)

    def _hearing(self, facts: Iterable[str]) -> Iterator[int]:
        for fact in facts:
            yield from self._by_fact.get(fact, ())


def beneath(key: str, reads: Callable[[str], Iterable[str]]) -> frozenset[str]:
    """A fact and everything that it is worked out from, where ``reads`` names what one fact is worked out from directly."""
    waiting, seen = [key], set[str]()
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += reads(one)
    return frozenset(seen)
