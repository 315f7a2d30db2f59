"""Verifies release 1 with its statements; run by `bench.run`.

Prints one JSON object.
"""

import json
import time
from statistics import median
from typing import Any

from clinical_rules.release import load
from clinical_rules.verification import check_statements, find_in_release

RUNS = 5
WANTED = 5.0


def main() -> None:
    release = load()
    spent: dict[str, list[float]] = {"its statements": [], "its tables, rows and facts": []}
    results, findings = check_statements(release), find_in_release(release)  # warms up
    for _ in range(RUNS):
        start = time.perf_counter()
        results = check_statements(release)
        between = time.perf_counter()
        findings = find_in_release(release)
        spent["its statements"].append(between - start)
        spent["its tables, rows and facts"].append(time.perf_counter() - between)
    print(
        json.dumps(
            {
                "seconds": {name: median(some) for name, some in spent.items()},
                "verdicts": {verdict: sum(one.verdict == verdict for one in results) for verdict in ("proved", "refuted", "not_proved")},
                "steps": sum(one.steps for one in results),
                "findings": len(findings),
                "runs": RUNS,
                "release": release.number,
            }
        )
    )


def report(found: dict[str, Any]) -> list[str]:
    """The section of the page."""
    seconds, verdicts = found["seconds"], found["verdicts"]
    whole = sum(seconds.values())
    parts = "; ".join(f"{name} {spent:.2f} s" for name, spent in seconds.items())
    said = ", ".join(f"{count} {verdict.replace('_', ' ')}" for verdict, count in verdicts.items() if count)
    return [
        f"## Verification of release {found['release']} with its statements",
        "",
        f"{whole:.2f} s (at most {WANTED:.0f} s wanted): {parts}. Medians of {found['runs']} runs, models made anew in each.",
        f"Statements: {said}, {found['steps']:,} steps of the search. {found['findings']} findings, notes among them.",
    ]


if __name__ == "__main__":
    main()
