"""The supervisor behind `python3 manage.py up`: starts everything in order, watches it, and stops it in the reverse order."""

import argparse
import contextlib
import http.client
import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from calcinosis_app.runtime import processes
from calcinosis_app.runtime.local import services
from calcinosis_app.runtime.prepare import OWNER_REMEDY
from calcinosis_app.runtime.processes import RuntimeProblem
from calcinosis_app.runtime.state import ROOT, State, default_folder
from calcinosis_app.runtime.terminal import answer, say

THREADS = 8
HIGHEST_PORT = 65535
READY_PATIENCE_SECONDS = 90
STOP_PATIENCE_SECONDS = 10
GLANCE_SECONDS = 0.1
EXTERNAL = ("DATABASE_URL", "BROKER_URL")


class StopAsked(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


@dataclass
class Watch:
    """Notes a signal that asks us to stop. Nothing is interrupted half-way: whoever waits, looks here."""

    asked: bool = False

    def begin(self) -> None:
        """Takes over the signals. Called before the first child exists, so that none can be left behind."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.asked = True

    def glance(self) -> None:
        """Waits a moment. Raises StopAsked when somebody asked."""
        if self.asked:
            raise StopAsked
        time.sleep(GLANCE_SECONDS)


def main(argv: list[str]) -> int:
    """Runs the product until it is told to stop. Returns the exit code."""
    options = read(argv)
    watch = Watch()
    watch.begin()
    try:
        supervise(options, watch)
    except StopAsked:
        say("Stopped.")
        return 0
    except RuntimeProblem as problem:
        say(str(problem))
        return 1
    return 0


def read(argv: list[str]) -> argparse.Namespace:
    """The options of `up`."""
    parser = argparse.ArgumentParser(prog="manage.py up", description="Starts Calcinosis: database, broker, web server, worker and beat.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on; 0 takes a free one (default: 8000)")
    parser.add_argument("--state", type=Path, default=None, metavar="DIR", help="folder that keeps the data between runs")
    parser.add_argument("--no-demo", dest="demo", action="store_false", help="begin empty, without the demo clinic")
    options = parser.parse_args(argv)
    if not 0 <= options.port <= HIGHEST_PORT:
        parser.error(f"argument --port: {options.port} is no port: choose one from 0 to {HIGHEST_PORT}")
    return options


def supervise(options: argparse.Namespace, watch: Watch) -> None:
    """Starts everything and waits. Raises StopAsked when told to stop, RuntimeProblem when something fails."""
    began = time.monotonic()
    check_demo(demo=options.demo, environment=os.environ)
    with listening(options.host, options.port) as door, contextlib.ExitStack() as stack:
        environment = stack.enter_context(surroundings(options, watch))
        environment.setdefault("CALCINOSIS_ALLOWED_HOSTS", ",".join(names(options.host)))
        environment.setdefault("CALCINOSIS_ADDRESS", local_address(options.host, door.getsockname()[1]))
        told = prepare(environment, demo=options.demo, watch=watch)
        children = start(environment, door)
        stack.callback(stop, children)
        address = f"http://{_printable(options.host)}:{door.getsockname()[1]}/"
        wait_until_ready(door, environment["CALCINOSIS_ALLOWED_HOSTS"].split(",")[0].strip(" .*") or "localhost", children, watch)
        say(f"Ready after {time.monotonic() - began:.1f} s.")
        answer(welcome(address, told, options))
        while True:
            check(children)
            watch.glance()


def names(host: str) -> list[str]:
    """The names under which the server answers when CALCINOSIS_ALLOWED_HOSTS does not say."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 (compared, not bound)
        say("Only this machine may use it until CALCINOSIS_ALLOWED_HOSTS lists the names by which others reach it.")
    return list(dict.fromkeys(("localhost", "127.0.0.1", "[::1]", _printable(host))))


def check_demo(*, demo: bool, environment: Mapping[str, str]) -> None:
    """Raises RuntimeProblem when invented people would be loaded into a server's database without being asked for by name."""
    if demo and environment.get("DATABASE_URL") and environment.get("CALCINOSIS_DEMO") != "1":
        raise RuntimeProblem(
            "DATABASE_URL is set, and `up` would load a demo clinic into that database: "
            "say --no-demo, or set CALCINOSIS_DEMO=1 if invented people are what you want there."
        )


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Reserves the port before anything is started. Raises RuntimeProblem when it is taken."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise RuntimeProblem(f"--host {host} is not an address of this machine: use 127.0.0.1 or 0.0.0.0.") from error
    with socket.socket(family, kind, protocol) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(where)
        except (OSError, OverflowError) as error:
            raise RuntimeProblem(
                f"Port {port} on {host} cannot be used ({getattr(error, 'strerror', None) or error}): "
                f"stop what uses it, or choose another, for example --port {port + 1 if port < 65535 else 8000}"
            ) from error
        yield door


@contextlib.contextmanager
def surroundings(options: argparse.Namespace, watch: Watch) -> Iterator[dict[str, str]]:
    """The environment of our children. Starts PostgreSQL and Valkey unless both have an address already."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "calcinosis_app.settings", "PYTHONUNBUFFERED": "1"}
    environment["CALCINOSIS_DEMO"] = "1" if options.demo else "0"
    given = [name for name in EXTERNAL if environment.get(name)]
    if len(given) == len(EXTERNAL):
        if not environment.get("DATABASE_OWNER_URL"):
            raise RuntimeProblem(f"DATABASE_OWNER_URL is not set: {OWNER_REMEDY}.")
        yield environment
        return
    if given:
        missing = next(name for name in EXTERNAL if name not in given)
        raise RuntimeProblem(f"{given[0]} is set and {missing} is not: set both to use your own servers, or neither to have both started.")
    state = State(options.state or default_folder())
    with state.claim() as ours:
        if not ours:
            raise RuntimeProblem(f"Another process uses the data in {state.folder}: stop it first, or choose another with --state DIR.")
        state.hold_kind("demo" if options.demo else "clinic")
        say(f"Starting PostgreSQL and Valkey; the data is kept in {state.folder} ...")
        with services(state) as found:
            if watch.asked:
                raise StopAsked
            environment.setdefault("CALCINOSIS_SECRET_KEY", state.secret_key())
            environment.update(DATABASE_OWNER_URL=found.owner, DATABASE_URL=found.database, BROKER_URL=found.broker)
            environment["CALCINOSIS_STATE"] = str(state.folder)
            yield environment


def prepare(environment: Mapping[str, str], *, demo: bool, watch: Watch) -> str:
    """Brings the database up to date, in a child. Returns what that said to the person."""
    say("Preparing the database ...")
    command = [sys.executable, "-m", "calcinosis_app.runtime.prepare", *(["--demo"] if demo else [])]
    with tempfile.TemporaryFile("w+") as told:
        child = processes.start(command, answers=told, environment=environment, cwd=ROOT, on_death=signal.SIGKILL)
        try:
            while child.poll() is None:
                watch.glance()
        finally:
            processes.stop([child], signal.SIGTERM, patience=STOP_PATIENCE_SECONDS)
        if child.returncode != 0:
            raise RuntimeProblem("The database could not be prepared; the reason stands above.")
        told.seek(0)
        return told.read().strip()


def start(environment: Mapping[str, str], door: socket.socket) -> "dict[str, subprocess.Popen[bytes]]":
    """Starts the web server, one worker and beat. Each dies with us, however we die."""
    web = ["-m", "gunicorn", "calcinosis_app.wsgi", f"--bind=fd://{door.fileno()}", f"--threads={THREADS}", "--worker-class=gthread"]
    web += ["--graceful-timeout=5", "--no-control-socket", "--log-level=warning"]
    celery = ["-m", "celery", "--quiet", "--app=calcinosis_app"]
    worker = [*celery, "worker", "--pool=solo", "--without-gossip", "--without-mingle", "--loglevel=WARNING"]
    beat = [*celery, "beat", "--scheduler=celery.beat:Scheduler", "--pidfile=", "--loglevel=WARNING"]
    # Local worker, local data: the person who started us as root knows it.
    unwarned = {**environment, "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
    return {
        "web server": processes.start([sys.executable, *web], environment=environment, cwd=ROOT, keep=[door.fileno()]),
        "worker": processes.start([sys.executable, *worker], environment=unwarned, cwd=ROOT, on_death=signal.SIGKILL),
        "beat": processes.start([sys.executable, *beat], environment=environment, cwd=ROOT, on_death=signal.SIGKILL),
    }


def stop(children: "Mapping[str, subprocess.Popen[bytes]]") -> None:
    """Stops the children, all at once; a task in hand is finished first."""
    say("Stopping ...")
    processes.stop(list(children.values()), signal.SIGTERM, patience=STOP_PATIENCE_SECONDS)


def check(children: "Mapping[str, subprocess.Popen[bytes]]") -> None:
    """Raises RuntimeProblem when a child has ended on its own."""
    for name, child in children.items():
        if child.poll() is not None:
            raise RuntimeProblem(f"The {name} ended by itself with exit code {child.returncode}; its last words stand above.")


def wait_until_ready(door: socket.socket, host: str, children: "Mapping[str, subprocess.Popen[bytes]]", watch: Watch) -> None:
    """Waits until the server says, under the name `host`, that database and broker answer.

    Raises RuntimeProblem when it does not within a minute and a half.
    """
    address, port = door.getsockname()[:2]
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104 (compared, not bound)
    deadline = time.monotonic() + READY_PATIENCE_SECONDS
    while True:
        check(children)
        found = ask_health(reachable, port, host)
        if found == "200":
            return
        if time.monotonic() > deadline:
            raise RuntimeProblem(f"The web server is not ready: /healthz says {found}.")
        watch.glance()


def ask_health(address: str, port: int, host: str) -> str:
    """The status with which the server answers at /healthz, or why it does not."""
    client = http.client.HTTPConnection(address, port, timeout=5)
    try:
        client.request("GET", "/healthz", headers={"Host": host})
        return str(client.getresponse().status)
    except (OSError, http.client.HTTPException) as error:
        return str(error)
    finally:
        client.close()


def welcome(address: str, told: str, options: argparse.Namespace) -> str:
    """What the person needs to go on."""
    lines = [f"Calcinosis is running at {address}"]
    if options.demo:
        lines += ["This is a demo: every person in it is invented.", told]
    else:
        where = (
            f"CALCINOSIS_STATE={shlex.quote(str(options.state.resolve()))} " if options.state and not os.environ.get("DATABASE_URL") else ""
        )
        lines += [told] if told else []
        if "first administrator" in told:  # nobody can let others in yet
            lines += ["or create one from another terminal:", f"  {where}python3 manage.py create_administrator"]
    return "\n".join([*lines, "Stop with Ctrl-C."])


def local_address(host: str, port: int) -> str:
    """How one-time links begin when CALCINOSIS_ADDRESS does not say. Passkeys need a name, and 127.0.0.1 is none."""
    return f"http://{'localhost' if host == '127.0.0.1' else _printable(host)}:{port}"


def _printable(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 (shown, not bound)
        return "localhost"
    return f"[{host}]" if ":" in host else host
