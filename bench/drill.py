"""Proves that a backup brings everything back: fills an installation, saves it, restores it onto a fresh state folder, and compares.

    python3 -m bench.restore_drill [--times N] [--keep]

The comparison is not the product's own: rows are compared as sorted text by PostgreSQL's md5, and the schema by PostgreSQL's own
definitions of every constraint, index, trigger, function and right. Prints seconds and megabytes; ends with 1 when anything differs.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2

from calcinosis_app.runtime.local import services
from calcinosis_app.runtime.state import Addresses, State

ROOT = Path(__file__).resolve().parent.parent
TIMES = 400
# What the backup and the restore themselves write or end, and nothing else may differ.
OWN_MARKS = {
    "audit_event": "WHERE action <> 'installation.restored'",
    "audit_link": "WHERE event_id NOT IN (SELECT id FROM audit_event WHERE action = 'installation.restored')",
    "accounts_onetimelink": "WHERE \"end\" <> 'withdrawn' AND ended_at IS NOT NULL",
    "django_session": "WHERE false",
    "usersessions_usersession": "WHERE false",
    "core_heartbeat": "WHERE part NOT IN ('backup', 'restore')",
}
SCHEMA = {
    "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
    "WHERE table_schema = 'public'",
    "constraints": "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'",
    "rights": "SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants WHERE table_schema = 'public'",
    "owners": "SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'public'",
    "sequences": "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
}
# Reading its own dump, PostgreSQL puts casts and brackets elsewhere in a condition; they mean the same.
REWRITTEN = re.compile(r"::(character varying|text|numeric)(\[\])?|[() ]")
Content = dict[str, tuple[int, str]]


def main() -> int:
    options = read()
    folder = Path(tempfile.mkdtemp(prefix="calcinosis-drill-", dir="/tmp"))  # a short path, open to the services
    folder.chmod(0o755)
    try:
        return drill(folder, times=options.times)
    finally:
        if options.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder)


def read() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m bench.restore_drill", description="Backs up, restores onto a fresh folder, compares.")
    parser.add_argument("--times", type=int, default=TIMES, metavar="N", help="each demo patient, finding and event so many times more")
    parser.add_argument("--keep", action="store_true", help="leave both installations and the file where they are")
    return parser.parse_args()


def drill(folder: Path, *, times: int) -> int:
    file = folder / "drill.tar"
    with running(folder / "old") as old:
        fill(old, folder / "old", times=times)
        before = rows(old.owner), schema(old.owner)
        saved, said = timed("backup", str(file), CALCINOSIS_STATE=str(folder / "old"))
        print(said)
    restored, said = timed("restore", str(file), "--state", str(folder / "new"))
    print(said)
    with running(folder / "new") as new:
        after = rows(new.owner), schema(new.owner)
    differ = differences(before, after)
    total = sum(count for count, _ in before[0].values())
    verdict = "they differ" if differ else "all the same"
    print(f"{len(before[0])} tables, {total} rows, {len(before[1])} kinds of schema compared: {verdict}")
    for one in differ:
        print(f"  {one}")
    same_key = (folder / "old" / "secret-key").read_text() == (folder / "new" / "secret-key").read_text()
    print(f"secret key: {'the same' if same_key else 'NOT the same'}")
    print(f"backup {saved:.1f} s, {file.stat().st_size / 1e6:.1f} MB; restore {restored:.1f} s, starts included")
    return 0 if same_key and not differ else 1


@contextmanager
def running(folder: Path) -> Iterator[Addresses]:
    """The services on a state folder, claimed as `up` claims it, so that commands find them."""
    state = State(folder)
    with state.claim(), services(state) as found:
        yield found


def fill(found: Addresses, state: Path, *, times: int) -> None:
    """The demo, through the product's own actions, and then each of its patients, findings and events `times` more."""
    (state / "kind").write_text("demo")
    environment = {**os.environ, "CALCINOSIS_DEMO": "1", "DATABASE_OWNER_URL": found.owner, "DATABASE_URL": found.database}
    environment |= {"BROKER_URL": found.broker, "DJANGO_SETTINGS_MODULE": "calcinosis_app.settings"}
    command = [sys.executable, "-m", "calcinosis_app.runtime.prepare", "--demo"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    with closing(psycopg2.connect(found.owner)) as connection, connection, connection.cursor() as cursor:
        for table, changed in {
            "patients_patient": {"id": "gen_random_uuid()", "number": "left(t.number, 20) || '-' || n"},
            "patients_finding": {"id": "gen_random_uuid()"},
            "audit_event": {"id": None},
        }.items():
            cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'", [table])
            columns = [name for (name,) in cursor.fetchall() if changed.get(name, "") is not None]
            values = ", ".join(changed.get(name) or f't."{name}"' for name in columns)
            named = ", ".join(f'"{name}"' for name in columns)
            only = "WHERE t.corrects_id IS NULL" if table == "patients_finding" else ""
            cursor.execute(f"INSERT INTO {table} ({named}) SELECT {values} FROM {table} AS t, generate_series(1, %s) AS n {only}", [times])  # noqa: S608


def rows(owner: str) -> Content:
    """For each table its number of rows, and PostgreSQL's own md5 over their sorted text."""
    found: Content = {}
    with closing(psycopg2.connect(owner)) as connection, connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            only = OWN_MARKS.get(table, "")
            all_rows = "md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), ''))"
            cursor.execute(f"SELECT count(*), {all_rows} FROM {table} AS t {only}")  # noqa: S608
            found[table] = cursor.fetchone()
    return found


def schema(owner: str) -> dict[str, list[str]]:
    """PostgreSQL's own definitions of everything that is no row."""
    found = {}
    with closing(psycopg2.connect(owner)) as connection, connection.cursor() as cursor:
        for kind, query in SCHEMA.items():
            cursor.execute(query)
            found[kind] = sorted(REWRITTEN.sub("", " ".join(map(str, line))) for line in cursor.fetchall())
    return found


def differences(before: tuple[Content, dict[str, list[str]]], after: tuple[Content, dict[str, list[str]]]) -> list[str]:
    """What is not the same, in words."""
    found = [
        f"{table}: {before[0].get(table)} became {after[0].get(table)}"
        for table in {**before[0], **after[0]}
        if before[0].get(table) != after[0].get(table)
    ]
    for kind in SCHEMA:
        found += [f"{kind}: {one}" for one in sorted(set(before[1][kind]) ^ set(after[1][kind]))]
    return found


def timed(*arguments: str, **added: str) -> tuple[float, str]:
    """Runs a command of the product as a person would. Returns the seconds it took and what it answered."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CALCINOSIS_", "DATABASE_", "BROKER_URL", "DJANGO_"))}
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments], env={**kept, **added}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"manage.py {arguments[0]} failed:\n{done.stderr}")
    return time.monotonic() - began, done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
