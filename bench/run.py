"""Runs every measurement and writes bench/RESULTS.md.

    python3 -m bench

The peer is installed into an environment of its own under .build/, which git ignores; nothing of it
is needed by the product. Each measurement runs in a process of its own, ours and the peer's in
turns inside one process.
"""

import json
import os
import platform
import subprocess
import sys
import venv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".build" / "bench-venv"
RESULTS = ROOT / "bench" / "RESULTS.md"
PEER = "zen-engine==2.1.3"


def main() -> None:
    python = peer_python()
    print("measuring tables beside zen-engine ...", flush=True)
    tables = measure(python, "bench.tables")
    print("measuring whole assessments ...", flush=True)
    assessments = measure(python, "bench.assessments")
    RESULTS.write_text(report(tables, assessments), encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


def peer_python() -> Path:
    """A Python that has the peer; made on the first run."""
    python = ENVIRONMENT / "bin" / "python"
    marker = ENVIRONMENT / PEER
    if not marker.exists():
        print(f"installing {PEER} into {ENVIRONMENT.relative_to(ROOT)} ...", flush=True)
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PEER], check=True)
        marker.touch()
    return python


def measure(python: Path, module: str) -> dict[str, Any]:
    """What the module prints. Its Python sees this repository and the peer, nothing else."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
    done = subprocess.run([python, "-m", module], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def report(tables: dict[str, Any], assessments: dict[str, Any]) -> str:
    """The results as a page."""
    return "\n".join((*_head(tables), *_of_tables(tables), *_of_assessments(assessments))) + "\n"


def _head(tables: dict[str, Any]) -> list[str]:
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores ({processor()})"
    return [
        "# Results",
        "",
        "Written by `python3 -m bench`. Medians of interleaved runs. Where the machine was shared, trust the ratios more than the rates.",
        "",
        f"- {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {machine}",
        f"- zen-engine {tables['peer']}",
        "",
    ]


def _of_tables(tables: dict[str, Any]) -> list[str]:
    peer = tables["figures"]["zen-engine, decision and trace"]
    ours = tables["figures"]["calcinosis, decision and explanation"]
    rate, typical = ours["per_second"] / peer["per_second"], peer["p50"] / ours["p50"]
    return [
        "## One table decision, 200 rows x 60 facts, 30 % of the facts missing",
        "",
        f"{tables['patients']} patients a run, {tables['runs']} runs in turns.",
        "",
        *_rows(tables["figures"]),
        "",
        f"Decision and explanation: {rate:.1f} times the rate of zen-engine with trace, {typical:.1f} times at p50.",
        "",
        "Explanation is every test, with its truth, of each row that fired or is open, read out; the trace names the one matched row.",
        f"zen-engine takes a missing fact as failing every test: {tables['open']} of the {tables['patients']} patients are in truth open.",
        f"Where everything is known the two agree on {tables['agree']} of {tables['patients']} patients.",
        "",
    ]


def _of_assessments(assessments: dict[str, Any]) -> list[str]:
    title = ["## One whole assessment of release 1", ""]
    if not assessments["figures"]:
        return [*title, "Not measured: the release holds no cases."]
    cases, release, runs = assessments["cases"], assessments["release"], assessments["runs"]
    loading = f"Loading and compiling the release: {assessments['load_ms']:.0f} ms, once."
    return [
        *title,
        f"The {cases} case files of release {release}, {runs} runs. {loading}",
        "",
        *_rows(assessments["figures"]),
    ]


def _rows(figures: dict[str, dict[str, float]]) -> list[str]:
    return [
        "| what | per second | p50 µs | p99 µs |",
        "|---|---|---|---|",
        *(f"| {name} | {one['per_second']:,.0f} | {one['p50']:,.0f} | {one['p99']:,.0f} |" for name, one in figures.items()),
    ]


def processor() -> str:
    """The processor's name, where the system tells it."""
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        for line in listed.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


if __name__ == "__main__":
    sys.exit(main())
