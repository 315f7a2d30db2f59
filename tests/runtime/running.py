"""Runs `manage.py` as a person would: as a program of its own."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import psutil

from calcinosis_app.runtime.state import ROOT

PATIENCE_SECONDS = 90
# What the test run itself was given must not reach the product that it starts.
OURS = ("CALCINOSIS_", "DATABASE_", "BROKER_URL", "DJANGO_", "PYTEST_")


def surroundings(**added: str) -> dict[str, str]:
    """The environment of somebody who has set nothing, but for `added`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, **added}


def manage(*arguments: str, **added: str) -> "subprocess.CompletedProcess[str]":
    """Runs one command of `manage.py` to its end."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(
        command, env=surroundings(**added), capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=PATIENCE_SECONDS, check=False
    )


class Up:
    """A running `manage.py up`."""

    def __init__(self, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        self.said: IO[str] = tempfile.TemporaryFile("w+")  # noqa: SIM115 (closed by close)
        self.complaints: IO[str] = tempfile.TemporaryFile("w+")  # noqa: SIM115
        command = [sys.executable, str(ROOT / "manage.py"), "up", "--port", "0", *arguments]
        self.process = subprocess.Popen(
            command, env=surroundings(**(environment or {})), stdin=subprocess.DEVNULL, stdout=self.said, stderr=self.complaints
        )

    def output(self) -> str:
        """What it said on standard output so far."""
        self.said.seek(0)
        return self.said.read()

    def problems(self) -> str:
        """What it said on standard error so far."""
        self.complaints.seek(0)
        return self.complaints.read()

    def address(self) -> str:
        """The address it prints when everything runs. Waits for it."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while "Stop with Ctrl-C" not in self.output():
            assert self.process.poll() is None, f"`up` ended early:\n{self.problems()}"
            assert time.monotonic() < deadline, f"`up` did not get ready:\n{self.problems()}"
            time.sleep(0.05)
        found = re.search(r"http://\S+", self.output())
        assert found is not None, self.output()
        return found[0]

    def family(self) -> list[psutil.Process]:
        """The process and all its descendants."""
        us = psutil.Process(self.process.pid)
        return [us, *us.children(recursive=True)]

    def end(self, how: int) -> int:
        """Sends a signal, waits, and returns the exit code."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE_SECONDS)

    def close(self) -> None:
        """Leaves nothing behind, whatever the test did."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE_SECONDS)
        self.said.close()
        self.complaints.close()


def alive(family: list[psutil.Process], *, patience: float) -> list[psutil.Process]:
    """Those of `family` that still run after `patience` seconds."""
    _, left = psutil.wait_procs(family, timeout=patience)
    return left


def short_folder() -> Path:
    """A folder that the services' user can reach; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="calcinosis-test-", dir="/tmp"))
    folder.chmod(0o755)
    return folder
