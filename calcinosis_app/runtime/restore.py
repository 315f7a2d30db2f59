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

from calcinosis_app.runtime import keys, pgtools, postgres, prepare, roles
from calcinosis_app.runtime.archive import Backup
from calcinosis_app.runtime.databases import Place
from calcinosis_app.runtime.environment import required
from calcinosis_app.runtime.key_of_backup import keep_key, say_whether_key_fits
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
    parser.add_argument(
        "--replace-secret-key", action="store_true", help="put the backup's secret key in the place of another that the folder has"
    )
    return parser.parse_args(argv)


def _main(options: argparse.Namespace) -> None:
    began = time.monotonic()
    say(f"Checking {options.file} ...")
    backup = Backup(options.file)
    set_here = os.environ.get(keys.NAME, "")  # a restore sets one of its own, for want of another
    with place(backup, options) as (found, state):
        old = bring_back(backup, found, replace=options.replace, drop_old=options.drop_old)
        if state is not None:
            keep_key(state, backup.secret_key(), replace=options.replace_secret_key)
        say_whether_key_fits(backup, found, state, set_here=set_here)
    saved = backup.manifest["tables"]
    rows = sum(table["rows"] for table in saved.values())
    answer(f"Restored {len(saved)} tables, {rows} rows, as of {backup.manifest['at']}, in {time.monotonic() - began:.1f} s.")
    say("All sessions and open links have ended: everybody signs in anew.")
    say("What was taken from people after that moment is back: look through people, their roles and their tokens.")
    if old:
        say(f"What was there before is kept as database {old!r}.")


@contextmanager
def place(backup: Backup, options: argparse.Namespace) -> Iterator[tuple[Place, State | None]]:
    """The server that is configured, else the local installation, which must not be running, and its folder."""
    kind = backup.manifest["kind"]
    if os.environ.get("DATABASE_URL"):
        if (kind == "demo") != (os.environ.get("CALCINOSIS_DEMO") == "1"):
            raise RuntimeProblem(
                f"This is the backup of a {kind}, and invented and real people are never mixed: "
                f"{'set CALCINOSIS_DEMO=1' if kind == 'demo' else 'unset CALCINOSIS_DEMO'}, if that is what you want."
            )
        owner = required("DATABASE_OWNER_URL", remedy=prepare.OWNER_REMEDY)
        yield Place(pgtools.with_name(owner, "postgres"), owner, os.environ["DATABASE_URL"]), None
        return
    state = State(options.state or default_folder())
    with state.claim() as ours:
        if not ours:
            raise RuntimeProblem(f"A server is running on {state.folder}: stop it first, so that nobody works while the data is changed.")
        if state.kind() not in ("", kind):
            state.hold_kind(kind)  # says why not
        with services(state) as found:
            superuser = pgtools.with_name(found.owner.replace(roles.OWNER, postgres.SUPERUSER, 1), "postgres")
            yield Place(superuser, found.owner, found.database), state
        state.hold_kind(kind)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
