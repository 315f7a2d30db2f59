"""Verification against going through every case: random tables, random constraints, and partial knowledge.

    python3 -m tests.rules.tables.test_verify_exact 20000

runs as many random tables as it is told.
"""

import random
import sys
from itertools import chain, combinations, product

import pytest

from clinical_rules.tables import Domain, Row, Table, compile_table
from clinical_rules.tables.possible import Possible
from clinical_rules.tables.table import HIT_POLICIES
from clinical_rules.tables.verify import Constraints, Impossible, TableFinding, implies, verify_table
from clinical_rules.tables.verify.reference import BruteForce
from clinical_rules.truth import all_of
from tests.rules.tables.randoms import DOMAINS, random_possible, random_test

TABLES = 1500
SMALL = {
    domain.key: domain
    for domain in (
        Domain("number", "number", low=0, high=4),
        Domain("yes_no", "boolean"),
        Domain("code", "code", codes=("a", "b", "c")),
        Domain("other", "boolean"),
    )
}


class Sample:
    """A random table with random constraints, its findings, and every case."""

    def __init__(self, seed: int, domains: dict[str, Domain], *, facts: int, rows: int, budget: int = 40_000) -> None:
        rng = random.Random(seed)
        keys = rng.sample(sorted(domains), min(len(domains), rng.randint(1, facts)))
        asked = keys[: rng.randint(1, len(keys))]
        policy = rng.choice(HIT_POLICIES)
        outcomes = ["A", "B", True][: rng.randint(1, 3)]
        made = tuple(
            Row(
                f"r{number}",
                {key: random_test(rng, domains[key]) for key in asked if rng.random() < 0.6},
                {"out": rng.choice(outcomes)},
            )
            for number in range(rng.randint(1, rows))
        )
        self.constraints = _constraints(rng, {key: domains[key] for key in keys})
        self.compiled = compile_table(Table("random", policy, made), domains)
        self.slow = BruteForce(self.compiled.table, domains, self.constraints)
        self.found = verify_table(self.compiled, self.constraints, budget)
        self.number_of = {row.id: number for number, row in enumerate(made)}

    def of(self, kind: str) -> list[TableFinding]:
        return [one for one in self.found if one.kind == kind]

    def first_rows(self, kind: str) -> set[int]:
        return {self.number_of[one.rows[0]] for one in self.of(kind)}

    def __str__(self) -> str:
        table = self.compiled.table
        rows = "\n".join(f"  {row.id}: {dict(row.when)} -> {dict(row.then)}" for row in table.rows)
        bars = "\n".join(f"  not {dict(one.together)}" for one in self.constraints.impossible)
        return f"{table.hit_policy}\n{rows}\n{bars}\nmay not apply: {set(self.constraints.may_not_apply)}\nfound: {self.found}"


def _constraints(rng: random.Random, domains: dict[str, Domain]) -> Constraints:
    may_not_apply = frozenset(key for key in domains if rng.random() < 0.3)
    made: list[Impossible] = []
    for number in range(rng.choice((0, 0, 1, 2, 3))):
        keys = rng.sample(sorted(domains), min(len(domains), rng.randint(1, 3)))
        some = {key: random_possible(rng, domains[key]) for key in keys}
        if rng.random() < 0.5:
            then = {rng.choice(sorted(domains)): random_possible(rng, domains[keys[0]])}
            then = {key: random_possible(rng, domains[key]) for key in then}
            made += implies(f"law {number}", some, then, domains)
        else:
            made.append(Impossible(f"law {number}", some))
    return Constraints(domains, tuple(made), may_not_apply)


def check(seed: int) -> None:
    case = Sample(seed, DOMAINS, facts=3, rows=6)
    slow, policy = case.slow, case.compiled.table.hit_policy
    if not slow.cases:
        if slow.constraints.impossible:
            assert [one.kind for one in case.found] == ["no_case"], str(case)
        return
    assert not case.of("not_proved"), str(case)
    assert case.first_rows("never") == slow.never(), str(case)
    assert case.first_rows("masked") == (slow.masked() if policy == "FIRST" else set()), str(case)
    assert bool(case.of("gap")) is (policy != "COLLECT" and slow.gap()), str(case)
    overlaps = {tuple(case.number_of[row] for row in one.rows) for one in case.of("overlap")}
    assert overlaps == _overlaps(slow, policy), str(case)
    assert case.first_rows("inside") == _inside(slow, policy), str(case)
    assert {one.fact for one in case.of("idle_fact")} == slow.idle_facts(), str(case)
    thresholds = {(one.fact, one.text) for one in case.of("idle_threshold")}
    assert len(thresholds) == len(case.of("idle_threshold"))
    expected = slow.idle_thresholds()
    assert {fact for fact, _ in thresholds} == {fact for fact, _ in expected}, str(case)
    assert len(thresholds) == len(expected), str(case)
    assert {one.fact for one in case.of("leaves_open")} == (slow.leaves_open() if policy != "COLLECT" else set()), str(case)
    for one in case.found:
        _check_witness(case, one)


def _overlaps(slow: BruteForce, policy: str) -> set[tuple[int, int]]:
    if policy == "COLLECT":
        return set()
    return {
        (one, other)
        for one, other in slow.overlaps()
        if policy == "UNIQUE" or (slow.tests[other] and slow.outputs(one) != slow.outputs(other))
    }


def _inside(slow: BruteForce, policy: str) -> set[int]:
    if policy == "UNIQUE":
        return set()
    return {one for one, other in slow.inside() if policy != "FIRST" or other > one}


def _check_witness(case: Sample, one: TableFinding) -> None:
    slow = case.slow
    if one.witness is None:
        assert one.kind not in ("overlap", "gap", "leaves_open"), str(case)
        return
    if one.kind == "leaves_open":
        assert set(one.witness) == set(slow.facts) - {one.fact}
        results = {
            slow.result(full)
            for value in slow.values[one.fact]
            if value is not None and slow.possible(full := {**one.witness, one.fact: value})
        }
        assert len(results) > 1, str(case)
        return
    assert set(one.witness) == set(slow.facts), str(case)
    assert slow.possible(one.witness), str(case)
    held = slow.held(one.witness)
    if one.kind == "gap":
        assert not held, str(case)
    else:
        assert {case.number_of[row] for row in one.rows} <= held, str(case)


@pytest.mark.parametrize("start", range(0, TABLES, TABLES // 3))
def test_findings_are_those_of_going_through_every_case(start: int) -> None:
    for seed in range(start, start + TABLES // 3):
        check(seed)


def check_partial(seed: int) -> None:
    """Kleene's reading of partial cases shows exactly the faults that complete cases show."""
    case = Sample(seed, SMALL, facts=3, rows=5)
    slow = case.slow
    if not slow.cases:
        return
    both, none, first, holds, joining = set(), False, set(), set(), set()
    for known in _partial_cases(slow):
        truths = [all_of(_truth(test.accepts, known[fact]) for fact, test in row.items()) for row in slow.tests]
        sure = [number for number, truth in enumerate(truths) if truth is True]
        both |= set(combinations(sure, 2))
        none |= all(truth is False for truth in truths)
        holds |= set(sure)
        first |= {number for number in sure if all(truth is False for truth in truths[:number])}
        if sure and all(truth is False or slow.outputs(number) == slow.outputs(sure[0]) for number, truth in enumerate(truths[: sure[0]])):
            joining.add(sure[0])
    rows = set(range(len(slow.tests)))
    if case.compiled.table.hit_policy == "FIRST":
        noted = {case.number_of[one.rows[0]] for one in case.of("masked") if one.severity == "note"}
        assert noted == joining & slow.masked(), str(case)
    assert both == slow.overlaps(), str(case)
    assert none is slow.gap(), str(case)
    assert rows - holds == slow.never(), str(case)
    assert holds - first == slow.masked(), str(case)


def _partial_cases(slow: BruteForce):
    """Every combination of sets of values that some possible case fits."""
    choices = [list(_subsets(slow.values[fact])) for fact in slow.facts]
    for sets in product(*choices):
        known = dict(zip(slow.facts, sets, strict=True))
        if any(all(case[fact] in known[fact] for fact in slow.facts) for case in slow.cases):
            yield known


def _subsets(values):
    return chain.from_iterable(combinations(values, size) for size in range(1, len(values) + 1))


def _truth(accepts: Possible, values) -> bool | None:
    verdicts = {value is not None and value in accepts for value in values}
    return verdicts.pop() if len(verdicts) == 1 else None


def test_missing_facts_neither_add_nor_hide_a_fault() -> None:
    for seed in range(400):
        check_partial(seed)


def test_a_small_budget_never_makes_a_finding_wrong() -> None:
    """Whatever is found is so; whatever is not found is either not there or said to be not proved."""
    for seed in range(300):
        case = Sample(seed, DOMAINS, facts=3, rows=6, budget=random.Random(seed).randint(0, 40))
        if not case.slow.cases or case.of("no_case"):
            continue
        assert case.first_rows("never") <= case.slow.never(), str(case)
        assert case.first_rows("masked") <= case.slow.masked(), str(case)
        complete = case.compiled.table.hit_policy == "COLLECT" or not case.slow.gap() or case.of("gap")
        assert complete or case.of("not_proved"), str(case)
        for one in case.found:
            _check_witness(case, one)


if __name__ == "__main__":
    count = int(sys.argv[1])
    for seed in range(count):
        check(seed)
        if not seed % 25:
            check_partial(seed)
    print(f"{count} random tables: every finding as by going through every case; {-(-count // 25)} of them over partial cases")
