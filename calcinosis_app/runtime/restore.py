"""`python3 manage.py restore FILE`: brings a backup back, whole or not at all.

Everything happens in a new database beside the old one. Only when it holds exactly what was saved, and the schema is the newest,
do the two change names, in one transaction.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from calcinosis_app.runtime import archive, pgtools, postgres, prepare, roles
from calcinosis_app.runtime.archive import Backup
from calcinosis_app.runtime.databases import Place
from calcinosis_app.runtime.environment import required
from calcinosis_app.runtime.local import services
from calcinosis_app.runtime.processes import RuntimeProblem
from calcinosis_app.runtime.restoration import bring_back
from calcinosis_app.runtime.state import State, default_folder
from calcinosis_app.runtime.terminal import answer, carried_out, say


def main(argv: list[str]) -> int:
    """Restores a backup. Returns the exit code."""
    options = read(argv)
    return carried_out(lambda: _main(options))


def read(argv: list[str]) -> argparse.Namespace:
    """The options of `restore`."""
    parser = argparse.ArgumentParser(
        prog="manage.py restore",
        description="Brings a backup back. When anything is wrong with it, what is there stays as it is.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="what `backup` wrote")
    parser.add_argument("--state", type=Path, default=None, metavar="DIR", help="the local installation's folder; a new one is made")
    parser.add_argument("--replace", action="store_true", help="put it in the place of an installation in which people work; that is kept")
    parser.add_argument("--drop-old", action="store_true", help="with --replace: delete what was there, once the restore has succeeded")
    return parser.parse_args(argv)


def _main(options: argparse.Namespace) -> None:
    began = time.monotonic()
    say(f"Checking {options.file} ...")
    backup = Backup(options.file)
    with place(backup, options) as found:
        old = bring_back(backup, found, replace=options.replace, drop_old=options.drop_old)
    saved = backup.manifest["tables"]
    rows = sum(table["rows"] for table in saved.values())
    answer(f"Restored {len(saved)} tables, {rows} rows, as of {backup.manifest['at']}, in {time.monotonic() - began:.1f} s.")
    if old:
        say(f"What was there before is kept as database {old!r}.")


@contextmanager
def place(backup: Backup, options: argparse.Namespace) -> Iterator[Place]:
    """The server that is configured, else the local installation, which must not be running."""
    kind = backup.manifest["kind"]
    if os.environ.get("DATABASE_URL"):
        if (kind == "demo") != (os.environ.get("CALCINOSIS_DEMO") == "1"):
            raise RuntimeProblem(
                f"This is the backup of a {kind}, and invented and real people are never mixed: "
                f"{'set CALCINOSIS_DEMO=1' if kind == 'demo' else 'unset CALCINOSIS_DEMO'}, if that is what you want."
            )
        owner = required("DATABASE_OWNER_URL", remedy=prepare.OWNER_REMEDY)
        yield Place(pgtools.with_name(owner, "postgres"), owner, os.environ["DATABASE_URL"])
        return
    state = State(options.state or default_folder())
    with state.claim() as ours:
        if not ours:
            raise RuntimeProblem(f"A server is running on {state.folder}: stop it first, so that nobody works while the data is changed.")
        if state.kind() not in ("", kind):
            state.hold_kind(kind)  # says why not
        said_key = keep_key(state, backup.secret_key())
        with services(state) as found:
            yield Place(pgtools.with_name(found.owner.replace(roles.OWNER, postgres.SUPERUSER, 1), "postgres"), found.owner, found.database)
        state.hold_kind(kind)
    say(said_key)


def keep_key(state: State, key: str) -> str:
    """Gives a new state folder the key of the backup. Returns what the person should know."""
    file = state.folder / "secret-key"
    if not key:
        return "The backup holds no secret key: everybody signs in anew."
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, archive.PRIVATE), "w") as opened:
            opened.write(key)
        return "The secret key came back as well."
    return "The secret key came back as well." if file.read_text() == key else f"{file} has a key of its own, and keeps it."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
