"""The pieces from which every section of bench/RESULTS.md is made."""

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path


def timed(figures: Mapping[str, Mapping[str, float]]) -> list[str]:
    """One line for each thing that was timed: its rate, and its p50 and p99 in microseconds."""
    return grid(
        ("what", "per second", "p50 µs", "p99 µs"),
        ((name, f"{one['per_second']:,.0f}", f"{one['p50']:,.0f}", f"{one['p99']:,.0f}") for name, one in figures.items()),
    )


def grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table of the page."""
    return [_line(head), _line(["---"] * len(head)), *map(_line, rows)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def machine() -> str:
    """Python and the machine that was measured."""
    return f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores ({processor()})"


def processor() -> str:
    """The processor's name, where the system tells it."""
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        for line in listed.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"
