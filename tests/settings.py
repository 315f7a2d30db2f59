"""The product's settings, with the services of this test run. Nothing of the person's own environment is used."""

import os
import secrets
from pathlib import Path

from calcinosis_app.runtime.local import addresses

# The services are started by the first test that needs them; where they will be found is settled now.
FOLDER = Path("/tmp") / f"calcinosis-tests-{secrets.token_hex(4)}"
SOCKETS = FOLDER / "run"
ADDRESSES = addresses(SOCKETS, owner="postgres")

os.environ["CALCINOSIS_DEMO"] = "1"
os.environ["CALCINOSIS_SECRET_KEY"] = "for tests only"
os.environ["DATABASE_OWNER_URL"] = ADDRESSES.owner
os.environ["DATABASE_URL"] = ADDRESSES.owner
os.environ["BROKER_URL"] = ADDRESSES.broker
# Playwright's loop runs in the thread of the tests; without this Django refuses every query after the first page.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from calcinosis_app.settings import *  # noqa: E402, F403
