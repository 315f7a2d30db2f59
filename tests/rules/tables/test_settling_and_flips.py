"""What settles a decision and where it flips: random tables against trying everything.

python3 -m tests.rules.tables.test_settling_and_flips 20000
"""

import sys

from clinical_rules.tables import NOT_APPLICABLE, HitPolicy, exactly
from clinical_rules.tables.reference_explanation import SlowExplanation
from tests.rules.tables.randoms import Sample, sample

CASES = 700


def _policy(seed: int) -> HitPolicy:
    return "UNIQUE" if seed % 3 == 2 else "FIRST"


def slow(case: Sample) -> SlowExplanation:
    return SlowExplanation(case.reference, case.knowledge, "out")


def check_sets(seed: int) -> None:
    case = sample(seed, facts=4, rows=6, policy=_policy(seed))
    for size in (1, 4):
        found = case.cells.settling_sets(case.knowledge, "out", size)
        always, sometimes = slow(case).settling_sets(size)
        assert found.always_all and found.sometimes_all
        assert (set(map(frozenset, found.always)), set(map(frozenset, found.sometimes))) == (always, sometimes), f"{found}\n{case}"
        assert len(found.always) == len(always) and len(found.sometimes) == len(sometimes)
        assert [len(some) for some in found.always] == sorted(len(some) for some in found.always)


def check_idle(seed: int) -> None:
    case = sample(seed, facts=4, rows=6, policy=_policy(seed))
    found = case.cells.cannot_matter(case.knowledge, "out")
    expected = {fact for fact in case.cells.facts if not _known(case, fact) and not case.reference.matters(fact, case.knowledge, "out")}
    assert found.all and set(found.facts) == expected, f"{found}\n{case}"


def _known(case: Sample, fact: str) -> bool:
    known = case.knowledge.get(fact)
    return known is not None and (known == NOT_APPLICABLE or isinstance(known.only, bool | str | int))


def check_flips(seed: int) -> None:
    case = sample(seed, facts=4, rows=6, policy=_policy(seed))
    found = case.cells.flips(case.knowledge, "out")
    trying = slow(case)
    for fact in case.cells.facts:
        # An interval inside one cell has flips too; the slow way starts from one value.
        if _known(case, fact) and case.knowledge[fact] != NOT_APPLICABLE:
            here = {(one.side, one.value) for one in found if one.fact == fact}
            assert here == trying.flips(fact), f"{fact}\n{found}\n{case}"
    for one in found:
        at = case.cells.decide({**case.knowledge, one.fact: exactly(one.value)}, "out")
        assert one.says == at, str(case)


def check_misses(seed: int) -> None:
    case = sample(seed, facts=5, rows=10, policy=_policy(seed))
    found = case.cells.nearest_misses(case.knowledge, 10)
    expected = slow(case).misses()
    assert {row.row for row in found} == {row for _, row in expected}, str(case)
    failed = [len(row.failed) for row in found]
    assert sorted(count for count, _ in expected) == failed, str(case)


def test_settling_sets_are_the_smallest_and_all() -> None:
    for seed in range(CASES):
        check_sets(seed)


def test_facts_that_cannot_matter_are_exactly_those() -> None:
    for seed in range(CASES):
        check_idle(seed)


def test_flips_are_those_of_trying_value_after_value() -> None:
    for seed in range(CASES):
        check_flips(seed)


def test_nearest_misses_are_all_false_rows_by_failed_tests() -> None:
    for seed in range(CASES):
        check_misses(seed)


if __name__ == "__main__":
    count = int(sys.argv[1])
    for seed in range(count):
        for check in (check_sets, check_idle, check_flips, check_misses):
            check(seed)
    print(f"{count} random tables and partial cases: settling sets, idle facts, flips and misses as by trying everything")
