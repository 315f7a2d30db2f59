"""The house rules that a program can check: style, types, and which floor may know which."""

import ast
import os
import re
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


def test_the_rules_import_nothing_but_the_standard_library() -> None:
    exchange = ROOT / "clinical_rules" / "exchange"
    for path in (ROOT / "clinical_rules").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            allowed = {"clinical_rules", "openpyxl"} if exchange in path.parents else {"clinical_rules"}
            foreign = {name.partition(".")[0] for name in names} - sys.stdlib_module_names - allowed
            assert not foreign, f"{path.relative_to(ROOT)} imports {', '.join(sorted(foreign))}"


def test_product_and_tests_are_locked_to_the_same_versions() -> None:
    product, tests = (pins(ROOT / name) for name in ("requirements.txt", "requirements-dev.txt"))
    assert product <= tests, f"only in requirements.txt: {sorted(product - tests)}"


def test_every_package_is_locked_with_a_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        packages = re.split(r"\n(?=[A-Za-z0-9])", text)
        unlocked = [one.splitlines()[0] for one in packages if "==" in one and "--hash=sha256:" not in one]
        assert not unlocked, f"{name}: no hash for {', '.join(unlocked)}"
        assert "http" not in text, f"{name} names an address; packages come from the person's own index"


def test_decisions_are_numbered_one_by_one() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    for number, path in enumerate(decisions, 1):
        assert path.name.startswith(f"{number:04}-"), f"{path.name}: the next number is {number}"
        assert path.read_text().startswith(f"# {number}. "), f"{path.name}: its heading says another number"


def test_every_page_of_the_documentation_is_named_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    for folder in ("docs", "docs/how-to"):
        for path in (ROOT / folder).glob("*.md"):
            assert f"{folder}/{path.name})" in readme, f"README.md does not lead to {folder}/{path.name}"


def test_whatever_the_type_checker_passes_over_has_a_reason() -> None:
    for folder in ("calcinosis_app", "clinical_rules"):
        for path in (ROOT / folder).rglob("*.py"):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                ignored = re.search(r"# type: ignore\[[a-z,-]+\](  # \w)?", line)
                assert ignored is None or ignored[1], f"{path.relative_to(ROOT)}:{number} does not say why"


def pins(lock: Path) -> set[str]:
    return {line.split(";")[0].rstrip(" \\").strip() for line in lock.read_text().splitlines() if "==" in line and not line.startswith(" ")}
