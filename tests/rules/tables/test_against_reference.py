"""Cells and the slow reference always agree: random tables, random partial findings."""

import random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clinical_rules.tables import NOT_APPLICABLE, HitPolicy, Possible, exactly, intersection, parse_test
from clinical_rules.tables.budget import Budget
from clinical_rules.tables.candidates import avoid
from clinical_rules.tables.residue import residue
from tests.rules.tables.policies import POLICIES, check
from tests.rules.tables.randoms import DOMAINS, Sample, random_possible, random_test, sample

DECIDING = pytest.mark.parametrize("policy", ["FIRST", "UNIQUE"])
seeds = st.integers(min_value=0, max_value=2**60)
# The seed makes the case, so shrinking it says nothing; repeated runs draw the same 2,000 cases.
thorough = settings(
    max_examples=2000,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@thorough
@given(seeds)
def test_rows_are_exact_over_all_cases(seed: int) -> None:
    case = sample(seed, facts=2)
    held = [set() for _ in case.table.rows]
    for complete in case.reference.cases(case.knowledge):
        known = {fact: NOT_APPLICABLE if value is None else exactly(value) for fact, value in complete.items()}
        for row, truth in zip(held, case.reference.truths(known), strict=True):
            row.add(truth)
    expected = tuple(row.pop() if len(row) == 1 else None for row in held)
    assert case.cells.truths(case.knowledge) == expected, str(case)


@pytest.mark.parametrize("policy", POLICIES)
@thorough
@given(seed=seeds)
def test_every_hit_policy_says_what_the_reference_says(policy: HitPolicy, seed: int) -> None:
    check(seed, policy)


@thorough
@given(seeds)
def test_where_no_row_holds_the_search_shows_it(seed: int) -> None:
    case = sample(seed, facts=4, rows=8)
    assert (_case_without_rows(case) is not None) is (None in case.reference.candidates(case.knowledge, "out")), str(case)


@thorough
@given(seeds)
def test_more_knowledge_never_takes_an_answer_back(seed: int) -> None:
    case = sample(seed, facts=5, rows=10)
    narrower = _narrower(case, random.Random(seed))
    before, after = case.cells.truths(case.knowledge), case.cells.truths(narrower)
    assert all(old is None or old is new for old, new in zip(before, after, strict=True)), str(case)
    decision, later = case.cells.decide(case.knowledge, "out"), case.cells.decide(narrower, "out")
    assert set(later.candidates) <= set(decision.candidates) or later.status == "none", str(case)


@DECIDING
@thorough
@given(seed=seeds)
def test_assumptions_are_the_fewest_and_most_ordinary(policy: HitPolicy, seed: int) -> None:
    case = sample(seed, facts=4, rows=6, policy=policy)
    rng = random.Random(seed)
    fixed = frozenset(fact for fact in case.cells.facts if rng.random() < 0.2)
    for outcome in dict.fromkeys(row.then["out"] for row in case.table.rows):
        found = case.cells.assumptions(case.knowledge, "out", outcome, case.ordinary, fixed)
        expected = case.reference.fewest_assumptions(case.knowledge, "out", outcome, case.ordinary, fixed)
        if found is None or expected is None:
            assert found is expected, f"{outcome}, {fixed}\n{case}"
            continue
        assert not fixed & {fact for fact, _ in found}
        assert (len(found), _unusual(case, found)) == expected, f"{outcome}, {fixed}\n{case}"
        assert all(_narrows(case, fact, assumed) for fact, assumed in found), f"{found}\n{case}"
        decision = case.cells.decide({**case.knowledge, **dict(found)}, "out")
        assert (decision.status, decision.outcome) == ("decided", outcome), f"{found}\n{case}"


@DECIDING
@thorough
@given(seed=seeds)
def test_settle_leaves_out_exactly_what_cannot_matter(policy: HitPolicy, seed: int) -> None:
    case = sample(seed, facts=4, rows=6, policy=policy)
    listed = case.cells.settle(case.knowledge, "out")
    decision = case.cells.decide(case.knowledge, "out")
    assert len(set(listed)) == len(listed)
    assert bool(listed) is (decision.status == "open"), str(case)
    if len(decision.candidates) + bool(decision.conflict) < 2:
        return
    mattering = {fact for fact in case.cells.facts if case.reference.matters(fact, case.knowledge, "out")}
    assert set(listed) == mattering, f"{listed}\n{case}"


@thorough
@given(seeds)
def test_settle_puts_first_what_leaves_the_fewest_candidates(seed: int) -> None:
    case = sample(seed, facts=3, rows=6)
    listed = case.cells.settle(case.knowledge, "out")
    now = len(case.cells.decide(case.knowledge, "out").candidates)
    if now < 2:
        return
    narrowing = [any(count < now for count in _left(case, fact)) for fact in listed]
    assert narrowing == sorted(narrowing, reverse=True), f"{listed}\n{case}"
    assert listed, str(case)


@thorough
@given(seeds)
def test_a_printed_test_is_read_as_the_same_test(seed: int) -> None:
    rng = random.Random(seed)
    domain = DOMAINS[rng.choice(sorted(DOMAINS))]
    parsed = parse_test(random_test(rng, domain), domain)
    assert parse_test(str(parsed), domain) == parsed


def _case_without_rows(case: Sample) -> list[int] | None:
    """Values with which no row holds, as the search finds them; every choice among them must do."""
    left = residue(case.cells._grid, case.cells._output("out"), case.knowledge)
    found = avoid(left.facts, left.everything, left.rows, Budget())
    if found is not None:
        assert left.rows_left(found) == 0, str(case)
        assert all(some and not some & ~allowed for some, allowed in zip(found, left.everything, strict=True))
    return found


def _narrower(case: Sample, rng: random.Random) -> dict[str, Possible]:
    narrower = dict(case.knowledge)
    for fact in case.cells.facts:
        more = random_possible(rng, DOMAINS[fact])
        known = case.knowledge.get(fact, DOMAINS[fact].everything())
        both = intersection(known, more)
        if both is not None and rng.random() < 0.6:
            narrower[fact] = both
    return narrower


def _unusual(case: Sample, found: tuple[tuple[str, Possible], ...]) -> int:
    """Assumptions that hold a value out of the ordinary."""
    return sum(fact not in case.ordinary or intersection(assumed, case.ordinary[fact]) != assumed for fact, assumed in found)


def _narrows(case: Sample, fact: str, assumed: Possible) -> bool:
    known = case.knowledge.get(fact)
    inside = known is None or intersection(assumed, known) == assumed
    # Knowledge beyond a limit counts as the limit: what is assumed is then said within the limits.
    beyond = known is not None and intersection(known, DOMAINS[fact].everything()) != known
    return assumed != known and (inside or beyond)


def _left(case: Sample, fact: str) -> list[int]:
    values = case.reference.values(fact, case.knowledge.get(fact))
    return [
        len(case.reference.candidates({**case.knowledge, fact: NOT_APPLICABLE if value is None else exactly(value)}, "out"))
        for value in values
    ]
