"""Django's commands, on the configured database or on the local one, which is started for them when it is not running."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from calcinosis_app.audit.actors import System
from calcinosis_app.core.acting import acting
from calcinosis_app.runtime import prepare
from calcinosis_app.runtime.local import services
from calcinosis_app.runtime.processes import RuntimeProblem
from calcinosis_app.runtime.state import Addresses, State, default_folder
from calcinosis_app.runtime.terminal import say

# These look at the code only.
NO_DATABASE = frozenset({"help", "--help", "-h", "version", "--version", "check", "diffsettings", "makemigrations", "spectacular"})
# These change the schema, empty tables, or remove what the application may not: the owner's work.
BY_OWNER = frozenset({"migrate", "flush", "sqlflush", "remove_records"})


def main(argv: list[str]) -> int:
    """Runs the Django command `argv`. Returns the exit code."""
    command = argv[0] if argv else "help"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calcinosis_app.settings")
    try:
        with surroundings(command):
            application = os.environ.get("DATABASE_URL", "")
            owner = prepare.become_owner() if command in BY_OWNER else ""
            with nullcontext() if command in BY_OWNER | NO_DATABASE else acting(System(command)):
                execute_from_command_line(["manage.py", *argv])
            if command == "migrate":
                prepare.grant_to_application(owner=owner, application=application)
    except (RuntimeProblem, ImproperlyConfigured) as problem:
        say(str(problem))
        return 1
    return 0


@contextmanager
def surroundings(command: str) -> Iterator[None]:
    """Sets the environment in which `command` finds its database, and starts a local one when that is needed."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    if command in NO_DATABASE:
        os.environ.setdefault("CALCINOSIS_SECRET_KEY", "looks at the code only")
        yield
        return
    state = State(default_folder())
    with state.claim() as ours:
        if not ours:
            use(state, state.announced())
            yield
            return
        with services(state) as found:
            use(state, found)
            yield


def use(state: State, found: Addresses) -> None:
    """Points this process, and its children, at a local installation."""
    os.environ["DATABASE_OWNER_URL"] = found.owner
    os.environ["DATABASE_URL"] = found.database
    os.environ.setdefault("BROKER_URL", found.broker)
    os.environ.setdefault("CALCINOSIS_SECRET_KEY", state.secret_key())
