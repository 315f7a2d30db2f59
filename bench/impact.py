"""Measures whom one changed threshold touches among stored cases; run by `bench.run`.

Prints one JSON object. Stored cases are the release's own, varied with a seed (`bench.stored_cases`).
"""

import copy
import gc
import json
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

from bench.stored_cases import unjudged_cases
from clinical_rules.comparison import Index, build_index, difference, impact, impact_slowly
from clinical_rules.comparison.index import tiled
from clinical_rules.comparison.selection import select
from clinical_rules.release import Release, load

CASES = 10_000
SIZES = (1_000, 10_000, 100_000, 1_000_000)
RUNS = 5
SAMPLE = 200
SEED = 20261122

Edit = Callable[[Any], None]


def _gate(treatment: str, row: str, fact: str, test: str) -> Edit:
    def edit(content: Any) -> None:
        _one(content["treatments"][treatment]["gate"], "row", row)["when"][fact] = test

    return edit


def _line(definition: str, number: int, fact: str, test: str) -> Edit:
    def edit(content: Any) -> None:
        _one(content["definitions"], "fact", definition)["any"][number][fact] = test

    return edit


def _row(table: str, row: str, fact: str, test: str) -> Edit:
    def edit(content: Any) -> None:
        _one(content["tables"][table]["row"], "id", row)["when"][fact] = test

    return edit


def _range(analyte: str, band: str, end: int, limit: str) -> Edit:
    def edit(content: Any) -> None:
        _one(_one(content["laboratory"], "key", analyte)["bands"], "row", band)["reference"][end] = limit

    return edit


def _one(rows: Any, name: str, key: str) -> Any:
    return next(one for one in rows if one[name] == key)


EDITS: Mapping[str, tuple[str, Edit]] = {
    "gate: alendronate, clearance < 35 to < 30": ("gate", _gate("alendronate", "alendronate.contraindication.6", "crcl", "< 30")),
    "gate: alendronate, vitamin D < 50 to < 75": ("gate", _gate("alendronate", "alendronate.caution.3", "vitd25", "< 75")),
    "gate: colchicine, clearance < 30 to < 45": ("gate", _gate("colchicine", "colchicine.contraindication.2", "crcl", "< 45")),
    "choice: c1.12, size < 10 to < 15 mm": ("choice", _row("choice", "c1.12", "lesion_size", "< 15")),
    "emergency: adjusted calcium >= 3.50 to >= 3.25": ("emergency", _row("emergencies", "E.calcium_high.1", "ca_adjusted", ">= 3.25")),
    "definition: major setting, eGFR < 30 to < 25": ("definition", _line("major_setting", 0, "egfr", "< 25")),
    "definition: kidney failure, eGFR < 30 to < 35": ("definition", _line("kidney_failure", 2, "egfr", "< 35")),
    "definition: adjustment reliable, albumin >= 30 to >= 32": ("definition", _line("adjustment_reliable", 0, "albumin", ">= 32")),
    "definition: tumour features, size > 50 to > 40 mm": ("definition", _line("tumour_features", 5, "lesion_size", "> 40")),
    "range: phosphate of adults, to 1.45 to 1.50": ("range", _range("phosphate", "phosphate.9", 1, "1.50")),
    "range: adjusted calcium of adults, by 0.02": ("range", _range("ca_adjusted", "ca_adjusted.3", 1, "2.59")),
    "range: total calcium of adults, by 0.02": ("range", _range("ca_total", "ca_total.5", 1, "2.59")),
}


def main() -> None:
    release = load()
    documents = unjudged_cases(release, CASES, SEED)
    start = time.perf_counter()
    index = build_index(documents, release)
    built = time.perf_counter() - start
    gc.collect()
    gc.freeze()
    figures = {}
    for name, (kind, edit) in EDITS.items():
        new = _edited(release, edit)
        spent = []
        for _ in range(RUNS):
            start = time.perf_counter()
            found = impact(release, new, index, documents)
            spent.append(time.perf_counter() - start)
        figures[name] = {"kind": kind, "seconds": statistics.median(spent), "judged": found.judged, "touched": len(found.touched)}
    start = time.perf_counter()
    impact_slowly(release, new, documents[:SAMPLE])
    slowly = (time.perf_counter() - start) / SAMPLE
    print(
        json.dumps(
            {
                "cases": CASES,
                "built": built,
                "stored_mb": len(json.dumps(index.as_json())) / 1e6,
                "figures": figures,
                "slowly_per_case": slowly,
                "sample": SAMPLE,
                "runs": RUNS,
                "curve": [_at(size, release, index, documents) for size in SIZES],
            }
        )
    )


def _edited(release: Release, edit: Edit) -> Release:
    content = copy.deepcopy(release.content)
    edit(content)
    new = Release(content)
    assert new.hash != release.hash
    return new


def _at(size: int, release: Release, index: Index, documents: list[Any]) -> dict[str, Any]:
    """What a search among so many cases costs, and how many it leaves to be judged: for one gate, and for the phosphate range."""
    some = build_index(documents[:size], release) if size < CASES else tiled(index, size // CASES)
    found: dict[str, Any] = {"cases": size}
    for name in ("gate: alendronate, clearance < 35 to < 30", "range: phosphate of adults, to 1.45 to 1.50"):
        new = _edited(release, EDITS[name][1])
        changes = difference(release.content, new.content)
        spent = []
        for _ in range(RUNS):
            start = time.perf_counter()
            chosen = select(release, new, changes, some)
            spent.append(time.perf_counter() - start)
        found[name.partition(":")[0]] = {"search_ms": statistics.median(spent) * 1000, "left": len({*chosen.whole, *chosen.options})}
    return found


def report(found: dict[str, Any]) -> list[str]:
    """The section of the page."""
    seconds = sorted(one["seconds"] for one in found["figures"].values())
    cases, each, built = found["cases"], found["slowly_per_case"], found["built"]
    lines = [
        "## Impact of one changed threshold over stored cases",
        "",
        f"{cases:,} cases: the release's own, varied with a seed. {found['runs']} runs, the difference of the releases included.",
        f"Index made once in {built:.0f} s ({built / cases * 1000:.1f} ms a case), {found['stored_mb']:.0f} MB as JSON.",
        f"The slow way, everybody under both releases: {each * cases:.0f} s ({each * 1000:.1f} ms a case, of {found['sample']}).",
        "",
        "| threshold | seconds | against the slow way | judged anew | touched |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {one['seconds']:.2f} | {each * cases / one['seconds']:.0f} times | {one['judged']:,} | {one['touched']:,} |"
        for name, one in found["figures"].items()
    ]
    lines += [
        "",
        f"Median over these thresholds {statistics.median(seconds):.2f} s, worst {seconds[-1]:.2f} s. A threshold costs as much as the",
        "cases between its old and its new value, each judged anew. To find them among more cases:",
        "",
        "| cases | search, a gate | left to judge | search, a range | left to judge |",
        "|---|---|---|---|---|",
    ]
    for one in found["curve"]:
        told = [f"{one[kind]['search_ms']:.1f} ms | {one[kind]['left']:,}" for kind in ("gate", "range")]
        lines.append(f"| {one['cases']:,} | {' | '.join(told)} |")
    return [*lines, "", "From 100,000 on the index holds the same 10,000 cases over and over."]


if __name__ == "__main__":
    main()
