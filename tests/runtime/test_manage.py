"""The door: what `manage.py` does before anything is installed."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import manage
from calcinosis_app.runtime.state import ROOT
from tests.runtime.running import alive, surroundings

# With its version: another Python may stand beside it under the short name.
BARE_PYTHON = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh copy of what the rule commands need, and nothing else: no `.venv`, no Django side."""
    shutil.copy(ROOT / "manage.py", tmp_path)
    shutil.copytree(ROOT / "clinical_rules", tmp_path / "clinical_rules", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_the_rules_alone_need_nothing_but_python(checkout: Path) -> None:
    # -S: without any installed package.
    command = [BARE_PYTHON, "-S", checkout / "manage.py", "facts", "--json"]
    done = subprocess.run(command, env=surroundings(), cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)
    assert not (checkout / ".venv").exists()


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A finished `.venv` as far as `manage.py` can tell."""
    folder = tmp_path / ".venv"
    folder.mkdir()
    monkeypatch.setattr(manage, "STAMP", folder / "installed.json")
    return folder


def note(folder: Path, **installed: str) -> None:
    (folder / "installed.json").write_text(json.dumps({"python": manage.python_name(), **installed}))


def test_what_is_installed_is_not_installed_again(venv: Path) -> None:
    note(venv, product="a", tests="b")
    assert manage.installed("product", {"product": "a", "tests": "b"})
    assert manage.installed("tests", {"product": "a", "tests": "b"})


def test_what_the_tests_need_is_not_there_after_up(venv: Path) -> None:
    note(venv, product="a")
    assert manage.installed("product", {"product": "a", "tests": "b"})
    assert not manage.installed("tests", {"product": "a", "tests": "b"})


def test_a_changed_lock_or_another_python_installs_anew(venv: Path) -> None:
    note(venv, product="a")
    assert not manage.installed("product", {"product": "changed", "tests": "b"})
    note(venv, product="a", python="CPython 3.9 x86_64")
    assert not manage.installed("product", {"product": "a", "tests": "b"})


def test_an_unfinished_installation_is_not_trusted(venv: Path) -> None:
    assert not manage.installed("product", {"product": "a", "tests": "b"})
    (venv / "installed.json").write_text("{")
    assert not manage.installed("product", {"product": "a", "tests": "b"})


def test_an_old_python_is_told_which_one_is_needed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    assert manage.main(["up"]) == 1
    assert "needs 3.11 or newer" in capsys.readouterr().err


# --- an installation that is broken off -----------------------------------------------------------
@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout on which nothing was installed yet, and nothing will be: its lock file is empty."""
    shutil.copy(ROOT / "manage.py", tmp_path)
    for name in manage.LOCKS.values():
        (tmp_path / name).write_text("")
    return tmp_path


def making(bare: Path) -> tuple["subprocess.Popen[bytes]", list[psutil.Process]]:
    """`manage.py` in the middle of making `.venv`, and the family of processes that do it."""
    door = subprocess.Popen([BARE_PYTHON, bare / "manage.py", "help"], env=surroundings(), stderr=subprocess.DEVNULL)
    us = psutil.Process(door.pid)
    deadline = time.monotonic() + 60
    while True:
        family = us.children(recursive=True)
        if any("ensurepip" in " ".join(one.cmdline()) for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE):
            return door, family
        assert door.poll() is None, "it was finished before it could be broken off"
        assert time.monotonic() < deadline


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_of_an_installation_that_is_broken_off(bare: Path, how: signal.Signals) -> None:
    door, family = making(bare)
    assert len(family) >= 2
    door.send_signal(how)
    door.wait(20)
    assert alive(family, patience=2) == []
    assert not (bare / ".venv" / "installed.json").exists(), "so the next start begins anew"
