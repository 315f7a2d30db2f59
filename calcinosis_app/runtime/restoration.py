"""From a backup to a database that holds exactly what was saved, under the newest schema, in the place of the old one."""

import os
import secrets
import subprocess
import tempfile
from contextlib import closing

import django
import psycopg2
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from calcinosis_app.runtime import pgtools, prepare, roles
from calcinosis_app.runtime.archive import Backup
from calcinosis_app.runtime.contents import contents, tables
from calcinosis_app.runtime.databases import (
    Place,
    execute,
    maintaining,
    make,
    refuse_unless_free,
    remove_half_restored,
    remove_leftovers,
    swap,
    what_is_in,
)
from calcinosis_app.runtime.processes import RuntimeProblem
from calcinosis_app.runtime.terminal import say
from calcinosis_app.runtime.version import product_version

RESTORE_OPTIONS = ("--no-owner", "--no-privileges", "--no-password", "--single-transaction", "--exit-on-error")


def bring_back(backup: Backup, place: Place, *, replace: bool, drop_old: bool = False) -> str:
    """Restores into a new database and gives it the name of the old one. Returns the name under which the old one is kept, or nothing.

    Raises RuntimeProblem, and leaves everything as it was, when the place holds anything and `replace` is not said,
    when somebody is connected, when the product is older than the backup, or when what comes back is not what was saved.
    """
    fresh = f"{place.stem}_restoring_{secrets.token_hex(4)}"
    _set_up_django(pgtools.with_name(place.owner, fresh))
    _refuse_newer(backup)
    with maintaining(place) as maintenance:
        remove_leftovers(maintenance, place)
        refuse_unless_free(maintenance, place, replace=replace)
        try:
            make(maintenance, place, fresh)
            _fill(backup, place, fresh)
            kept = swap(maintenance, place, fresh)
        except BaseException:
            connections.close_all()
            remove_half_restored(place, fresh)
            raise
        if kept and (drop_old or not what_is_in(pgtools.with_name(place.owner, kept))):
            execute(maintenance, "DROP DATABASE {}", kept)
            return ""
        return kept


def _set_up_django(fresh: str) -> None:
    """Lets Django's migrations work on the new database, as its owner."""
    os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"] = fresh
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calcinosis_app.settings")
    os.environ.setdefault("CALCINOSIS_SECRET_KEY", "restores rows only")
    django.setup()


def _refuse_newer(backup: Backup) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = sorted(set(backup.manifest["migrations"]) - known)
    if unknown:
        raise RuntimeProblem(
            f"The backup was made by Calcinosis {backup.manifest['product']}, which is newer than this one ({product_version()}): "
            f"it has {unknown[0]}, which is not known here. Install that version, or a newer one. Nothing was touched."
        )


def _fill(backup: Backup, place: Place, fresh: str) -> None:
    """Restores, compares, migrates, grants, and compares again."""
    owner = pgtools.with_name(place.owner, fresh)
    say("Restoring ...")
    _run_restore(backup, owner)
    say("Comparing every table with what was saved ...")
    _compare(backup, owner)
    say("Bringing the schema up to date ...")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("note_restore", as_of=backup.manifest["at"], product=backup.manifest["product"])
    connections.close_all()
    prepare.grant_to_application(owner=owner, application=pgtools.with_name(place.application, fresh))
    _compare_kept(backup, owner)
    with closing(psycopg2.connect(owner)) as connection:
        connection.autocommit = True
        execute(connection, "ANALYZE")


def _run_restore(backup: Backup, owner: str) -> None:
    with closing(psycopg2.connect(owner)) as connection:
        server = connection.server_version // 10000
    program = pgtools.tool("pg_restore", server=server, encrypted=pgtools.is_encrypted(owner))
    command, environment = pgtools.command_for(program, owner, *RESTORE_OPTIONS)
    with tempfile.TemporaryFile("w+") as said:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, env=environment) as restoring:
            if restoring.stdin is not None:
                try:
                    backup.copy_dump(restoring.stdin)
                    restoring.stdin.close()
                except BrokenPipeError:
                    pass  # it ended early, and says why
        if restoring.returncode != 0:
            said.seek(0)
            raise pgtools.refused("pg_restore", said.read())


def _compare(backup: Backup, owner: str) -> None:
    """Raises RuntimeProblem for any table whose rows are not those that were saved."""
    with closing(psycopg2.connect(owner)) as connection:
        found = {name: table.plain() for name, table in contents(connection).items()}
    saved = backup.manifest["tables"]
    differ = sorted(name for name in {*saved, *found} if saved.get(name) != found.get(name))
    if differ:
        raise RuntimeProblem(f"What came back is not what was saved: {', '.join(differ)}. Everything is as it was before.")


def _compare_kept(backup: Backup, owner: str) -> None:
    """Raises RuntimeProblem when a newer schema lost rows of a table from which the product never deletes any."""
    never_fewer = {*roles.APPEND_ONLY, *roles.NEVER_DELETED}
    kept = sorted(name for name in backup.manifest["tables"] if name in never_fewer or name.endswith(roles.PAST))
    with closing(psycopg2.connect(owner)) as connection:
        found = contents(connection, [name for name in kept if name in tables(connection)])
    lost = [name for name in kept if name not in found or found[name].rows < backup.manifest["tables"][name]["rows"]]
    if lost:
        raise RuntimeProblem(f"Rows were lost when the schema was brought up to date: {', '.join(lost)}. Everything is as it was before.")
