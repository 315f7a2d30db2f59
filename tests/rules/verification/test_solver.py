"""The search behind the safety statements, against trying everything."""

import itertools
import random

import pytest

from clinical_rules.verification.solver import Steps, StepsSpentError, solve


def satisfied(clauses: list[list[int]], values: dict[int, bool]) -> bool:
    return all(any(values[abs(one)] is (one > 0) for one in clause) for clause in clauses)


def by_trying(clauses: list[list[int]]) -> bool:
    names = sorted({abs(one) for clause in clauses for one in clause})
    return any(satisfied(clauses, dict(zip(names, values, strict=True))) for values in itertools.product((False, True), repeat=len(names)))


def test_it_agrees_with_trying_every_assignment() -> None:
    chance = random.Random(1)
    found = {True: 0, False: 0}
    for _ in range(600):
        names = range(1, chance.randint(2, 10))
        clauses = [
            [chance.choice((1, -1)) * chance.choice(names) for _ in range(chance.randint(1, 3))]
            for _ in range(chance.randint(1, 5 * len(names)))
        ]
        values = solve(clauses, {}, Steps(100_000))

        assert (values is not None) is by_trying(clauses)
        assert values is None or satisfied(clauses, values)
        found[values is not None] += 1
    assert min(found.values()) > 100, "both answers must occur"


def test_it_learns_enough_to_refute_pigeons() -> None:
    """Six birds in five holes: no assignment, and not found by propagation alone."""
    birds, holes = 6, 5

    def at(bird: int, hole: int) -> int:
        return bird * holes + hole + 1

    clauses = [[at(bird, hole) for hole in range(holes)] for bird in range(birds)]
    clauses += [[-at(one, hole), -at(other, hole)] for hole in range(holes) for one, other in itertools.combinations(range(birds), 2)]

    assert solve(clauses, {}, Steps(1_000_000)) is None
    with pytest.raises(StepsSpentError):
        solve(clauses, {}, Steps(500))


def test_a_preferred_value_is_taken_where_it_is_free() -> None:
    assert solve([[1, 2]], {1: True, 2: True}, Steps(10)) == {1: True, 2: True}
    assert solve([[1, 2], [-1, -2]], {1: True}, Steps(10)) == {1: True, 2: False}


def test_the_same_clauses_cost_the_same() -> None:
    chance = random.Random(2)
    clauses = [[chance.choice((1, -1)) * chance.randint(1, 40) for _ in range(3)] for _ in range(170)]
    costs = set()
    for _ in range(2):
        steps = Steps(1_000_000)
        solve(clauses, {}, steps)
        costs.add(steps.used)

    assert len(costs) == 1


def test_an_empty_clause_cannot_hold() -> None:
    assert solve([[]], {}, Steps(10)) is None
    assert solve([[1], [-1]], {}, Steps(10)) is None
