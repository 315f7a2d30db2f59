"""Reading what a person typed: shapes only."""

from datetime import date
from decimal import Decimal

import pytest

from calcinosis_app.patients.typed import Misread, check_shape, compared_number, day, number, says_nothing


@pytest.mark.parametrize(
    ("typed", "value"), [("9.8", "9.8"), ("9.80", "9.80"), ("-2", "-2"), ("0.050", "0.050"), ("123456789012345", "123456789012345")]
)
def test_a_number(typed: str, value: str) -> None:
    assert number(typed) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [
        ("9,8", "write 9.8"),
        ("1,234.5", "write it with a point, as in 9.8"),
        ("abc", "is not a number"),
        ("9.8 mg", "is not a number"),
        ("1e3", "is not a number"),
        (".5", "is not a number"),
        ("٩", "is not a number"),
        ("1234567890123456", "round it"),
        ("0.0000000001", "round it"),
    ],
)
def test_no_number_says_what_to_write(typed: str, remedy: str) -> None:
    with pytest.raises(Misread, match=remedy) as caught:
        number(typed)
    assert caught.value.value == typed


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ({"value": "0.5"}, (Decimal("0.5"), "")),
        ({"value": "0.5", "comparator": "<="}, (Decimal("0.5"), "<=")),
        ({"value": " < 0.5 "}, (Decimal("0.5"), "<")),
        ({"value": "≥0.5"}, (Decimal("0.5"), ">=")),
    ],
)
def test_a_comparator_stands_before_the_number_or_beside_it(raw: dict[str, str], read: tuple[Decimal, str]) -> None:
    assert compared_number(raw) == read


@pytest.mark.parametrize(
    ("raw", "remedy"), [({"value": "<1", "comparator": ">"}, "keep one"), ({"value": "1", "comparator": "about"}, "choose <")]
)
def test_two_comparators_or_a_strange_one(raw: dict[str, str], remedy: str) -> None:
    with pytest.raises(Misread, match=remedy):
        compared_number(raw)


@pytest.mark.parametrize("typed", ["2026-03-01", "2026-3-1", "01.03.2026", "1.3.2026", " 2026-03-01 "])
def test_a_day(typed: str) -> None:
    assert day(typed) == date(2026, 3, 1)


@pytest.mark.parametrize("typed", ["03/01/2026", "1.3.26", "20260301", "2026-W09-7", "2026-02-30", "yesterday", ""])
def test_a_day_that_could_be_two_is_none(typed: str) -> None:
    with pytest.raises(Misread, match="as in 2026-03-01"):
        day(typed)


@pytest.mark.parametrize("raw", [{}, {"value": " ", "unit": "mg/dL"}, {"confirmed": True}, {"answer": ""}, {"date": "2026-03-01"}])
def test_a_unit_or_a_day_alone_says_nothing(raw: dict[str, object]) -> None:
    assert says_nothing(raw)


@pytest.mark.parametrize("raw", [{"value": "x"}, {"flag": "normal"}, {"state": "not_done"}, {"low": "2.5"}])
def test_anything_else_says_something(raw: dict[str, object]) -> None:
    assert not says_nothing(raw)


@pytest.mark.parametrize("raw", [{"colour": "red"}, {"value": 9.8}, {"confirmed": "yes"}, {"value": "9" * 201}, {"value": ["9.8"]}])
def test_an_entry_has_one_shape(raw: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        check_shape(raw)
