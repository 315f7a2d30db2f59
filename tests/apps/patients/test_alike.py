"""Who is taken for the same person, and who is not; and that the database folds names as we do."""

from datetime import date

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from calcinosis_app.patients.alike import Typed, fold, name_key, number_key, resemblance, within

BORN = date(1961, 5, 4)
VERA = Typed("1001", "Lind", "Vera", BORN, "female")


def typed(family: str = "Lind", given: str = "Vera", born: date | None = BORN, number: str = "2002", sex: str = "female") -> Typed:
    return Typed(number, family, given, born, sex)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (VERA, typed(), "same birth date, same name"),
        (VERA, typed("LIND", "vera"), "same birth date, same name, written otherwise"),
        (VERA, typed("Vera", "Lind"), "same birth date, family and given name swapped"),
        (typed("Müller", "Jörg"), typed("Mueller", "Joerg"), "same birth date, same name, written otherwise"),
        (typed("Müller", "Jörg"), typed("Muller", "Jorg"), "same birth date, same name, written otherwise"),
        (typed("Groß", "Zoë"), typed("Gross", "Zoe"), "same birth date, same name, written otherwise"),
        (typed("Meier-Schmidt", "Eva"), typed("Meier Schmidt", "Eva"), "same birth date, same name, written otherwise"),
        (typed("Meier-Schmidt", "Eva"), typed("Meier", "Eva"), "same birth date, a similar name"),
        (typed("Nguyễn", "Thị Ánh"), typed("Nguyen", "Thi"), "same birth date, a similar name"),
        (VERA, typed("Lnid", "Vera"), "same birth date, a similar name"),
        (VERA, typed("Vera", "Lindt"), "same birth date, a similar name, family and given name swapped"),
        (typed("Papadopoulos", "Eleni"), typed("Papadopulus", "Eleni"), "same birth date, a similar name"),
        (VERA, typed(born=date(1961, 5, 14)), "same name, birth date one digit apart"),
        (VERA, typed(born=date(1961, 4, 5)), "same name, day and month of the birth date swapped"),
        (VERA, typed(born=date(1916, 5, 4)), "same name, two digits of the birth date swapped"),
        (VERA, typed(born=None), "same name; a birth date is not known"),
    ],
)
def test_alike_for_a_reason(one: Typed, other: Typed, why: str) -> None:
    for here, there in ((one, other), (other, one)):
        found = resemblance(here, there)
        assert found is not None
        assert found.why == (why,)


@pytest.mark.parametrize(
    "other",
    [
        typed("Berg", "Vera"),
        typed("Lind", "Tom"),
        typed("Lind", "Veronika"),  # a nickname's long form
        typed(born=date(1961, 6, 14)),
        typed("Lindt", "Vera", born=date(1961, 5, 14)),
        typed("Lindt", "Vera", born=None),
        typed("!!", "??"),
    ],
)
def test_not_alike(other: Typed) -> None:
    assert resemblance(VERA, other) is None


@pytest.mark.parametrize(
    ("one", "other"), [("1001", "001001"), ("A-17", "a 17"), ("A-0017", "A17"), ("A17", "a.17"), ("R 12 34", "R1234"), ("7", "00 7")]
)
def test_the_same_number_written_otherwise(one: str, other: str) -> None:
    found = resemblance(typed("Lind", "Vera", number=one), typed("Moreau", "Ann", date(1990, 1, 1), number=other))

    assert found is not None
    assert found.why == ("same number, written otherwise",)


@pytest.mark.parametrize(("one", "other"), [("1001", "10010"), ("A-17", "B-17"), ("100", "1"), ("17", "17")])
def test_another_number_or_the_very_same(one: str, other: str) -> None:
    assert resemblance(typed("Lind", "Vera", number=one), typed("Moreau", "Ann", date(1990, 1, 1), number=other)) is None


def test_what_differs_is_said_of_the_other() -> None:
    found = resemblance(VERA, typed("Vera", "Lind", born=None, sex=""))

    assert found is not None
    assert found.differs == ("name", "birth date (not known)", "sex (not known)", "number")


@pytest.mark.parametrize(
    ("one", "other", "slips"), [("lind", "lind", 0), ("lind", "lnid", 1), ("lind", "linda", 1), ("lind", "lund", 1), ("lind", "nild", 2)]
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert within(one, other, slips)
    assert not slips or not within(one, other, slips - 1)


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00", max_codepoint=0x24F), max_size=20)


@given(NAMES)
def test_folding_twice_is_folding_once_for_capitals(name: str) -> None:
    assert fold(name) == fold(name.lower())


@pytest.mark.django_db
def test_the_database_folds_as_we_do() -> None:
    names = [
        "Müller", "MUELLER", "Groß", "Zoë", "O’Brien-Smith", "Łukasz Ørsted", "Æbelø", "Þór",
        "Ærøskøbing", "d'Arc", "Nguyễn Thị", "İnce", "ILGIN",
        "Dvořák", "Ivanović", "Иванов Пётр", "李 小龙", "a.b,c;d", "  x  ", "Åse", "Aase", "\u202eevil", "Lind\tVera", "Cœur", "ẞ", "12 a",
    ]  # fmt: skip
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute("SELECT patients_fold(%s), patients_name_key(%s, %s), patients_number_key(%s)", [name, name, "Vera", name])
            assert cursor.fetchone() == (fold(name), name_key(name, "Vera"), number_key(name)), name
