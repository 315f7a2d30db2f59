"""Making, renaming and dropping whole databases, for a restore."""

import re
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
from calcinosis_app.runtime.terminal import say

# Where one of these has a row, somebody works there.
PEOPLED = ("accounts_user", "accounts_clinic", "patients_patient")
LONGEST_NAME = 30
# Whoever may not see into another role's session is told neither its kind nor its state, but whose it is; what the server does by
# itself, such as clearing up, is nobody's.
CONNECTED = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = %s AND usesysid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'
"""
# Tables, sequences, views, foreign tables, of anybody.
HOLDS = """
SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND nspname <> 'information_schema' AND nspname !~ '^pg_'
"""


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
    def stem(self) -> str:
        """What the names of the databases begin with that a restore makes and keeps."""
        return self.name[:LONGEST_NAME]

    @property
    def owner_role(self) -> str:
        """The role that owns the tables."""
        return unquote(urlsplit(self.owner).username or "")


@contextmanager
def maintaining(place: Place) -> Iterator[Any]:
    """A connection that may make databases, each statement its own transaction.

    Raises RuntimeProblem when the role may not, or while another restore goes on at the same place.
    """
    with closing(psycopg2.connect(place.maintenance)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolcreatedb OR rolsuper, current_user FROM pg_roles WHERE rolname = current_user")
            may, role = cursor.fetchone()
        if not may:
            raise RuntimeProblem(
                f"A restore makes a new database, and {role!r} may not: as a superuser, ALTER ROLE {role} CREATEDB (NOCREATEDB afterwards)."
            )
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [f"calcinosis restore {place.stem}"])
            if not cursor.fetchone()[0]:
                raise RuntimeProblem(f"Another restore of database {place.name!r} goes on: wait for its end.")
        yield connection


def refuse_unless_free(maintenance: Any, place: Place, *, replace: bool) -> None:
    """Raises RuntimeProblem when the place holds anything and that is not to be replaced, cannot be, or somebody is there now."""
    with maintenance.cursor() as cursor:
        cursor.execute(CONNECTED, [place.name])
        connected = cursor.fetchone()[0]
        cursor.execute(
            "SELECT pg_has_role(datdba, 'USAGE'), pg_get_userbyid(datdba), current_user FROM pg_database WHERE datname = %s", [place.name]
        )
        found = cursor.fetchone()
    if connected:
        raise RuntimeProblem(f"Database {place.name!r} has {connected} open connections: stop the web server, the worker and beat first.")
    if found is None:
        return
    may_rename, owner, role = found
    if not may_rename:
        raise RuntimeProblem(
            f"A restore renames database {place.name!r}, which belongs to {owner!r}, so that {role!r} may not. Nothing was touched. "
            f"As a superuser, ALTER DATABASE {place.name} OWNER TO {role}."
        )
    held = what_is_in(place.owner)
    if held and not replace:
        raise RuntimeProblem(
            f"The database {place.name!r} is in use ({held}). Nothing was touched. "
            "Say --replace to put the backup in its place; what is there is then kept under another name."
        )


def what_is_in(owner: str) -> str:
    """Who and what is in a database, in words; empty only when it holds no table at all, whoever made it."""
    with closing(psycopg2.connect(owner)) as connection, connection.cursor() as cursor:
        cursor.execute(HOLDS)
        anything = cursor.fetchone()[0]
        there = [name for name in PEOPLED if name in tables(connection)]
        counts = {}
        try:
            for name in there:
                cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", name)))
                counts[name] = cursor.fetchone()[0]
        except psycopg2.errors.InsufficientPrivilege:
            counts = {}  # somebody else's, under the same name
    people = ", ".join(f"{count} rows in {name}" for name, count in counts.items() if count)
    return people or (f"{anything} tables, views and sequences" if anything else "")


def make(maintenance: Any, place: Place, fresh: str) -> None:
    """A new, empty database in UTF-8, which sorts and compares as the old one does."""
    with maintenance.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(d), pg_encoding_to_char(encoding) FROM pg_database AS d WHERE datname = %s", [place.name])
        found = cursor.fetchone()
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
            sql.Identifier(fresh), sql.Identifier(place.owner_role)
        )
        for option, value in _locale(*found) if found else []:
            statement += sql.SQL(f" {option} ") + sql.Literal(value)
        cursor.execute(statement)


def _locale(old: dict[str, Any], encoding: str) -> list[tuple[str, str]]:
    """The options that give a new database the locale of the old one. A locale of another encoding than UTF-8 cannot come along."""
    if encoding != "UTF8" and old["datcollate"] not in ("C", "POSIX"):
        return [("LOCALE", "C")]
    provider = {"i": "icu", "b": "builtin"}.get(old["datlocprovider"], "libc")
    options = [("LOCALE_PROVIDER", provider), ("LC_COLLATE", old["datcollate"]), ("LC_CTYPE", old["datctype"])]
    locale = old.get("datlocale") or old.get("daticulocale")  # the name of it up to PostgreSQL 16
    if provider != "libc" and locale:
        options.append(("ICU_LOCALE" if provider == "icu" else "BUILTIN_LOCALE", locale))
    if old.get("daticurules"):
        options.append(("ICU_RULES", old["daticurules"]))
    return options


def swap(maintenance: Any, place: Place, fresh: str) -> str:
    """Gives the new database the old one's name, and the old one another, in one transaction. Returns that other name."""
    name = place.name
    old = f"{place.stem}_before_{datetime.now(UTC):%Y%m%dT%H%M%S}"
    with maintenance.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        exists = cursor.fetchone() is not None
    execute(maintenance, "BEGIN")
    try:
        if exists:
            execute(maintenance, "ALTER DATABASE {} RENAME TO {}", name, old)
        execute(maintenance, "ALTER DATABASE {} RENAME TO {}", fresh, name)
        execute(maintenance, "COMMIT")
    except BaseException as error:
        if not maintenance.closed:
            execute(maintenance, "ROLLBACK")
        if isinstance(error, psycopg2.errors.ObjectInUse):
            raise RuntimeProblem(f"Somebody connected to database {name!r} meanwhile: stop what uses it, and try again.") from error
        raise
    return old if exists else ""


def remove_half_restored(place: Place, fresh: str) -> None:
    """Removes what a restore that failed had filled so far: it may hold every patient. Says so when that cannot be done now."""
    try:
        with closing(psycopg2.connect(place.maintenance)) as connection:
            connection.autocommit = True
            execute(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", fresh)
    except psycopg2.Error as error:
        say(f"Database {fresh!r} holds patients' data, half restored, and cannot be removed ({_first_line(error)}). {_by_hand(fresh)}")


def remove_leftovers(maintenance: Any, place: Place) -> None:
    """Removes what restores to this place left when they were killed, and names it. Call while no other restore goes on there."""
    form = re.compile(re.escape(place.stem) + "_restoring_[0-9a-f]{8}")
    with maintenance.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database ORDER BY datname")
        left = [name for (name,) in cursor.fetchall() if form.fullmatch(name)]
    for name in left:
        try:
            execute(maintenance, "DROP DATABASE {}", name)
        except psycopg2.Error as error:
            say(f"Database {name!r}, left by a restore that was broken off, cannot be removed ({_first_line(error)}). {_by_hand(name)}")
        else:
            say(f"Removed database {name!r}, which a restore that was broken off had left.")


def _first_line(error: psycopg2.Error) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0]


def _by_hand(name: str) -> str:
    return f'Remove it: as a superuser, DROP DATABASE "{name}" WITH (FORCE).'


def execute(connection: Any, statement: str, *names: str) -> None:
    """Runs one statement, with the names of databases or roles in its gaps."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
