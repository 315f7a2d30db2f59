"""Measures how the cost of one case and of compiling grows with the rows of a table; run by `bench.run`.

Prints one JSON object.
"""

import json
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from bench.page import grid
from bench.peer import Peer, plain
from bench.tables import EXPLAINED, PEER, TRUTHS, explained
from bench.timing import take_turns
from bench.workload import FACTS, Workload, workload
from clinical_rules.tables import compile_table, parse_test

ROW_COUNTS = (50, 100, 200, 500, 1000)
PATIENTS, RUNS, COMPILED = 300, 7, 11


def main() -> None:
    print(json.dumps({"sizes": [one_size(rows) for rows in ROW_COUNTS], "patients": PATIENTS, "runs": RUNS, "compiled": COMPILED}))


def one_size(rows: int) -> dict[str, Any]:
    """One table of this many rows."""
    work = workload(PATIENTS, row_count=rows)
    table, peer, knowledge = compile_table(work.table, work.domains), Peer(work), work.knowledge()
    figures = take_turns(
        {
            TRUTHS: [partial(table.truths, known) for known in knowledge],
            EXPLAINED: [partial(explained, table, known) for known in knowledge],
            PEER: [partial(peer.outcome, patient) for patient in plain(work)],
        },
        RUNS,
    )
    exact = sum(table.decide(known, "type").candidates_exact for known in knowledge)
    return {
        "rows": rows,
        "figures": {name: some.plain() for name, some in figures.items()},
        "exact": exact,
        "compile_ms": _median_ms(lambda: _compile(work)),
        "first_case_ms": _first_case_ms(work),
        "peer_load_ms": _median_ms(lambda: Peer(work)),
    }


def _compile(work: Workload) -> None:
    parse_test.cache_clear()
    compile_table(work.table, work.domains)


def _first_case_ms(work: Workload) -> float:
    """What was put off when the table was compiled is paid for by its first patients; this is the first of them."""
    known = work.knowledge()[0]
    spent = []
    for _ in range(COMPILED):
        table = compile_table(work.table, work.domains)
        start = time.perf_counter()
        explained(table, known)
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def _median_ms(call: Callable[[], object]) -> float:
    spent = []
    for _ in range(COMPILED):
        start = time.perf_counter()
        call()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def report(found: dict[str, Any]) -> list[str]:
    """The section of the page."""
    sizes = found["sizes"]
    return [
        f"## How one table grows, {FACTS} facts, 30 % missing",
        "",
        f"{found['patients']} patients a run, {found['runs']} runs in turns; p50 and p99 in microseconds.",
        "",
        *grid(
            ("rows", "truths p50", "decision and explanation p50", "p99", "zen-engine with trace p50", "p99", "rate, times"),
            map(_case, sizes),
        ),
        "",
        f"Compiling, medians of {found['compiled']}, no test remembered from before; what is put off then is paid for by the first case.",
        "",
        *grid(("rows", "compile ms", "first case ms", "zen-engine loads it in ms"), map(_compiling, sizes)),
        "",
        *_inexact(found),
    ]


def _case(size: dict[str, Any]) -> list[str]:
    figures = size["figures"]
    ours, peer = figures[EXPLAINED], figures[PEER]
    times = (figures[TRUTHS]["p50"], ours["p50"], ours["p99"], peer["p50"], peer["p99"])
    return [f"{size['rows']:,}", *(f"{some:,.0f}" for some in times), f"{ours['per_second'] / peer['per_second']:.1f}"]


def _compiling(size: dict[str, Any]) -> list[str]:
    return [f"{size['rows']:,}", *(f"{size[name]:.1f}" for name in ("compile_ms", "first_case_ms", "peer_load_ms"))]


def _inexact(found: dict[str, Any]) -> list[str]:
    patients = found["patients"]
    spent = [f"{patients - size['exact']} of {patients} at {size['rows']:,} rows" for size in found["sizes"] if size["exact"] < patients]
    if not spent:
        return ["The candidates were exact for every patient at every size."]
    return [f"The search for exact candidates ran out of its budget for {', '.join(spent)}; all others are exact."]


if __name__ == "__main__":
    main()
