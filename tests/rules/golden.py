"""The results of every case of the release as one digest: ``python3 -m tests.rules.golden`` writes it anew."""

import json
from datetime import date
from hashlib import sha256
from pathlib import Path

from clinical_rules import ENGINE
from clinical_rules.assessment import assess
from clinical_rules.release import load

FILE = Path(__file__).with_name("golden.json")
DAY = date(2026, 3, 2)


def golden() -> dict[str, str]:
    """Engine, release, and the digest of what the engine says of the release's own cases."""
    release = load()
    results = "\n".join(assess(case, release, on=DAY).to_json() for case in release.content["cases"])
    return {"engine": ENGINE, "release": release.hash, "results": sha256(results.encode()).hexdigest()}


if __name__ == "__main__":
    FILE.write_text(json.dumps(golden(), indent=1) + "\n")
