"""Writes and reads release 1 in each form that people take it away in.

`python3 -m bench exchange` needs the product's own environment. Each time is the median of a few runs in one process.
"""

import os
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench.page import grid, machine
from clinical_rules.exchange import FORMATS, read, write
from clinical_rules.exchange.to_book import to_book
from clinical_rules.release import load

RESULTS = Path(__file__).resolve().parent / "EXCHANGE.md"
RUNS = 5


def main() -> None:
    release = load()
    sheets = to_book(release.content).sheets
    cells = sum(cell is not None for sheet in sheets for row in sheet.rows.values() for cell in row)
    forms = []
    for form in FORMATS:
        data, writing = timed(lambda form=form: write(release.content, form))
        back, reading = timed(lambda form=form, data=data: read(data, form))
        assert back == release.content
        forms.append((form.upper(), f"{len(data) / 1000:,.0f} kB", f"{writing:.2f} s", f"{reading:.2f} s"))
    rows = sum(len(sheet.rows) for sheet in sheets)
    lines = [
        "# A release in files",
        "",
        f"Written by `python3 -m bench exchange`. Median of {RUNS} runs.",
        "",
        f"- {datetime.now(UTC):%Y-%m-%d}, {machine()}, load {os.getloadavg()[0]:.1f}",
        f"- release {release.number}: {len(sheets)} sheets, {rows:,} rows, {cells:,} cells that hold something",
        "",
        *grid(("form", "size", "write", "read"), forms),
        "",
        "Writing includes reading the sheets back before they become a file, so that nothing is lost without a word.",
        f"Memory: at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000} MB.",
    ]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What it gives, and how long it takes, in seconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - start)
    return found, median(times)


if __name__ == "__main__":
    main()
