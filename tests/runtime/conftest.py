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
