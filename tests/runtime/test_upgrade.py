"""An installation of the first release is brought up to this one: nothing that was there is lost or changed.

`upgrade/first_release.json.gz` holds the demo's rows as PostgreSQL wrote them under the first release's schema, and that schema's
migrations. It is never made anew. A migration that changes old rows on purpose is named in CHANGED, with what becomes of them.
"""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from psycopg2 import sql

from calcinosis_app.runtime import postgres, roles
from calcinosis_app.runtime.local import addresses
from calcinosis_app.runtime.state import ROOT, Addresses
from tests import settings as test_settings
from tests.runtime.running import manage, surroundings


def exactly(number: str) -> str:
    """A number with all its digits, however many zeros end it."""
    return str(Decimal(number).normalize())


FIRST = json.loads(gzip.decompress((Path(__file__).parent / "upgrade" / "first_release.json.gz").read_bytes()), parse_float=exactly)
# (table, column) -> why its old values may differ now
CHANGED: dict[tuple[str, str], str] = {}

BUILD_FIRST = """
import json, sys
import django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
executor.migrate(sorted(dict(json.load(sys.stdin)).items()))  # of each app the last
"""
# Every row through today's models, and every stored assessment opened as it was judged.
READ_ALL = """
from django.apps import apps
from calcinosis_app.assessments.models import Assessment
from calcinosis_app.assessments.recompute import recompute
for model in apps.get_models():
    list(model._default_manager.all())
for one in Assessment.objects.all():
    recompute(one)
print(Assessment.objects.count())
"""


@pytest.fixture(scope="module")
def given(services: Addresses) -> Iterator[dict[str, str]]:
    """The settings of an installation of the first release, full of rows, that has just been migrated by its owner."""
    name = f"upgraded_{os.getpid()}"
    superuser = postgres.connect(test_settings.SOCKETS)
    roles.create(superuser, database=name)
    found = addresses(test_settings.SOCKETS, database=name)
    settings = {"DATABASE_OWNER_URL": found.owner, "DATABASE_URL": found.database, "CALCINOSIS_SECRET_KEY": "for this test"}
    build_first(settings)
    fill(name)
    done = manage("migrate", **settings)
    assert done.returncode == 0, done.stderr
    yield settings
    with superuser.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    superuser.close()


def build_first(settings: dict[str, str]) -> None:
    environment = surroundings(
        **{**settings, "DATABASE_URL": settings["DATABASE_OWNER_URL"]}, DJANGO_SETTINGS_MODULE="calcinosis_app.settings"
    )
    done = subprocess.run(
        [sys.executable, "-c", BUILD_FIRST],
        cwd=ROOT,
        env=environment,
        input=json.dumps(FIRST["migrations"]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def fill(name: str) -> None:
    """Puts the old rows in as they were, in any order: whatever guards them looks away."""
    connection = postgres.connect(test_settings.SOCKETS, name=name)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, rows in FIRST["tables"].items():
            place = sql.Identifier(table)
            put = sql.SQL("INSERT INTO {} SELECT * FROM json_populate_recordset(NULL::{}, %s)").format(place, place)
            cursor.execute(put, [json.dumps(rows)])
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND sequencename LIKE '%_id_seq'")
        for (sequence,) in cursor.fetchall():
            table = sql.Identifier(sequence.removesuffix("_id_seq"))
            cursor.execute(sql.SQL("SELECT setval(%s, (SELECT coalesce(max(id), 0) + 1 FROM {}), false)").format(table), [sequence])
    connection.close()


def now(settings: dict[str, str], table: str, columns: list[str]) -> list[dict[str, Any]]:
    """The rows of a table as they are now, in the columns that it had then."""
    connection = psycopg2.connect(settings["DATABASE_OWNER_URL"])
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET TIME ZONE 'UTC'")
            named = sql.SQL(", ").join(map(sql.Identifier, columns))
            cursor.execute(sql.SQL("SELECT json_agg(t)::text FROM (SELECT {} FROM {}) AS t").format(named, sql.Identifier(table)))
            return json.loads(cursor.fetchone()[0], parse_float=exactly)
    finally:
        connection.close()


def in_order(rows: list[dict[str, Any]], columns: list[str]) -> list[str]:
    return sorted(json.dumps([row[column] for column in columns]) for row in rows)


def test_the_first_release_was_full_of_rows() -> None:
    assert FIRST["migrations"] == sorted(FIRST["migrations"]), "of each app the last one comes last"
    for table in (
        "patients_patient",
        "patients_finding",
        "assessments_assessment",
        "assessments_review",
        "followups_reminder",
        "audit_event",
    ):
        assert FIRST["tables"][table], table


@pytest.mark.parametrize("table", sorted(FIRST["tables"]))
def test_every_old_row_is_there_unchanged(given: dict[str, str], table: str) -> None:
    then = FIRST["tables"][table]
    columns = [column for column in then[0] if (table, column) not in CHANGED]
    assert in_order(now(given, table, columns), columns) == in_order(then, columns)


def test_todays_models_read_every_row_and_every_assessment_opens_as_it_was_judged(given: dict[str, str]) -> None:
    done = manage("shell", "--no-imports", "-c", READ_ALL, **given)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(len(FIRST["tables"]["assessments_assessment"]))


def test_what_is_written_once_is_guarded_after_the_upgrade_too(given: dict[str, str]) -> None:
    connection = psycopg2.connect(given["DATABASE_URL"])
    with connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute("UPDATE audit_event SET actor = 'nobody'")
    connection.close()


def test_a_signed_review_is_still_final_after_the_upgrade(given: dict[str, str]) -> None:
    connection = psycopg2.connect(given["DATABASE_URL"])
    with connection.cursor() as cursor, pytest.raises(psycopg2.Error, match="signed"):
        cursor.execute("UPDATE assessments_review SET signed_at = now() WHERE signed_at IS NOT NULL")
    connection.close()


def test_a_new_row_finds_a_free_number(given: dict[str, str]) -> None:
    done = manage("migrate", **given)
    assert done.returncode == 0, "migrating again changes nothing"
    connection = psycopg2.connect(given["DATABASE_URL"])
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (at, actor, actor_id, clinic, action, subject_kind, subject_id, detail) "
            "VALUES (now(), 'test', 'test', '', 'test.done', 'test', '1', '{}') RETURNING id"
        )
        (number,) = cursor.fetchone()
        assert number > max(row["id"] for row in FIRST["tables"]["audit_event"])
        connection.rollback()
    connection.close()


def test_no_change_of_a_model_lacks_its_migration() -> None:
    done = manage("makemigrations", "--check", "--dry-run", CALCINOSIS_DEMO="1")
    assert done.returncode == 0, done.stdout + done.stderr
