"""Measures the verification of one table, beside z3-solver, over three families of tables.

Run by `bench.run` in the peers' own environment; prints one JSON object.
"""

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench.families import FAMILIES, Sample, family
from bench.page import grid
from bench.prover import Prover
from clinical_rules.tables import CompiledTable, compile_table
from clinical_rules.tables.verify import Constraints, masked, rows, verify_table
from clinical_rules.tables.verify.question import Questions
from clinical_rules.tables.verify.space import Space

SIZES, RUNS = (50, 100, 200, 500, 1000), 5
BESIDE, BESIDE_RUNS = (50, 200, 1000), 3
PATIENCE = 30.0
"""Seconds after which the peer is stopped."""
STEPS = 100_000


def main() -> None:
    print(json.dumps({"whole": [_whole(name, size) for name in FAMILIES for size in SIZES], "beside": _beside(), "runs": RUNS}))


def _whole(name: str, size: int) -> dict[str, Any]:
    table = _compiled(family(name, size))
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        found = verify_table(table)
        times.append(time.perf_counter() - start)
    kinds = [one.kind for one in found]
    return {
        "family": name,
        "rows": size,
        "seconds": statistics.median(times),
        "not_proved": kinds.count("not_proved"),
        "masked": kinds.count("masked"),
        "gap": "gap" in kinds,
    }


def _beside() -> list[dict[str, Any]]:
    found = []
    for name in FAMILIES:
        for size in BESIDE:
            sample = family(name, size)
            ours, theirs = _ours(sample), _theirs(sample)
            for check in ("overlap", "gap", "masked"):
                runs = [(_timed(ours[check]), _timed(theirs[check])) for _ in range(1 if size == max(BESIDE) else BESIDE_RUNS)]
                found.append(
                    {
                        "family": name,
                        "rows": size,
                        "check": check,
                        "ours": statistics.median(own[0] for own, _ in runs),
                        "peer": statistics.median(peer[0] for _, peer in runs),
                        "verdict": runs[0][0][1],
                        "peer_verdict": runs[0][1][1],
                    }
                )
    return found


def _timed(check: Callable[[], int | None]) -> tuple[float, int | None]:
    start = time.perf_counter()
    verdict = check()
    return time.perf_counter() - start, verdict


def _compiled(sample: Sample) -> CompiledTable:
    return compile_table(sample.table, sample.domains)


def _ours(sample: Sample) -> dict[str, Callable[[], int]]:
    """Each check from the compiled table on, its space included."""
    table = _compiled(sample)

    def ask() -> Questions:
        return Questions(Space(table, Constraints()), STEPS)

    def overlap() -> int:
        then = [row.then["type"] for row in table.table.rows]
        return sum(then[one] != then[other] for one, other in rows.pairs(Space(table, Constraints())))

    def gap() -> int:
        asked = ask()
        rows.gap(asked, complete=True)
        return sum(one.kind == "gap" for one in asked.findings)

    def never_first() -> int:
        asked = ask()
        masked.masked(asked, asked.space.all_rows)
        return sum(one.kind == "masked" for one in asked.findings)

    return {"overlap": overlap, "gap": gap, "masked": never_first}


def _theirs(sample: Sample) -> dict[str, Callable[[], int | None]]:
    prover = Prover(sample)
    return {
        "overlap": lambda: prover.overlaps(PATIENCE),
        "gap": lambda: prover.gap(PATIENCE),
        "masked": lambda: prover.masked(PATIENCE),
    }


def report(found: dict[str, Any]) -> list[str]:
    """The section of the page."""
    finished = [one for one in found["beside"] if one["peer_verdict"] is not None]
    equal = sum(one["verdict"] == one["peer_verdict"] for one in finished)
    return [
        "## Verification of one table, 60 facts",
        "",
        f"Every check of `verify_table`, seconds, median of {found['runs']} runs. *tree*: the leaves of a decision tree, complete and",
        "disjoint; *tree-*: one leaf removed and one widened; *random*: two to five random tests a row. In brackets what is not proved.",
        "",
        *grid(
            ("family", *(f"{size} rows" for size in SIZES)),
            ((name, *(_cell(one) for one in found["whole"] if one["family"] == name)) for name in FAMILIES),
        ),
        "",
        "Three of the checks beside z3-solver, both from the compiled table on and in turns; seconds. Overlap counts all pairs of rows",
        f"with different outcomes that hold together, masked the rows that never come first. The peer is stopped after {PATIENCE:.0f} s.",
        "",
        *grid(
            ("family, rows", "check", "found", "calcinosis", "z3-solver", "ratio"),
            (
                (
                    f"{one['family']} {one['rows']}",
                    one["check"],
                    f"{one['verdict']:,}",
                    f"{one['ours']:.4f}",
                    f"{one['peer']:.3f}" if one["peer_verdict"] is not None else "stopped",
                    f"{one['peer'] / one['ours']:,.0f}" if one["peer_verdict"] is not None else f"over {one['peer'] / one['ours']:,.0f}",
                )
                for one in found["beside"]
            ),
        ),
        "",
        f"Where both finished the verdicts are equal in {equal} of {len(finished)}.",
    ]


def _cell(one: dict[str, Any]) -> str:
    return f"{one['seconds']:.3f}" + (f" ({one['not_proved']})" if one["not_proved"] else "")


if __name__ == "__main__":
    main()
