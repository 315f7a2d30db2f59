"""Writes the boundary cases: ``python3 -m tests.rules.boundary DOSSIER``.

Inputs are searched for; what is expected follows from the rows, and for gates and ranges from the dossier's own tables. Scenarios that
an assessment does not confirm are printed, not written: each is a mistake of the search, or one of the rules.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clinical_rules.release import KNOWLEDGE, load
from tests.rules.boundary.dossier import gates, ranges
from tests.rules.boundary.packing import packed
from tests.rules.boundary.scenarios import Maker
from tests.rules.boundary.witnesses import Composer, Finder


def main(dossier: Path) -> int:
    """Writes the cases; prints what was left out, and why."""
    release = load()
    composer = Composer(Finder(release))
    maker = Maker(release, composer)
    scenarios = [*ranges(dossier, release), *gates(dossier, release, composer, maker.missing), *maker.all()]
    cases, wrong = packed(scenarios, release)
    folder = Path(KNOWLEDGE) / "cases"
    for old in folder.glob("boundary-*.json"):
        old.unlink()
    for number, case in enumerate(cases, 1):
        name = f"boundary-{number:03}"
        (folder / f"{name}.json").write_text(json.dumps(_written(name, case), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    lesions = sum(len(one["lesions"]) for one in cases)
    print(f"{len(scenarios)} scenarios in {len(cases)} cases with {lesions} lesions")
    _told("not confirmed by an assessment", [f"{one.row}: {one.why}: {told[0]}" for one, told in wrong])
    _told("no patient can be so", [f"{row}: {why}" for row, why, impossible in maker.missing if impossible])
    _told("no patient found", [f"{row}: {why}" for row, why, impossible in maker.missing if not impossible])
    return 0


def _told(what: str, lines: list[str]) -> None:
    print(f"{len(lines)} {what}")
    for line in lines:
        print(f"  {line}")


def _written(name: str, case: Mapping[str, Any]) -> dict[str, Any]:
    """The case as a file: without what is not known, its rows named by what they are about."""
    parts = Counter(re.split(r"[. ]", row.partition(":")[0])[0] for row in case["rows"])
    said = ", ".join(part for part, _ in parts.most_common(4)) + (" and others" if len(parts) > 4 else "")
    patient = {key: value for key, value in case["patient"].items() if value is not None}
    lesions = [{"id": one["id"], "findings": one.get("findings") or {}} for one in case["lesions"]]
    return {
        "id": name,
        "on": case["on"],
        "purpose": "boundary",
        "title": f"On the limits of {said}",
        "source": {
            "ref": "treatments.csv, labs.csv, evidence.md",
            "note": "made up for this release: each value just inside or just outside a row",
        },
        "patient": patient,
        "lesions": lesions,
        "expected": {"run": "full", **case["expected"]},
    }


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
