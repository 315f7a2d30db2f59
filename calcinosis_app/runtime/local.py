"""PostgreSQL and Valkey of a local installation, together, and where they are found."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from calcinosis_app.runtime import postgres, roles, valkey
from calcinosis_app.runtime.state import Addresses, State


def addresses(sockets: Path, *, owner: str = roles.OWNER, database: str = roles.DATABASE) -> Addresses:
    """The addresses of services that listen in folder `sockets`."""
    folder = quote(str(sockets), safe="")
    return Addresses(
        owner=f"postgresql://{owner}@/{database}?host={folder}",
        database=f"postgresql://{roles.APPLICATION}@/{database}?host={folder}",
        broker=f"redis+socket://{sockets / valkey.SOCKET}",
    )


@contextmanager
def services(state: State, *, hasty: bool = False) -> Iterator[Addresses]:
    """Both services on the data of `state`, with roles and database in place, until the block ends.

    `hasty` is for tests: data may be lost in a power cut. Raises RuntimeProblem when one of them does not start.
    """
    with state.socket_folder() as sockets, postgres.running(state, sockets, hasty=hasty), valkey.running(state, sockets):
        superuser = postgres.connect(sockets)
        try:
            roles.create(superuser)
        finally:
            superuser.close()
        found = addresses(sockets)
        with state.announce(found):
            yield found
