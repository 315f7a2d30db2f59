"""Several people at the same moment, each on a connection of its own: for tests with transaction=True."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def at_once(*does: Callable[[], object]) -> list[object]:
    """What each answered or raised, all begun together, each on a connection of its own."""

    def done(do: Callable[[], object]) -> object:
        try:
            return do()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(does)) as pool:
        return list(pool.map(done, does))
