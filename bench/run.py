"""Runs every measurement and writes bench/RESULTS.md.

    python3 -m bench

The peers are installed into an environment of their own under .build/, which git ignores; nothing of them
is needed by the product. Each section runs in a process of its own, ours and the peers' in turns
inside one process.
"""

import json
import os
import subprocess
import sys
import venv
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.page import machine

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".build" / "bench-venv"
RESULTS = ROOT / "bench" / "RESULTS.md"
PEERS = ("zen-engine==2.1.3", "z3-solver==5.4.0.0")

SECTIONS = (
    "bench.tables",
    "bench.growth",
    "bench.verification",
    "bench.release_verification",
    "bench.assessments",
    "bench.impact",
)
"""The page, section by section. `python -m SECTION` prints what it measured as one JSON object, and
`report(found)` in the same module says it in the page's words."""


def main() -> None:
    python = peer_python()
    page = [*_head()]
    for section in SECTIONS:
        print(f"measuring {section.removeprefix('bench.')} ...", flush=True)
        page += [*import_module(section).report(measure(python, section)), ""]
    RESULTS.write_text("\n".join(page[:-1]) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


def peer_python() -> Path:
    """A Python that has the peers; made on the first run."""
    python = ENVIRONMENT / "bin" / "python"
    marker = ENVIRONMENT / " ".join(PEERS)
    if not marker.exists():
        print(f"installing {' and '.join(PEERS)} into {ENVIRONMENT.relative_to(ROOT)} ...", flush=True)
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEERS], check=True)
        marker.touch()
    return python


def measure(python: Path, section: str) -> dict[str, Any]:
    """What the section prints. Its Python sees this repository and the peers, nothing else."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
    done = subprocess.run([python, "-m", section], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _head() -> list[str]:
    return [
        "# Results",
        "",
        "Written by `python3 -m bench`. Medians of interleaved runs. Where the machine was shared, trust the ratios more than the rates.",
        "",
        f"- {datetime.now(UTC):%Y-%m-%d}, {machine()}",
        f"- {', '.join(PEERS).replace('==', ' ')}",
        "",
    ]


if __name__ == "__main__":
    sys.exit(main())
