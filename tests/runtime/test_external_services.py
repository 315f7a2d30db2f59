"""`up` on servers that others run: nothing is started here but the product itself."""

import signal

from calcinosis_app.runtime import postgres, roles
from calcinosis_app.runtime.local import addresses
from calcinosis_app.runtime.state import Addresses
from tests import settings as test_settings
from tests.runtime.running import Up, manage, surroundings


def test_given_servers_are_used_and_none_is_started(services: Addresses) -> None:
    superuser = postgres.connect(test_settings.SOCKETS)
    roles.create(superuser, database="hospital")
    superuser.close()
    found = addresses(test_settings.SOCKETS, database="hospital")
    given = {"DATABASE_OWNER_URL": found.owner, "DATABASE_URL": found.database, "BROKER_URL": found.broker}

    without_key = manage("up", "--no-demo", "--port", "0", **given)
    assert without_key.returncode == 1
    assert "CALCINOSIS_SECRET_KEY is not set" in without_key.stderr

    running = Up("--no-demo", environment=surroundings(**given, CALCINOSIS_SECRET_KEY="a hospital's own long random text"))
    try:
        running.address()
        names = " ".join(" ".join(process.cmdline()) for process in running.family())
        assert "gunicorn" in names
        assert "valkey-server" not in names
        assert "pginstall" not in names
        assert running.end(signal.SIGTERM) == 0, running.problems()
    finally:
        running.close()
