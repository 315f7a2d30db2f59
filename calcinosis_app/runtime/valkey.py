"""A Valkey server of our own, as a child process: the broker between the pages, the beat and the worker.

It keeps nothing on disk. What must not be lost is a row in PostgreSQL; a message is only a doorbell.
"""

import importlib.metadata
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from calcinosis_app.runtime import processes
from calcinosis_app.runtime.processes import RuntimeProblem
from calcinosis_app.runtime.programs import Broker, brokers_installed
from calcinosis_app.runtime.state import State

SOCKET = "valkey.sock"
START_PATIENCE_SECONDS = 20
STOP_PATIENCE_SECONDS = 5


def program(state: State) -> Path:
    """The first installed server program. Raises RuntimeProblem when there is none."""
    one = next(brokers_installed(), None)
    if one is None:
        raise RuntimeProblem(
            "There is no Valkey for this kind of machine in the installed packages: install valkey-server, or set BROKER_URL to a server."
        )
    return one.program if not one.name or state.account is None else _copy_for_service(one, state)


def _copy_for_service(one: Broker, state: State) -> Path:
    copy = state.folder / "software" / f"valkey-server-{importlib.metadata.version(one.name)}"
    if not copy.exists():
        copy.parent.mkdir(exist_ok=True)
        copy.parent.chmod(0o755)
        unfinished = copy.with_suffix(".unfinished")
        shutil.copyfile(one.program, unfinished)
        unfinished.chmod(0o755)
        unfinished.rename(copy)
    return copy


@contextmanager
def running(state: State, sockets: Path) -> Iterator[None]:
    """A server reachable only through its socket in `sockets`, until the block ends. Raises RuntimeProblem when it does not start."""
    path = sockets / SOCKET
    path.unlink(missing_ok=True)
    command = [str(program(state)), "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"]
    command += ["--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", str(sockets)]
    log = state.logs / "valkey.log"
    with log.open("a") as output:
        server = processes.start(command, output=output, account=state.account)
    try:
        _wait_until_ready(server, path, log)
        yield
    finally:
        processes.stop([server], signal.SIGTERM, patience=STOP_PATIENCE_SECONDS)


def _wait_until_ready(server: "subprocess.Popen[bytes]", path: Path, log: Path) -> None:
    deadline = time.monotonic() + START_PATIENCE_SECONDS
    while not _answers(path):
        if server.poll() is not None or time.monotonic() > deadline:
            last = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
            raise RuntimeProblem(f"Valkey did not start. The end of {log}:\n{last}")
        time.sleep(0.02)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
