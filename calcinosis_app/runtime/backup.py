"""`python3 manage.py backup FILE`: everything that a restore needs, in one file, while the server runs or not."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg2

from calcinosis_app.runtime import archive, keys, pgtools
from calcinosis_app.runtime.commands import surroundings
from calcinosis_app.runtime.contents import contents, migrations
from calcinosis_app.runtime.environment import required
from calcinosis_app.runtime.prepare import OWNER_REMEDY
from calcinosis_app.runtime.processes import RuntimeProblem
from calcinosis_app.runtime.state import State, default_folder
from calcinosis_app.runtime.terminal import answer, carried_out, say
from calcinosis_app.runtime.version import product_version

DUMP_OPTIONS = ("--format=custom", "--no-owner", "--no-privileges", "--no-password", "--lock-wait-timeout=60s")
COST_OF_NO_KEY = (
    "Keep the secret key elsewhere: after a restore under another one nobody can sign in with an authenticator app or recovery codes, "
    "and an operator has to remove these (`python3 manage.py remove_second_factors --of USERNAME`)."
)
NOTE = """
INSERT INTO core_heartbeat (part, seen_at, note) VALUES ('backup', now(), %s)
ON CONFLICT (part) DO UPDATE SET seen_at = EXCLUDED.seen_at, note = EXCLUDED.note
"""


def main(argv: list[str]) -> int:
    """Writes a backup. Returns the exit code."""
    options = read(argv)
    return carried_out(lambda: _main(options))


def read(argv: list[str]) -> argparse.Namespace:
    """The options of `backup`."""
    parser = argparse.ArgumentParser(
        prog="manage.py backup",
        description="Writes all rows, and a hash of each table, to one file. It holds patients' data, unencrypted.",
    )
    parser.add_argument("file", metavar="FILE", help="the file to write, or a folder, in which it is named by date and time")
    parser.add_argument("--state", type=Path, default=None, metavar="DIR", help="the local installation's folder")
    parser.add_argument(
        "--without-secret-key",
        action="store_true",
        help="leave the secret key out; unless it is kept elsewhere, nobody can sign in with an authenticator app after a restore",
    )
    return parser.parse_args(argv)


def _main(options: argparse.Namespace) -> None:
    if options.state is not None:
        os.environ["CALCINOSIS_STATE"] = str(options.state)
    server = bool(os.environ.get("DATABASE_URL"))
    kind = "demo" if os.environ.get("CALCINOSIS_DEMO") == "1" else "clinic"
    if not server:
        folder = default_folder()
        if not (folder / "postgres").exists():
            raise RuntimeProblem(f"There is no installation in {folder}: name its folder with --state DIR, or set DATABASE_URL.")
        kind = State(folder).kind() or kind
    target = _target(options.file)
    with surroundings("backup"):
        owner = required("DATABASE_OWNER_URL", remedy=OWNER_REMEDY)
        key = _key_in_force(kind, needed=not options.without_secret_key)
        keep = not options.without_secret_key and key != keys.OF_THE_DEMO
        write(target, owner=owner, kind=kind, key=key, keep_key=keep)
    if options.without_secret_key:
        say(COST_OF_NO_KEY)


def _target(said: str) -> Path:
    """The file to write. Raises RuntimeProblem for a folder that is not there: a file of its name is not what was meant."""
    path = Path(said)
    if path.is_dir():
        return path / f"calcinosis-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"
    if said.endswith(os.sep):
        raise RuntimeProblem(
            f"There is no folder {said}: make it first, or leave the {os.sep!r} at the end away to write a file of that name."
        )
    return path


def _key_in_force(kind: str, *, needed: bool) -> str:
    """The installation's secret key; empty when nobody can say. Raises RuntimeProblem when it is needed."""
    key = os.environ.get(keys.NAME) or (keys.OF_THE_DEMO if kind == "demo" else "")
    if needed and not key:
        raise RuntimeProblem(
            f"{keys.NAME} is not set here, and without the server's key nobody can sign in with an authenticator app after a restore: "
            "set it to what the web server has, or leave it out with --without-secret-key, and keep it elsewhere."
        )
    return key


def write(target: Path, *, owner: str, kind: str, key: str, keep_key: bool) -> dict[str, Any]:
    """Writes the backup of the database at `owner` to `target`, all of it as it was at one moment. Returns the manifest.

    The manifest has a fingerprint of `key`, unless that is empty; the key itself goes in when `keep_key` says so.
    Raises RuntimeProblem when it could not be written; then there is no file.
    """
    began = time.monotonic()
    connection = psycopg2.connect(owner)
    try:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot(), now(), current_setting('server_version')")
            snapshot, at, server_version = cursor.fetchone()
        applied = migrations(connection)
        if not applied:
            raise RuntimeProblem("The database holds no tables of Calcinosis yet, so there is nothing to keep.")
        with archive.writing(target) as writer:
            _dump(writer, owner, snapshot=snapshot, server=connection.server_version // 10000)
            if keep_key:
                writer.add(archive.KEY, BytesIO(key.encode()))
            found = contents(connection)
            manifest = {
                "product": product_version(),
                "postgresql": server_version,
                "at": at.astimezone(UTC).isoformat(),
                "kind": kind,
                "secret_key": keys.fingerprint(key) if key else None,
                "migrations": applied,
                "tables": {name: table.plain() for name, table in found.items()},
            }
            writer.finish(manifest)
    finally:
        connection.close()
    megabytes = target.stat().st_size / 1e6
    rows = sum(table.rows for table in found.values())
    _note(owner, f"{megabytes:.1f} MB")
    answer(f"{target}: {len(found)} tables, {rows} rows, {megabytes:.1f} MB, {time.monotonic() - began:.1f} s.")
    say("It holds patients' data, unencrypted" + (", and the secret key." if keep_key else ". The secret key is not in it."))
    return manifest


def _dump(writer: archive.Writer, owner: str, *, snapshot: str, server: int) -> None:
    """pg_dump, as of the moment that `snapshot` names."""
    program = pgtools.tool("pg_dump", server=server, encrypted=pgtools.is_encrypted(owner))
    command, environment = pgtools.command_for(program, owner, *DUMP_OPTIONS, f"--snapshot={snapshot}")
    with tempfile.TemporaryFile("w+") as said:
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env=environment) as dumping:
            if dumping.stdout is not None:
                writer.add(archive.DUMP, dumping.stdout)
        if dumping.returncode != 0:
            said.seek(0)
            raise pgtools.refused("pg_dump", said.read())


def _note(owner: str, note: str) -> None:
    """Leaves a row that says when the last backup was made. A schema from before there was such a row has none."""
    connection = psycopg2.connect(owner)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('public.core_heartbeat') IS NOT NULL")
            if cursor.fetchone()[0]:
                cursor.execute(NOTE, [note])
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
