"""Several people at the same moment, each on a connection of its own: for tests with transaction=True."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any, TypeVar

from django.db import connection

PATIENCE_SECONDS = 60
Said = TypeVar("Said")


def together(count: int, act: Callable[[int], Said]) -> list[Said]:
    """What each of so many comes to, all begun at the same moment; each gets its number. Raises what one of them raised."""
    start = Barrier(count)

    def run(number: int) -> Said:
        try:
            start.wait(PATIENCE_SECONDS)
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as people:
        return [one.result(2 * PATIENCE_SECONDS) for one in [people.submit(run, number) for number in range(count)]]


def at_once(*does: Callable[[], object]) -> list[Any]:
    """What each answered or raised, all begun at the same moment."""
    return together(len(does), partial(_outcome, does))


def _outcome(does: tuple[Callable[[], object], ...], number: int) -> object:
    try:
        return does[number]()
    except Exception as error:
        return error
