"""Brings the database up to date before the server starts: schema, rights, release 1, and the demo clinic if wanted.

Run as a program by `up`: `python -m calcinosis_app.runtime.prepare [--demo]`. What it prints on standard output is for
the person who starts the server; progress goes to standard error.
"""

import os
import sys

import django
import psycopg2
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from calcinosis_app.audit.actors import System
from calcinosis_app.core.acting import acting
from calcinosis_app.runtime import roles
from calcinosis_app.runtime.environment import connection_settings, required
from calcinosis_app.runtime.processes import RuntimeProblem
from calcinosis_app.runtime.terminal import say

OWNER_REMEDY = "set it to the address of the role that owns the tables; DATABASE_URL is the application's, which may not change them"
# What an installation needs before it can serve its first page, in this order.
ALWAYS = ("load_release",)
DEMO = ("load_demo",)
CLINIC = ("first_administrator",)


def main(arguments: list[str]) -> int:
    """Prepares the database. Returns the exit code."""
    try:
        prepare(demo="--demo" in arguments)
    except (ImproperlyConfigured, CommandError, RuntimeProblem) as problem:
        say(str(problem))
        return 1
    except (OperationalError, psycopg2.OperationalError) as problem:
        say(f"The database does not answer: {str(problem).strip()}\nIs it running, and are DATABASE_URL and DATABASE_OWNER_URL right?")
        return 1
    return 0


def prepare(*, demo: bool) -> None:
    """Migrates and grants as the owner, then loads as the application. Raises what the steps raise."""
    application = required("DATABASE_URL", remedy="set it to the address of the application's role")
    owner = become_owner()
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    grant_to_application(owner=owner, application=application)
    connection.close()
    connection.settings_dict.update(connection_settings(application, name="DATABASE_URL"))
    for command in (*ALWAYS, *(DEMO if demo else CLINIC)):
        with acting(System(command)):
            call_command(command)


def become_owner() -> str:
    """Makes this process connect as the owner of the tables; call before Django reads its settings. Returns the owner's address.

    Raises ImproperlyConfigured when `DATABASE_OWNER_URL` is not set.
    """
    owner = required("DATABASE_OWNER_URL", remedy=OWNER_REMEDY)
    os.environ["DATABASE_URL"] = owner
    return owner


def grant_to_application(*, owner: str, application: str) -> None:
    """Gives the role in address `application` its rights, connected as `owner`."""
    given = connection_settings(application, name="DATABASE_URL")
    plain = psycopg2.connect(owner)
    try:
        roles.ensure(plain, application=given["USER"], password=given["PASSWORD"])
        roles.grant(plain, application=given["USER"])
    finally:
        plain.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
