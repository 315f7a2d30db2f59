"""Backup and restore as a person uses them, on real installations; the short form of `python3 -m bench.restore_drill`."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import psycopg2
import pytest

from calcinosis_app.runtime import archive, postgres, roles
from calcinosis_app.runtime.archive import Backup
from calcinosis_app.runtime.databases import Place, maintaining, make, remove_half_restored, swap
from calcinosis_app.runtime.local import addresses
from calcinosis_app.runtime.local import services as local_services
from calcinosis_app.runtime.pgtools import with_name
from calcinosis_app.runtime.state import ROOT, Addresses, State
from tests import settings as test_settings
from tests.runtime.running import Up, manage, short_folder, surroundings

APP_OF_CLARA = """
INSERT INTO mfa_authenticator (user_id, type, data, created_at)
SELECT id, 'totp', '{"secret": "sealed"}', now() FROM accounts_user WHERE username = 'clara' RETURNING 1
"""


@pytest.fixture(scope="module")
def demo() -> Iterator[Path]:
    """A state folder with the demo, not running; beside it a backup, made while it ran, and what a restore over it was told then."""
    folder = short_folder()
    running = Up("--state", str(folder / "state"))
    try:
        running.address()
        made = manage("backup", str(folder / "demo.tar"), CALCINOSIS_STATE=str(folder / "state"))
        assert made.returncode == 0, made.stderr
        refused = manage("restore", str(folder / "demo.tar"), "--state", str(folder / "state"), "--replace")
        assert refused.returncode == 1
        (folder / "refused.txt").write_text(refused.stderr)
        assert running.end(signal.SIGTERM) == 0, running.problems()
    finally:
        running.close()
    yield folder
    shutil.rmtree(folder)


@contextmanager
def opened(state: Path) -> Iterator["psycopg2.extensions.connection"]:
    """A superuser's connection to the database of a state folder, whose services run meanwhile."""
    with local_services(State(state), hasty=True):
        connection = postgres.connect(State(state).folder / "run", name=roles.DATABASE)
        try:
            yield connection
        finally:
            connection.close()


def ask(connection: "psycopg2.extensions.connection", query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def people(state: Path) -> list[tuple[object, ...]]:
    with opened(state) as connection:
        return ask(connection, "SELECT username, password FROM accounts_user ORDER BY username")


def databases(state: Path) -> list[str]:
    with opened(state) as connection:
        return [str(name) for (name,) in ask(connection, "SELECT datname FROM pg_database WHERE datname LIKE 'calcinosis%' ORDER BY 1")]


def changed(source: Path, target: Path, *, dump: bytes | None = None, key: bytes = b"", **manifest: object) -> Path:
    """A copy of a backup with other content, itself undamaged."""
    backup = Backup(source)
    kept = BytesIO()
    backup.copy_dump(kept)
    with archive.writing(target) as writer:
        writer.add(archive.DUMP, BytesIO(kept.getvalue() if dump is None else dump))
        if key:
            writer.add(archive.KEY, BytesIO(key))
        writer.finish({**{name: value for name, value in backup.manifest.items() if name not in ("parts", "format")}, **manifest})
    return target


def test_the_drill_finds_no_difference() -> None:
    """Every row, constraint, index, trigger, function and right, on a fresh folder; and a dead key stays out of the way."""
    command = [sys.executable, "-m", "bench.drill", "--times", "3"]
    done = subprocess.run(command, cwd=ROOT, env=surroundings(), capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "8 kinds of schema compared: all the same" in done.stdout
    assert "secret key: the same" in done.stdout


def test_the_backup_is_private_and_says_what_it_holds(demo: Path) -> None:
    file = demo / "demo.tar"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with tarfile.open(file) as tar:
        assert tar.getnames() == ["database.dump", "secret-key", "manifest.json"]
        member = tar.extractfile("manifest.json")
        assert member is not None
        manifest = json.loads(member.read())
    assert (demo / "state" / "secret-key").read_text() not in json.dumps(manifest)
    assert sorted(manifest["secret_key"]) == ["hash", "salt"]
    assert manifest["kind"] == "demo"
    assert manifest["postgresql"].startswith("18.")
    assert "core.0001_heartbeats" in manifest["migrations"]
    assert manifest["tables"]["accounts_user"]["rows"] == 6
    assert all(len(table["sha256"]) == 64 for table in manifest["tables"].values())


def test_a_restored_installation_starts_and_remembers_it(demo: Path, state: Path, up: Callable[..., Up]) -> None:
    done = manage("restore", str(demo / "demo.tar"), "--state", str(state))
    assert done.returncode == 0, done.stderr
    assert people(state) == people(demo / "state")
    with opened(state) as connection:
        assert ask(connection, "SELECT action FROM audit_event WHERE actor_id = 'system:restore'") == [("installation.restored",)]
    running = up()
    running.address()
    assert running.end(signal.SIGTERM) == 0, running.problems()


def test_where_people_work_nothing_is_replaced_unless_told(demo: Path, state: Path) -> None:
    file = str(demo / "demo.tar")
    assert manage("restore", file, "--state", str(state)).returncode == 0
    with opened(state) as connection:
        ask(connection, "UPDATE accounts_user SET display_name = 'Somebody new' WHERE username = 'clara' RETURNING 1")

    refused = manage("restore", file, "--state", str(state))
    assert refused.returncode == 1
    assert "in use (6 rows in accounts_user" in refused.stderr
    assert "--replace" in refused.stderr
    with opened(state) as connection:
        assert ask(connection, "SELECT 1 FROM accounts_user WHERE display_name = 'Somebody new'") == [(1,)]

    done = manage("restore", file, "--state", str(state), "--replace")
    assert done.returncode == 0, done.stderr
    kept, now = sorted(databases(state), key=lambda name: name == roles.DATABASE)
    assert kept.startswith("calcinosis_before_")
    assert kept in done.stderr
    with opened(state) as connection:
        assert ask(connection, "SELECT 1 FROM accounts_user WHERE display_name = 'Somebody new'") == []

    assert manage("restore", file, "--state", str(state), "--replace", "--drop-old").returncode == 0
    assert databases(state) == [now, kept], "what --replace kept before stays"


def test_a_running_installation_is_not_restored_over(demo: Path) -> None:
    assert "stop it first" in (demo / "refused.txt").read_text()


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("damaged", "damaged"),
        ("newer", "newer than this one"),
        ("no dump", "pg_restore failed"),
        ("other rows", "What came back is not what was saved: accounts_user"),
    ],
)
def test_a_restore_that_fails_leaves_everything_as_it_was(demo: Path, tmp_path: Path, how: str, words: str) -> None:
    before = people(demo / "state"), databases(demo / "state")
    good, bad = demo / "demo.tar", tmp_path / "bad.tar"
    manifest = Backup(good).manifest
    if how == "damaged":
        content = bytearray(good.read_bytes())
        content[20_000] ^= 1
        bad.write_bytes(content)
    elif how == "newer":
        changed(good, bad, migrations=[*manifest["migrations"], "patients.9999_from_the_future"])
    elif how == "no dump":
        changed(good, bad, dump=b"PGDMP and then nothing")
    else:
        tables = {**manifest["tables"], "accounts_user": {"rows": 6, "sha256": "0" * 64}}
        changed(good, bad, tables=tables)

    done = manage("restore", str(bad), "--state", str(demo / "state"), "--replace")

    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert (people(demo / "state"), databases(demo / "state")) == before


def test_a_demo_is_not_restored_into_a_clinic(demo: Path, state: Path) -> None:
    (state / "kind").write_text("clinic")
    done = manage("restore", str(demo / "demo.tar"), "--state", str(state))
    assert done.returncode == 1
    assert "never mixed" in done.stderr
    assert not (state / "postgres").exists()


def test_the_secret_key_comes_back(demo: Path, state: Path) -> None:
    done = manage("restore", str(demo / "demo.tar"), "--state", str(state))
    assert done.returncode == 0, done.stderr
    assert "The secret key came back as well." in done.stderr
    assert "sign in" not in done.stderr
    assert (state / "secret-key").read_text() == (demo / "state" / "secret-key").read_text()
    assert stat.S_IMODE((state / "secret-key").stat().st_mode) == 0o600


def test_a_restore_that_fails_brings_no_key(demo: Path, state: Path, tmp_path: Path) -> None:
    bad = changed(demo / "demo.tar", tmp_path / "bad.tar", dump=b"PGDMP and then nothing", key=b"another key")
    assert manage("restore", str(bad), "--state", str(state)).returncode == 1
    assert not (state / "secret-key").exists()


@pytest.fixture
def with_app(demo: Path, state: Path) -> Path:
    """A backup without the key, of a demo in which Clara has an authenticator app."""
    assert manage("restore", str(demo / "demo.tar"), "--state", str(state)).returncode == 0
    with opened(state) as connection:
        ask(connection, APP_OF_CLARA)
    file = demo / f"{state.name}.tar"
    made = manage("backup", str(file), "--without-secret-key", "--state", str(state))
    assert made.returncode == 0, made.stderr
    assert "The secret key is not in it." in made.stderr
    assert "nobody can sign in with an authenticator app" in made.stderr
    return file


@pytest.mark.thorough
def test_without_the_key_it_is_said_who_is_kept_out_and_how_to_let_them_in(with_app: Path, state: Path) -> None:
    new = state / "new"
    done = manage("restore", str(with_app), "--state", str(new))
    assert done.returncode == 0, done.stderr
    assert not (new / "secret-key").exists()
    assert "these people cannot sign in: clara." in done.stderr
    assert "remove_second_factors --of USERNAME" in done.stderr

    removed = manage("remove_second_factors", "--of", "clara", CALCINOSIS_STATE=str(new), CALCINOSIS_DEMO="1")
    assert removed.returncode == 0, removed.stderr
    with opened(new) as connection:
        assert ask(connection, "SELECT 1 FROM mfa_authenticator") == []
        assert ask(connection, "SELECT actor_id FROM audit_event WHERE action = 'second_factor.removed'") == [
            ("system:remove_second_factors",)
        ]


@pytest.mark.thorough
def test_a_folder_with_another_key_keeps_it_unless_told(with_app: Path, demo: Path, state: Path) -> None:
    old = (state / "secret-key").read_text()
    file = state / "with-key.tar"
    assert manage("backup", str(file), "--state", str(state)).returncode == 0
    (state / "secret-key").write_text("another key")

    done = manage("restore", str(file), "--state", str(state), "--replace", "--drop-old")
    assert done.returncode == 0, done.stderr
    assert "has a key of its own, and keeps it" in done.stderr
    assert "these people cannot sign in: clara." in done.stderr
    assert f"tar -xOf {file} secret-key" in done.stderr
    assert (state / "secret-key").read_text() == "another key"

    done = manage("restore", str(file), "--state", str(state), "--replace", "--drop-old", "--replace-secret-key")
    assert done.returncode == 0, done.stderr
    assert "cannot sign in" not in done.stderr
    assert (state / "secret-key").read_text() == old
    (kept,) = state.glob("secret-key.before_*")
    assert kept.read_text() == "another key"


def test_into_a_folder_it_is_named_by_date_and_noted_for_the_health_page(demo: Path, tmp_path: Path) -> None:
    made = manage("backup", str(tmp_path), "--state", str(demo / "state"))
    assert made.returncode == 0, made.stderr
    (file,) = tmp_path.iterdir()
    assert file.name.startswith("calcinosis-20")
    with opened(demo / "state") as connection:
        assert "MB" in str(ask(connection, "SELECT note FROM core_heartbeat WHERE part = 'backup'"))


def test_what_is_not_there_cannot_be_saved(state: Path, tmp_path: Path) -> None:
    refused = manage("backup", str(tmp_path / "none.tar"), "--state", str(state))
    assert refused.returncode == 1
    assert "There is no installation in" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_missing_does_not_become_a_file(demo: Path, tmp_path: Path) -> None:
    refused = manage("backup", f"{tmp_path}/missing/", "--state", str(demo / "state"))
    assert refused.returncode == 1
    assert f"There is no folder {tmp_path}/missing/" in refused.stderr
    assert list(tmp_path.iterdir()) == []


# --- a server that others run ---------------------------------------------------------------------
@pytest.fixture
def hospital(services: Addresses) -> Iterator[dict[str, str]]:
    """An empty database on the test run's own server, with an owner who may make databases, and its settings."""
    superuser = postgres.connect(test_settings.SOCKETS)
    name = f"hospital_{os.getpid()}"
    roles.create(superuser, owner="hospital_owner", application="hospital_app", database=name)
    with superuser.cursor() as cursor:
        cursor.execute("ALTER ROLE hospital_owner CREATEDB PASSWORD 'owner of it'")
    found = addresses(test_settings.SOCKETS, owner="hospital_owner:owner%20of%20it", database=name)
    yield {
        "DATABASE_OWNER_URL": found.owner,
        "DATABASE_URL": found.database.replace(f"{roles.APPLICATION}@", "hospital_app@"),
        "CALCINOSIS_DEMO": "1",
    }
    with superuser.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{name}%"])
        for (one,) in cursor.fetchall():
            cursor.execute(f'DROP DATABASE "{one}" WITH (FORCE)')
    superuser.close()


def test_a_server_is_restored_to_and_saved_from(demo: Path, tmp_path: Path, hospital: dict[str, str]) -> None:
    done = manage("restore", str(demo / "demo.tar"), **hospital)
    assert done.returncode == 0, done.stderr
    made = manage("backup", str(tmp_path / "again.tar"), **hospital)
    assert made.returncode == 0, made.stderr
    saved, again = (Backup(file).manifest["tables"] for file in (demo / "demo.tar", tmp_path / "again.tar"))
    differ = {name for name in saved if saved[name] != again[name]}
    assert differ == {"audit_event", "audit_link", "core_heartbeat"}, "the restore's own marks, and nothing else"
    for table in ("audit_event", "audit_link"):
        assert again[table]["rows"] == saved[table]["rows"] + 1


@pytest.mark.parametrize("who", ["DATABASE_OWNER_URL", "DATABASE_URL"])
def test_somebody_who_is_connected_stops_a_restore(demo: Path, hospital: dict[str, str], who: str) -> None:
    """The owner, who is no superuser, is not told what kind of session the application's is."""
    connection = psycopg2.connect(hospital[who])
    refused = manage("restore", str(demo / "demo.tar"), **hospital)
    connection.close()
    assert refused.returncode == 1
    assert "1 open connections" in refused.stderr


def test_an_owner_who_may_not_make_databases_hears_what_to_do(demo: Path, hospital: dict[str, str]) -> None:
    superuser = postgres.connect(test_settings.SOCKETS)
    with superuser.cursor() as cursor:
        cursor.execute("ALTER ROLE hospital_owner NOCREATEDB")
    superuser.close()
    refused = manage("restore", str(demo / "demo.tar"), **hospital)
    assert refused.returncode == 1
    assert "ALTER ROLE hospital_owner CREATEDB" in refused.stderr


def test_a_demo_is_not_restored_into_a_hospitals_database_by_accident(demo: Path, hospital: dict[str, str]) -> None:
    refused = manage("restore", str(demo / "demo.tar"), **{**hospital, "CALCINOSIS_DEMO": "0"})
    assert refused.returncode == 1
    assert "set CALCINOSIS_DEMO=1" in refused.stderr


def test_a_server_without_its_owners_address_is_refused(demo: Path, tmp_path: Path, hospital: dict[str, str]) -> None:
    given = {name: value for name, value in hospital.items() if name != "DATABASE_OWNER_URL"}
    for command in (["backup", str(tmp_path / "no.tar")], ["restore", str(demo / "demo.tar")]):
        refused = manage(*command, **given)
        assert refused.returncode == 1
        assert "DATABASE_OWNER_URL is not set" in refused.stderr


def test_a_stop_in_the_middle_leaves_no_file(demo: Path, tmp_path: Path, hospital: dict[str, str]) -> None:
    """The dump waits for a lock that somebody holds; the person loses patience."""
    assert manage("restore", str(demo / "demo.tar"), **hospital).returncode == 0
    holder = psycopg2.connect(hospital["DATABASE_OWNER_URL"])
    with holder.cursor() as cursor:
        cursor.execute("LOCK TABLE accounts_user IN ACCESS EXCLUSIVE MODE")
    command = [sys.executable, str(ROOT / "manage.py"), "backup", str(tmp_path / "never.tar")]
    saving = subprocess.Popen(command, env=surroundings(**hospital), stderr=subprocess.DEVNULL)
    while not list(tmp_path.glob(".*.partial")):
        assert saving.poll() is None
    saving.send_signal(signal.SIGTERM)
    assert saving.wait(30) != 0
    holder.close()
    assert list(tmp_path.iterdir()) == []


def test_a_server_without_its_secret_key_is_saved_only_when_told(demo: Path, tmp_path: Path, hospital: dict[str, str]) -> None:
    assert manage("restore", str(demo / "demo.tar"), **hospital).returncode == 0
    clinic = {**hospital, "CALCINOSIS_DEMO": "0"}
    file = tmp_path / "one.tar"
    refused = manage("backup", str(file), **clinic)
    assert refused.returncode == 1
    assert "CALCINOSIS_SECRET_KEY is not set here" in refused.stderr
    assert "--without-secret-key" in refused.stderr
    assert list(tmp_path.iterdir()) == []

    assert manage("backup", str(file), "--without-secret-key", **clinic).returncode == 0
    assert Backup(file).secret_key() == ""
    assert Backup(file).manifest["secret_key"] is None

    keyed = tmp_path / "two.tar"
    assert manage("backup", str(keyed), CALCINOSIS_SECRET_KEY="of the server", **clinic).returncode == 0
    assert Backup(keyed).secret_key() == "of the server"


@pytest.mark.thorough
def test_a_server_with_another_key_hears_who_is_kept_out(with_app: Path, hospital: dict[str, str]) -> None:
    done = manage("restore", str(with_app), CALCINOSIS_SECRET_KEY="of the server", **hospital)
    assert done.returncode == 0, done.stderr
    assert "The secret key in force is not the one that the backup was made under" in done.stderr
    assert "these people cannot sign in: clara." in done.stderr
    assert "set CALCINOSIS_SECRET_KEY to the key" in done.stderr


@contextmanager
def connected(url: str) -> Iterator["psycopg2.extensions.connection"]:
    """A connection to that address, each statement its own transaction."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def superuser() -> Iterator["psycopg2.extensions.connection"]:
    connection = postgres.connect(test_settings.SOCKETS)
    try:
        yield connection
    finally:
        connection.close()


def do(connection: "psycopg2.extensions.connection", statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def hospitals() -> list[str]:
    """The databases of the hospital and those made from it."""
    with superuser() as connection:
        found = ask(connection, "SELECT datname FROM pg_database ORDER BY 1")
    return [str(name) for (name,) in found if str(name).startswith(f"hospital_{os.getpid()}")]


@pytest.mark.parametrize("table", ["public.admissions", "wards.admissions"])
def test_a_database_with_anybodys_tables_is_never_replaced_untold(demo: Path, hospital: dict[str, str], table: str) -> None:
    with connected(hospital["DATABASE_OWNER_URL"]) as connection:
        do(connection, f"CREATE SCHEMA wards; CREATE TABLE {table} AS SELECT generate_series(1, 10) AS id")
    refused = manage("restore", str(demo / "demo.tar"), **hospital)
    assert refused.returncode == 1
    assert "in use (1 tables, views and sequences)" in refused.stderr
    assert "--replace" in refused.stderr

    done = manage("restore", str(demo / "demo.tar"), "--replace", **hospital)
    assert done.returncode == 0, done.stderr
    name, kept = hospitals()
    assert kept in done.stderr
    with connected(hospital["DATABASE_OWNER_URL"].replace(name, kept)) as connection:
        assert ask(connection, f"TABLE {table} ORDER BY id") == [(number,) for number in range(1, 11)]


def test_a_database_of_somebody_else_is_refused_before_it_is_filled(demo: Path, hospital: dict[str, str]) -> None:
    (name,) = hospitals()
    with superuser() as connection:
        do(connection, f"ALTER DATABASE {name} OWNER TO {postgres.SUPERUSER}")
    refused = manage("restore", str(demo / "demo.tar"), **hospital)
    assert refused.returncode == 1
    assert f"ALTER DATABASE {name} OWNER TO hospital_owner" in refused.stderr
    assert "Restoring" not in refused.stderr
    assert hospitals() == [name]


def test_a_rename_that_is_refused_is_rolled_back_and_leaves_no_copy(hospital: dict[str, str]) -> None:
    (name,) = hospitals()
    fresh = f"{name}_restoring_0123abcd"
    place = Place(with_name(hospital["DATABASE_OWNER_URL"], "postgres"), hospital["DATABASE_OWNER_URL"], hospital["DATABASE_URL"])
    with superuser() as connection:
        do(connection, f"ALTER DATABASE {name} OWNER TO {postgres.SUPERUSER}")
    with maintaining(place) as maintenance:
        make(maintenance, place, fresh)
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            swap(maintenance, place, fresh)
        assert ask(maintenance, "SELECT 1") == [(1,)], "the connection can still be used"
    assert hospitals() == [name, fresh]
    remove_half_restored(place, fresh)
    assert hospitals() == [name]


def test_what_a_killed_restore_left_is_removed_or_named(demo: Path, hospital: dict[str, str]) -> None:
    (name,) = hospitals()
    ours, theirs, other = f"{name}_restoring_0123abcd", f"{name}_restoring_4567abcd", f"{name}_restoring_mine"
    with superuser() as connection:
        for one, owner in ((ours, "hospital_owner"), (theirs, postgres.SUPERUSER), (other, "hospital_owner")):
            do(connection, f"CREATE DATABASE {one} OWNER {owner}")
    done = manage("restore", str(demo / "demo.tar"), **hospital)
    assert done.returncode == 0, done.stderr
    assert f"Removed database '{ours}'" in done.stderr
    assert f'DROP DATABASE "{theirs}" WITH (FORCE)' in done.stderr
    assert hospitals() == [name, theirs, other]


def test_two_restores_at_one_place_are_refused(demo: Path, hospital: dict[str, str]) -> None:
    place = Place(with_name(hospital["DATABASE_OWNER_URL"], "postgres"), hospital["DATABASE_OWNER_URL"], hospital["DATABASE_URL"])
    with maintaining(place):
        refused = manage("restore", str(demo / "demo.tar"), **hospital)
    assert refused.returncode == 1
    assert "Another restore" in refused.stderr


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("made", "provider", "locale"),
    [
        ("ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'", "b", "C"),
        ("ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'", "c", "C"),
    ],
)
def test_the_new_database_is_utf8_in_the_locale_of_the_old_one(
    demo: Path, hospital: dict[str, str], made: str, provider: str, locale: str
) -> None:
    (name,) = hospitals()
    with superuser() as connection:
        do(connection, f"DROP DATABASE {name}")
        do(connection, f"CREATE DATABASE {name} OWNER hospital_owner TEMPLATE template0 {made}")
    done = manage("restore", str(demo / "demo.tar"), **hospital)
    assert done.returncode == 0, done.stderr
    query = "SELECT pg_encoding_to_char(encoding), datlocprovider, datcollate, datctype FROM pg_database WHERE datname"
    with superuser() as connection:
        assert ask(connection, f"{query} = '{name}'") == [("UTF8", provider, locale, locale)]
