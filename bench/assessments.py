"""Measures whole assessments of release 1 over its published cases; run by `bench.run`.

Prints one JSON object.
"""

import json
import time
from datetime import date
from functools import partial
from typing import Any

from bench.page import timed
from bench.timing import take_turns
from clinical_rules.assessment import assess
from clinical_rules.release import Release, load

RUNS = 11
TODAY = date(2026, 1, 1)  # for cases without a date; the figures do not hang on it


def main() -> None:
    start = time.perf_counter()
    release = load()
    loaded = time.perf_counter() - start
    cases = [one for one in release.content["cases"] if one.get("purpose") != "boundary"]
    calls = {
        "judge": [partial(assess, case, release, today=TODAY) for case in cases],
        "judge and write canonical JSON": [partial(_written, case, release) for case in cases],
    }
    figures = take_turns(calls, RUNS) if cases else {}
    print(
        json.dumps(
            {
                "figures": {name: some.plain() for name, some in figures.items()},
                "cases": len(cases),
                "runs": RUNS,
                "release": release.number,
                "load_ms": loaded * 1000,
            }
        )
    )


def _written(case: dict[str, Any], release: Release) -> str:
    return assess(case, release, today=TODAY).to_json()


def report(found: dict[str, Any]) -> list[str]:
    """The section of the page."""
    title = ["## One whole assessment of release 1", ""]
    if not found["figures"]:
        return [*title, "Not measured: the release holds no cases."]
    cases, release, runs = found["cases"], found["release"], found["runs"]
    loading = f"Loading and compiling the release: {found['load_ms']:.0f} ms, once."
    return [
        *title,
        f"The {cases} case files of release {release}, {runs} runs. {loading}",
        "",
        *timed(found["figures"]),
    ]


if __name__ == "__main__":
    main()
