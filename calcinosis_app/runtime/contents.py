"""What is in a database, in figures that can be compared: for each table the number of rows and one hash over them all.

A row counts as PostgreSQL writes it as text; the order in which rows lie on disk does not count.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from psycopg2 import sql

ROWS_AT_ONCE = 5000
# Text of times, bytes and numbers depends on these.
AS_TEXT = ("TIME ZONE 'UTC'", "datestyle TO ISO", "intervalstyle TO postgres", "bytea_output TO hex", "extra_float_digits TO 1")


@dataclass(frozen=True)
class Table:
    """How many rows a table has, and the SHA-256 over the hashes of its rows, sorted."""

    rows: int
    sha256: str

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def tables(connection: Any) -> list[str]:
    """The names of all tables, sorted. `connection` is a psycopg2 connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename COLLATE \"C\"")
        return [name for (name,) in cursor.fetchall()]


def contents(connection: Any, names: Sequence[str] | None = None) -> dict[str, Table]:
    """Every table, or those named, with its rows and hash. Inside a transaction; it reads every row there is."""
    with connection.cursor() as cursor:
        for setting in AS_TEXT:
            cursor.execute(f"SET LOCAL {setting}")
    return {name: _table(connection, name) for name in (tables(connection) if names is None else names)}


def migrations(connection: Any) -> list[str]:
    """The migrations that were applied, as app.name, sorted; empty for a database without a schema."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return []
        cursor.execute("SELECT DISTINCT app || '.' || name FROM public.django_migrations")
        return sorted(name for (name,) in cursor.fetchall())


def _table(connection: Any, name: str) -> Table:
    """Reads the hashes row by row from the server: a table may be larger than the memory."""
    total = hashlib.sha256()
    rows = 0
    query = "SELECT sha256(convert_to(t::text, 'UTF8')) AS hash FROM {} AS t ORDER BY hash"
    with connection.cursor(name="calcinosis_contents") as cursor:
        cursor.itersize = ROWS_AT_ONCE
        cursor.execute(sql.SQL(query).format(sql.Identifier("public", name)))
        for (row_hash,) in cursor:
            total.update(row_hash)
            rows += 1
    return Table(rows, total.hexdigest())
