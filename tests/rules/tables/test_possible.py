"""Sets of values: the arithmetic of what may be."""

import pytest

from clinical_rules.tables import NOT_APPLICABLE, Possible, among, between, exactly, intersection, union
from clinical_rules.tables.possible import MANY


def test_equal_sets_are_equal_however_they_were_made() -> None:
    assert union(between(1, 3), between(4, 6)) == between(1, 6)
    assert union(between(4, 6), between(None, 1), between(2, 2)) == Possible(spans=((None, 2), (4, 6)))
    assert union(between(None, 3), between(2, None), exactly(7)) == between(None, None)
    assert among((3, 1, 2)) == between(1, 3)
    assert hash(among(("a", "b"))) == hash(among(("b", "a")))


def test_only_is_the_value_where_there_is_one() -> None:
    assert (exactly(5).only, exactly(False).only, exactly("a").only) == (5, False, "a")
    assert between(1, 2).only is MANY
    assert NOT_APPLICABLE.only is MANY
    assert union(exactly(5), NOT_APPLICABLE).only is MANY


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (between(1, 5), between(3, None), between(3, 5)),
        (between(None, 5), between(None, 3), between(None, 3)),
        (union(between(1, 2), between(5, 6)), between(2, 5), union(exactly(2), exactly(5))),
        (between(1, 2), between(3, 4), None),
        (among(("a", "b")), among(("b", "c")), exactly("b")),
        (exactly("a"), exactly("b"), None),
        (union(exactly(True), NOT_APPLICABLE), union(exactly(False), NOT_APPLICABLE), NOT_APPLICABLE),
        (exactly(True), NOT_APPLICABLE, None),
    ],
)
def test_intersection(one: Possible, other: Possible, both: Possible | None) -> None:
    assert intersection(one, other) == intersection(other, one) == both


def test_membership() -> None:
    assert 3 in between(None, 3)
    assert 4 not in between(None, 3)
    assert "a" in among(("a", "b"))
    assert "c" not in among(("a", "b"))
    assert True not in NOT_APPLICABLE


def test_what_is_no_set_of_values_is_refused() -> None:
    with pytest.raises(ValueError, match="leave an unknown fact out"):
        among(())
    with pytest.raises(ValueError, match="leave an unknown fact out"):
        Possible()
    with pytest.raises(ValueError, match="swap the two limits"):
        between(2, 1)
    with pytest.raises(ValueError, match="mixes numbers with codes"):
        among((1, "a"))
    with pytest.raises(ValueError, match="values or spans, not both"):
        union(exactly(1), exactly("a"))
    with pytest.raises(ValueError, match=r"use union\(\)"):
        Possible(spans=((3, 4), (1, 2)))
