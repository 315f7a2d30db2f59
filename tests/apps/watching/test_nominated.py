"""Which rows ask for a review by themselves, and what a reader may see of a number."""

import pytest

from calcinosis_app.accounts.models import User
from calcinosis_app.watching.nominated import ENOUGH, at_least, nominated, silent
from calcinosis_app.watching.reader import scopes_of
from calcinosis_app.watching.rows import CountedRow
from calcinosis_app.watching.selectors import Counted

ROWS = [CountedRow(f"R{number}", "gates", "says") for number in range(4)]


def counts(**of: tuple[int, int]) -> dict[str, Counted]:
    """By row: decided, against."""
    found = {}
    for row, (decided, against) in of.items():
        found[row] = Counted()
        found[row].of.update({"fired": decided, "decided": decided, "against": against})
    return found


def names(**of: tuple[int, int]) -> list[str]:
    return [one.row.id for one in nominated(ROWS, counts(**of))]


def test_a_row_that_is_overridden_more_often_than_its_peers_nominates_itself() -> None:
    assert names(R0=(20, 12), R1=(50, 5), R2=(50, 4)) == ["R0"]


@pytest.mark.parametrize(
    "of",
    [
        {"R0": (20, 2), "R1": (50, 5)},  # as often as its peers
        {"R0": (9, 9), "R1": (50, 5)},  # too few decisions to say so
        {"R0": (10, 4), "R1": (50, 0)},  # too few against it
        {"R0": (20, 12), "R1": (9, 0)},  # too few decisions about its peers
        {"R0": (20, 6), "R1": (50, 8)},  # more often, but it may be chance
        {"R0": (400, 60), "R1": (400, 40)},  # surely more often, but not twice as often
        {"R0": (20, 12)},  # no peers
    ],
)
def test_chance_and_small_numbers_nominate_nothing(of: dict[str, tuple[int, int]]) -> None:
    assert names(**of) == []


def test_peers_are_rows_of_the_same_group() -> None:
    rows = [*ROWS[:1], CountedRow("A", "advice", "says")]
    assert nominated(rows, counts(R0=(20, 12), A=(100, 0))) == []


def test_the_clearest_stands_first() -> None:
    assert names(R0=(40, 20), R1=(40, 30), R2=(400, 8)) == ["R1", "R0"]


@pytest.mark.parametrize(("against", "decided", "low"), [(5, 10, 0.2366), (12, 20, 0.3866), (0, 10, 0.0), (10, 10, 0.7225)])
def test_the_cautious_estimate_is_wilsons(against: int, decided: int, low: float) -> None:
    assert at_least(against, decided) == pytest.approx(low, abs=5e-5)


def test_a_row_is_silent_after_enough_cases_and_a_caution_never() -> None:
    rows = [*ROWS[:2], CountedRow("caution", "gates", "says", at_least=True)]
    assert silent(rows, counts(R0=(3, 0)), assessed=ENOUGH - 1) == []
    assert [one.id for one in silent(rows, counts(R0=(3, 0)), assessed=ENOUGH)] == ["R1"]


def test_a_reader_without_patients_sees_rounded_numbers_and_no_small_ones(karl: User) -> None:
    own, every = scopes_of(karl)
    for scope in (own, every):
        assert [scope.say(number) for number in (0, 1, 4, 5, 7, 8, 12, 13, 104)] == [
            "0", "fewer than 5", "fewer than 5", "about 5", "about 5", "about 10", "about 10", "about 15", "about 105",
        ]  # fmt: skip
        assert [scope.cell(number) for number in (0, 1, 4, 5, 7, 8)] == ["0", "< 5", "< 5", "5", "5", "10"]
        assert scope.share(3, 40) == ""
        assert scope.share(12, 41) == "25 %"


def test_who_may_open_the_clinics_patients_sees_its_numbers_and_rounded_ones_of_all(clara: User) -> None:
    own, every = scopes_of(clara)
    assert (own.say(3), own.share(3, 40), own.clinic) == ("3", "8 %", clara.clinic)
    assert (every.say(3), every.share(3, 40), every.clinic) == ("fewer than 5", "", None)
