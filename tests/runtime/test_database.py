"""The database as the product meets it: its driver, and what the application's role may not do."""

import psycopg2
import pytest
from django.apps import apps
from django.db import connection
from psycopg2 import sql

from calcinosis_app.runtime import postgres, roles
from calcinosis_app.runtime.processes import RuntimeProblem
from calcinosis_app.runtime.state import Addresses
from tests import settings as test_settings


@pytest.fixture
def application(transactional_db: None) -> "psycopg2.extensions.connection":
    """A plain connection that signs in as the application, past Django and all its good manners."""
    opened = postgres.connect(test_settings.SOCKETS, user=roles.APPLICATION, name=connection.settings_dict["NAME"])
    yield opened
    opened.close()


def refused(opened: "psycopg2.extensions.connection", statement: "str | sql.Composable") -> None:
    with opened.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute(statement)


@pytest.mark.django_db
def test_the_driver_is_the_one_that_was_chosen() -> None:
    """Django takes psycopg 3 by itself as soon as some package brings it in."""
    connection.ensure_connection()
    assert connection.Database.__name__ == "psycopg2"


@pytest.mark.django_db
def test_the_database_keeps_time_in_utc() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW timezone")
        assert cursor.fetchone() == ("UTC",)


@pytest.mark.django_db
def test_the_suite_itself_works_as_the_application() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (roles.APPLICATION,)


@pytest.mark.parametrize("table", roles.APPEND_ONLY)
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}", "ALTER TABLE {} DISABLE TRIGGER ALL"],
)
def test_what_is_written_once_stays(application: "psycopg2.extensions.connection", table: str, statement: str) -> None:
    refused(application, statement.format(table))


@pytest.mark.parametrize("table", roles.APPEND_ONLY)
def test_what_is_written_once_can_be_read_and_added_to(application: "psycopg2.extensions.connection", table: str) -> None:
    with application.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'SELECT'), has_table_privilege(%s, 'INSERT')", [table, table])
        assert cursor.fetchone() == (True, True)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE intruder (id int)",
        "CREATE SCHEMA intruder",
        "ALTER TABLE accounts_user ADD COLUMN intruder int",
        "CREATE INDEX intruder ON accounts_user (id)",
        "TRUNCATE accounts_user CASCADE",
        "UPDATE django_migrations SET name = name",
        "SET ROLE postgres",
        "CREATE ROLE intruder",
    ],
)
def test_the_application_cannot_change_the_schema(application: "psycopg2.extensions.connection", statement: str) -> None:
    refused(application, statement)


@pytest.mark.django_db
def test_the_application_works_with_all_other_tables() -> None:
    written_by_us = [model._meta.db_table for model in apps.get_models() if model._meta.concrete_model._meta.managed]
    others = [table for table in written_by_us if table not in (*roles.APPEND_ONLY, *roles.READ_ONLY)]
    with connection.cursor() as cursor:
        for table in others:
            for right in roles.rights(table).split(", "):
                cursor.execute("SELECT has_table_privilege(%s, %s)", [table, right])
                assert cursor.fetchone() == (True,), f"{right} on {table}"


def test_the_tables_named_in_the_rules_of_rights_exist() -> None:
    tables = {model._meta.db_table for model in apps.get_models()}
    assert {*roles.APPEND_ONLY, *roles.NEVER_DELETED} <= tables


@pytest.mark.parametrize("table", roles.NEVER_DELETED)
def test_people_plans_and_reminders_are_never_deleted(application: "psycopg2.extensions.connection", table: str) -> None:
    refused(application, sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


def test_a_table_of_ones_own_cannot_stand_before_ours(application: "psycopg2.extensions.connection") -> None:
    """A trigger that looked up a name without its schema would find such a table first."""
    refused(application, "CREATE TEMP TABLE assessments_review (id uuid, signed_at timestamptz)")


@pytest.mark.django_db
def test_the_guards_of_signed_reviews_look_at_our_own_tables_first() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, proconfig FROM pg_proc WHERE proname LIKE 'assessments_refuse_%' ORDER BY proname")
        found = cursor.fetchall()
    assert len(found) == 2
    assert all(path == ["search_path=pg_catalog, public, pg_temp"] for _, path in found)


def test_a_role_that_may_act_as_the_owner_is_refused(services: Addresses) -> None:
    mighty = postgres.connect(test_settings.SOCKETS)
    with mighty.cursor() as cursor:
        cursor.execute("CREATE ROLE sly LOGIN")
        cursor.execute(f"GRANT {roles.OWNER} TO sly")
    owner = postgres.connect(test_settings.SOCKETS, user=roles.OWNER, name=roles.DATABASE)
    with pytest.raises(RuntimeProblem, match="is a member of"):
        roles.ensure(owner, application="sly", password="")
    owner.close()
    mighty.close()


@pytest.fixture
def owner(services: Addresses) -> "psycopg2.extensions.connection":
    """A plain connection as the owner of the product's database, who is no superuser."""
    opened = postgres.connect(test_settings.SOCKETS, user=roles.OWNER, name=roles.DATABASE)
    yield opened
    opened.close()


def test_the_application_must_not_be_the_owner(owner: "psycopg2.extensions.connection") -> None:
    with pytest.raises(RuntimeProblem, match="name the same role"):
        roles.ensure(owner, application=roles.OWNER, password="")


def test_the_application_must_not_be_a_superuser(owner: "psycopg2.extensions.connection") -> None:
    with pytest.raises(RuntimeProblem, match="is a superuser"):
        roles.ensure(owner, application=postgres.SUPERUSER, password="")


def test_a_role_that_the_owner_cannot_make_is_asked_for(owner: "psycopg2.extensions.connection") -> None:
    with pytest.raises(RuntimeProblem, match="CREATE ROLE newcomer LOGIN"):
        roles.ensure(owner, application="newcomer", password="secret")


def test_a_missing_role_is_made_when_the_owner_may(services: Addresses) -> None:
    mighty = postgres.connect(test_settings.SOCKETS)
    roles.ensure(mighty, application="arrival", password="secret")
    roles.ensure(mighty, application="arrival", password="secret")
    postgres.connect(test_settings.SOCKETS, user="arrival").close()
    mighty.close()
