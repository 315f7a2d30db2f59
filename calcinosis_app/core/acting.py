"""Who acts now: the one place from which the database's triggers learn whose change they write down.

It travels with every statement that writes, for the length of its transaction, and is gone afterwards. The audit log has its
own `by`; this is for what no action does, too.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory

from calcinosis_app.core.actors import Actor
from calcinosis_app.core.logs import REQUEST_ID


@contextmanager
def acting(by: Actor | None, *, way: str = "") -> Iterator[None]:
    """While it lasts, changes are `by`'s; nobody's when nobody has signed in yet. `way` says how: "page desk:save", "task ...".

    Inside another one it counts for its own length, and what it does not say goes on.
    """
    with pghistory.context() as context:
        outer = dict(context.metadata)
        now_acting(by, way=way)
        try:
            yield
        finally:
            context.metadata.clear()
            context.metadata.update(outer)


def now_acting(by: Actor | None, *, way: str = "") -> None:
    """Says from here on who acts, or by which way; nothing happens where nobody has begun to say so."""
    said = {} if by is None else {"id": by.audit_id, "name": by.audit_name}
    if way:
        said["way"] = way
    if request := REQUEST_ID.get():
        said["request"] = request
    pghistory.context(**said)
