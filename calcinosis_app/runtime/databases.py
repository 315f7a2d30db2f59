"""Making, renaming and dropping whole databases, for a restore."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2
from psycopg2 import sql

from calcinosis_app.runtime import pgtools
from calcinosis_app.runtime.contents import tables
from calcinosis_app.runtime.processes import RuntimeProblem

# Where one of these has a row, somebody works there.
PEOPLED = ("accounts_user", "accounts_clinic", "patients_patient")
LONGEST_NAME = 30


@dataclass(frozen=True)
class Place:
    """Where a backup is brought back to. `maintenance` is an address of somebody who may make and rename databases."""

    maintenance: str
    owner: str
    application: str

    @property
    def name(self) -> str:
        """The database that the product uses."""
        return pgtools.name_of(self.owner)

    @property
    def owner_role(self) -> str:
        """The role that owns the tables."""
        return unquote(urlsplit(self.owner).username or "")


@contextmanager
def maintaining(place: Place) -> Iterator[Any]:
    """A connection that may make databases, each statement its own transaction. Raises RuntimeProblem when the role may not."""
    with closing(psycopg2.connect(place.maintenance)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolcreatedb OR rolsuper, current_user FROM pg_roles WHERE rolname = current_user")
            may, role = cursor.fetchone()
        if not may:
            raise RuntimeProblem(
                f"A restore makes a new database, and {role!r} may not: as a superuser, ALTER ROLE {role} CREATEDB (NOCREATEDB afterwards)."
            )
        yield connection


def refuse_unless_free(maintenance: Any, place: Place, *, replace: bool) -> bool:
    """Returns whether people work in the place. Raises RuntimeProblem when that is not to be replaced, or somebody is there now."""
    with maintenance.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [place.name])
        connected = cursor.fetchone()[0]
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [place.name])
        exists = cursor.fetchone() is not None
    if connected:
        raise RuntimeProblem(f"Database {place.name!r} has {connected} open connections: stop the web server, the worker and beat first.")
    if not exists:
        return False
    peopled = _people(place.owner)
    if peopled and not replace:
        raise RuntimeProblem(
            f"The database {place.name!r} is in use ({peopled}). Nothing was touched. "
            "Say --replace to put the backup in its place; what is there is then kept under another name."
        )
    return bool(peopled)


def _people(owner: str) -> str:
    """Who and what is there, in words; empty when nobody is."""
    with closing(psycopg2.connect(owner)) as connection, connection.cursor() as cursor:
        there = [name for name in PEOPLED if name in tables(connection)]
        counts = {}
        for name in there:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", name)))
            counts[name] = cursor.fetchone()[0]
    return ", ".join(f"{count} rows in {name}" for name, count in counts.items() if count)


def swap(maintenance: Any, name: str, fresh: str) -> str:
    """Gives the new database the old one's name, and the old one another, in one transaction. Returns that other name."""
    old = f"{name[:LONGEST_NAME]}_before_{datetime.now(UTC):%Y%m%dT%H%M%S}"
    with maintenance.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        exists = cursor.fetchone() is not None
    execute(maintenance, "BEGIN")
    try:
        if exists:
            execute(maintenance, "ALTER DATABASE {} RENAME TO {}", name, old)
        execute(maintenance, "ALTER DATABASE {} RENAME TO {}", fresh, name)
        execute(maintenance, "COMMIT")
    except psycopg2.errors.ObjectInUse as error:
        execute(maintenance, "ROLLBACK")
        raise RuntimeProblem(f"Somebody connected to database {name!r} meanwhile: stop everything that uses it, and try again.") from error
    return old if exists else ""


def execute(connection: Any, statement: str, *names: str) -> None:
    """Runs one statement, with the names of databases or roles in its gaps."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
