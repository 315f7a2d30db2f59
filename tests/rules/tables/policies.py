"""What a hit policy must say of a random partial case, as the slow reference says it."""

from clinical_rules.tables import HitPolicy
from tests.rules.tables.randoms import Sample, sample

POLICIES: tuple[HitPolicy, ...] = ("FIRST", "UNIQUE", "COLLECT")


def check(seed: int, policy: HitPolicy) -> None:
    """Raises ``AssertionError`` with the table and what is known, when cells and reference differ."""
    case = sample(seed, facts=4, rows=8, policy=policy)
    truths = case.reference.truths(case.knowledge)
    assert case.cells.truths(case.knowledge) == truths, str(case)
    if policy == "COLLECT":
        assert case.cells.collect(case.knowledge) == case.reference.collect(case.knowledge), str(case)
    else:
        _check_decision(case, policy)


def _check_decision(case: Sample, policy: HitPolicy) -> None:
    truths = {row.id: truth for row, truth in zip(case.table.rows, case.reference.truths(case.knowledge), strict=True)}
    decision = case.cells.decide(case.knowledge, "out")
    assert (decision.status, decision.outcome) == case.reference.status(case.knowledge, "out"), str(case)
    assert decision.fired == tuple(row for row, truth in truths.items() if truth is True), str(case)
    if policy == "FIRST":
        assert decision.row == next(iter(decision.fired), None), str(case)
        before = list(truths)[: list(truths).index(decision.row)] if decision.row else truths
        assert decision.conflict == (), str(case)
    else:
        assert decision.row == (decision.fired[0] if len(decision.fired) == 1 else None), str(case)
        before = truths
        assert decision.conflict == case.reference.conflicts(case.knowledge), str(case)
    assert decision.open == tuple(row for row in before if truths[row] is None), str(case)
    _check_candidates(case)
    _check_explanation(case)


def _check_candidates(case: Sample) -> None:
    decision = case.cells.decide(case.knowledge, "out")
    assert decision.candidates_exact, str(case)
    expected = case.reference.candidates(case.knowledge, "out")
    if decision.status == "none":
        assert (decision.candidates, expected) == ((), {None}), str(case)
        return
    assert len(decision.candidates) == len(expected), str(case)
    assert set(decision.candidates) == expected, str(case)


def _check_explanation(case: Sample) -> None:
    decision, fired, still_open = case.cells.explained(case.knowledge, "out")
    assert decision == case.cells.decide(case.knowledge, "out"), str(case)
    assert tuple(row.row for row in fired) == decision.fired, str(case)
    assert tuple(row.row for row in still_open) == decision.open, str(case)
    of_row = dict(zip([row.id for row in case.table.rows], case.reference.verdicts(case.knowledge), strict=True))
    for row in fired + still_open:
        assert {test.fact: (test.text, test.truth) for test in row.tests} == of_row[row.row], str(case)
        assert row.truth is (True if row.row in decision.fired else None), str(case)
