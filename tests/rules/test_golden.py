"""A result never changes silently: under the same rules only a new engine version may say something else."""

import json

from tests.rules.golden import FILE, golden


def test_results_change_only_with_the_rules_or_the_engine() -> None:
    kept, now = json.loads(FILE.read_text()), golden()
    same_ground = (kept["engine"], kept["release"]) == (now["engine"], now["release"])

    assert not same_ground or kept["results"] == now["results"], "the engine judges differently: raise ENGINE in clinical_rules/__init__.py"
    assert kept == now, "the rules have changed: look at check_cases, then write the digest anew with python3 -m tests.rules.golden"
