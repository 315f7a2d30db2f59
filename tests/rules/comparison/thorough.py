"""Many random edits of the release, each compared with the slow way: ``python3 -m tests.rules.comparison.thorough [EDITS] [CASES]``."""

import json
import random
import sys

from bench.stored_cases import unjudged_cases
from clinical_rules.comparison import Terms, Touched, build_index, effects, impact, judge, sentences
from clinical_rules.errors import ReleaseError
from clinical_rules.release import Release, load
from tests.rules.comparison.edits import edited


def main(edits: int, cases: int) -> int:
    """Prints each edit whose impact differs; returns how many did."""
    old = load()
    documents = [*old.content["cases"], *unjudged_cases(old, cases, seed=7)]
    index = build_index(documents, old)
    before = [index.outcome(case) for case in range(index.count)]
    equal = different = refused = 0
    for seed in range(edits):
        draw = random.Random(seed)
        try:
            new = Release(edited(old.content, draw, draw.choice((1, 1, 1, 1, 2, 4))))
        except (ReleaseError, ValueError, KeyError):
            refused += 1
            continue
        found = impact(old, new, index, documents)
        told = ((case, effects(before[case], json.loads(json.dumps(judge(one, new, Terms()))))) for case, one in enumerate(documents))
        slowly = sorted((Touched(case, some) for case, some in told if some), key=lambda one: one.harm)
        if found.touched == tuple(slowly):
            equal += 1
        else:
            different += 1
            print(f"edit {seed}: {'; '.join(sentences(found.changes, old, new))[:400]}")
    print(f"{equal} edits equal, {different} different, {refused} refused by the release; {len(documents)} cases each")
    return different


if __name__ == "__main__":
    sys.exit(main(*(int(one) for one in (sys.argv[1:] + ["200", "200"][len(sys.argv) - 1 :]))) > 0)
