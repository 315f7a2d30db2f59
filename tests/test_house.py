"""The house rules that a program can check: style, types, and which floor may know which."""

import os
import subprocess
import sys
from pathlib import Path

from calcinosis_app.runtime.state import ROOT

PROGRAMS = Path(sys.executable).parent


def run(*command: str) -> None:
    done = subprocess.run(
        [PROGRAMS / command[0], *command[1:]], cwd=ROOT, env={**os.environ, "NO_COLOR": "1"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_style() -> None:
    run("ruff", "check", ".")


def test_types() -> None:
    run("mypy")


def test_each_floor_imports_only_what_stands_below_it() -> None:
    run("lint-imports")


def test_product_and_tests_are_locked_to_the_same_versions() -> None:
    product, tests = (pins(ROOT / name) for name in ("requirements.txt", "requirements-dev.txt"))
    assert product <= tests, f"only in requirements.txt: {sorted(product - tests)}"


def test_every_package_is_locked_with_a_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert text.count("==") <= text.count("--hash=sha256:")
        assert "http" not in text, f"{name} names an address; packages come from the person's own index"


def pins(lock: Path) -> set[str]:
    return {line.split(";")[0].rstrip(" \\").strip() for line in lock.read_text().splitlines() if "==" in line and not line.startswith(" ")}
