"""What somebody can do who reaches the database as its superuser: past the application, its rights and its triggers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper


@contextmanager
def as_superuser() -> Iterator[CursorWrapper]:
    """Nothing looks while it lasts."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE; SET session_replication_role = replica")
        yield cursor
        cursor.execute("RESET session_replication_role; RESET ROLE")


def tamper(sql: str, *values: Any) -> None:
    """One statement that nobody was meant to be able to make."""
    with as_superuser() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount > 0, "nothing was touched"
