"""State folders and running installations for the tests of the runtime."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.runtime.running import Up, short_folder


@pytest.fixture
def state() -> Iterator[Path]:
    """An empty state folder."""
    folder = short_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def behind_proxy() -> Iterator[Up]:
    """An empty installation as a hospital runs it, `clinic.example`, with logs as JSON: for tests that only look at it."""
    folder = short_folder()
    settings = {"CALCINOSIS_ALLOWED_HOSTS": "clinic.example", "CALCINOSIS_BEHIND_PROXY": "1", "CALCINOSIS_LOGS": "json"}
    running = Up("--state", str(folder), "--no-demo", environment=settings)
    yield running
    running.close()
    shutil.rmtree(folder)


@pytest.fixture
def up(state: Path) -> Iterator[Callable[..., Up]]:
    """Starts `manage.py up` on the state folder, with further arguments; stops it when the test is over."""
    started: list[Up] = []

    def start(*arguments: str, **environment: str) -> Up:
        started.append(Up("--state", str(state), *arguments, environment=environment))
        return started[-1]

    yield start
    for one in started:
        one.close()
