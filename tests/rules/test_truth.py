"""Kleene's laws, every pair."""

import pytest

from clinical_rules.truth import Truth, all_of, and_, any_of, not_, or_

TRUTHS: tuple[Truth, ...] = (True, None, False)
RANK = {False: 0, None: 1, True: 2}


@pytest.mark.parametrize("one", TRUTHS)
@pytest.mark.parametrize("other", TRUTHS)
def test_and_is_the_lower_and_or_the_higher(one: Truth, other: Truth) -> None:
    assert and_(one, other) is min(one, other, key=RANK.__getitem__)
    assert or_(one, other) is max(one, other, key=RANK.__getitem__)
    assert not_(and_(one, other)) is or_(not_(one), not_(other))


def test_nothing_to_ask_is_true_for_all_and_false_for_any() -> None:
    assert all_of(()) is True
    assert any_of(()) is False


def test_unknown_stays_unknown_when_denied() -> None:
    assert [not_(value) for value in TRUTHS] == [False, None, True]
