"""The database as the product meets it: its driver, and what the application's role may not do."""

import psycopg2
import pytest
from django.apps import apps
from django.db import connection

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


def refused(opened: "psycopg2.extensions.connection", statement: str) -> None:
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
    written_by_us = [model._meta.db_table for model in apps.get_models() if model._meta.managed]
    others = [table for table in written_by_us if table not in (*roles.APPEND_ONLY, *roles.READ_ONLY)]
    with connection.cursor() as cursor:
        for table in others:
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
                cursor.execute("SELECT has_table_privilege(%s, %s)", [table, right])
                assert cursor.fetchone() == (True,), f"{right} on {table}"


def test_the_tables_named_in_the_rules_of_rights_exist() -> None:
    tables = {model._meta.db_table for model in apps.get_models()}
    assert set(roles.APPEND_ONLY) <= tables


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
