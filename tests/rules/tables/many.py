"""Many random partial cases for each hit policy, against the slow reference.

    python3 -m tests.rules.tables.many [CASES] [--from SEED]

The tests run 2,000 for each policy; this runs 100,000, on all processors. Prints what was compared,
or the first case that differs.
"""

import argparse
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from clinical_rules.tables import HitPolicy
from tests.rules.tables.policies import POLICIES, check
from tests.rules.tables.randoms import sample

BLOCK = 1_000


def block(policy: HitPolicy, start: int, count: int) -> Counter[str]:
    """Checks these seeds; says how many cases were of which kind."""
    kinds: Counter[str] = Counter()
    for seed in range(start, start + count):
        check(seed, policy)
        case = sample(seed, facts=4, rows=8, policy=policy)
        kinds["partly known"] += any(known.only.__class__.__name__ == "Many" for known in case.knowledge.values())
        if policy != "COLLECT":
            decision = case.cells.decide(case.knowledge, "out")
            kinds[decision.status] += 1
            kinds["with rows that may conflict"] += bool(decision.conflict)
    return kinds


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("cases", nargs="?", type=int, default=100_000)
    options.add_argument("--from", dest="start", type=int, default=0)
    given = options.parse_args()
    with ProcessPoolExecutor() as pool:
        for policy in POLICIES:
            began = time.perf_counter()
            starts = range(given.start, given.start + given.cases, BLOCK)
            counts = [min(BLOCK, given.start + given.cases - start) for start in starts]
            kinds = sum(pool.map(block, [policy] * len(counts), starts, counts), Counter[str]())
            listed = ", ".join(f"{kind} {count:,}" for kind, count in sorted(kinds.items()) if count)
            print(f"{policy}: {given.cases:,} cases equal to the reference in {time.perf_counter() - began:.0f} s ({listed})", flush=True)


if __name__ == "__main__":
    main()
