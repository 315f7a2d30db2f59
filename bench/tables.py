"""Measures table decisions beside zen-engine; run by `bench.run` in the peer's own environment.

Prints one JSON object.
"""

import json
from functools import partial
from typing import Any

from bench.page import timed
from bench.peer import Peer, plain
from bench.timing import take_turns
from bench.workload import workload
from clinical_rules.tables import CompiledTable, Knowledge, compile_table

PATIENTS, RUNS = 1_000, 11


TRUTHS = "calcinosis, truth of every row"
PEER = "zen-engine, decision and trace"
EXPLAINED = "calcinosis, decision and explanation"
DETAILED = "calcinosis, decision and explanation, with known values and distances"


def explained(table: CompiledTable, knowledge: Knowledge) -> object:
    """Status, exact candidates, and every test with its truth of each row that fired or is open, read out."""
    decision, fired, still_open = table.explained(knowledge, "type")
    return decision.status, decision.candidates, [row.tests for row in fired + still_open]


def detailed(table: CompiledTable, knowledge: Knowledge) -> object:
    """The same, and for each test what is known of its fact and how far off that is."""
    decision = table.decide(knowledge, "type")
    return [(row.truth, row.tests) for row in table.explain(knowledge, rows=decision.fired + decision.open)]


def main() -> None:
    work = workload(PATIENTS)
    table, peer = compile_table(work.table, work.domains), Peer(work)
    knowledge, patients = work.knowledge(), plain(work)
    figures = take_turns(
        {
            TRUTHS: [partial(table.truths, known) for known in knowledge],
            "calcinosis, decision with exact candidates": [partial(table.decide, known, "type") for known in knowledge],
            EXPLAINED: [partial(explained, table, known) for known in knowledge],
            DETAILED: [partial(detailed, table, known) for known in knowledge],
            PEER: [partial(peer.outcome, patient) for patient in patients],
        },
        RUNS,
    )
    complete = workload(PATIENTS, missing=0)
    agree = sum(
        table.decide(known, "type").outcome == peer.outcome(patient)
        for known, patient in zip(complete.knowledge(), plain(complete), strict=True)
    )
    still_open = [known for known in knowledge if table.decide(known, "type").status == "open"]
    print(
        json.dumps(
            {
                "figures": {name: some.plain() for name, some in figures.items()},
                "agree": agree,
                "open": len(still_open),
                "patients": PATIENTS,
                "runs": RUNS,
            }
        )
    )


def report(found: dict[str, Any]) -> list[str]:
    """The section of the page."""
    peer = found["figures"][PEER]
    ours = found["figures"][EXPLAINED]
    rate, typical = ours["per_second"] / peer["per_second"], peer["p50"] / ours["p50"]
    return [
        "## One table decision, 200 rows x 60 facts, 30 % of the facts missing",
        "",
        f"{found['patients']} patients a run, {found['runs']} runs in turns.",
        "",
        *timed(found["figures"]),
        "",
        f"Decision and explanation: {rate:.1f} times the rate of zen-engine with trace, {typical:.1f} times at p50.",
        "",
        "Explanation is the status, the exact candidates, the rows that fired, the rows that are open, and of each of these rows every",
        "test with its truth (it holds, or it hangs on what is unknown), all of it read out; the trace names the one matched row.",
        f"zen-engine takes a missing fact as failing every test: {found['open']} of the {found['patients']} patients are in truth open.",
        f"Where everything is known the two agree on {found['agree']} of {found['patients']} patients.",
    ]


if __name__ == "__main__":
    main()
