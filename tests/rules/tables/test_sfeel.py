"""Reading and printing tests, and what is said about those that cannot be read."""

from datetime import date

import pytest

from clinical_rules.tables import Domain, TableError, among, between, parse_test, union

CALCIUM = Domain("calcium", "number", precision=2, low=50, high=600)
BALANCE = Domain("balance", "number", precision=1)
DIALYSIS = Domain("dialysis", "boolean")
CAUSE = Domain("cause", "code", codes=("ssc", "jdm", "L94.2", "a b", "not"))
ONSET = Domain("onset", "date")
DAY = date(2026, 3, 2).toordinal()


@pytest.mark.parametrize(
    ("domain", "text", "printed", "accepts"),
    [
        (CALCIUM, "> 2.60", "> 2.6", between(261, None)),
        (CALCIUM, ">=2.6", ">= 2.6", between(260, None)),
        (CALCIUM, "<3", "< 3", between(None, 299)),
        (CALCIUM, "<= 2.2", "<= 2.2", between(None, 220)),
        (CALCIUM, "2.55", "2.55", between(255, 255)),
        (CALCIUM, "[2.2..2.6]", "[2.2..2.6]", between(220, 260)),
        (CALCIUM, "]2.2 .. 2.6]", "(2.2..2.6]", between(221, 260)),
        (CALCIUM, "(2.2..2.6)", "(2.2..2.6)", between(221, 259)),
        (CALCIUM, "[2.2..2.6[", "[2.2..2.6)", between(220, 259)),
        (CALCIUM, "< 2.2, > 2.6", "< 2.2, > 2.6", union(between(None, 219), between(261, None))),
        (CALCIUM, "not([2.2..2.6])", "not([2.2..2.6])", union(between(None, 219), between(261, None))),
        (CALCIUM, "not(2.2)", "not(2.2)", union(between(None, 219), between(221, None))),
        (BALANCE, "> -1.5", "> -1.5", between(-14, None)),
        (BALANCE, "not(< 0)", "not(< 0)", between(0, None)),
        (DIALYSIS, " true ", "true", among((True,))),
        (DIALYSIS, "not(true)", "not(true)", among((False,))),
        (CAUSE, "ssc, L94.2", "ssc, L94.2", among(("ssc", "L94.2"))),
        (CAUSE, '"a b"', '"a b"', among(("a b",))),
        (CAUSE, '"not"', '"not"', among(("not",))),
        (CAUSE, "not( ssc ,jdm)", "not(ssc, jdm)", among(("L94.2", "a b", "not"))),
        (ONSET, "2026-03-02", "2026-03-02", between(DAY, DAY)),
        (ONSET, "< 2026-03-02", "< 2026-03-02", between(None, DAY - 1)),
        (ONSET, "[2026-03-02..2026-03-03]", "[2026-03-02..2026-03-03]", between(DAY, DAY + 1)),
    ],
)
def test_a_test_is_the_set_of_values_that_satisfy_it(domain: Domain, text: str, printed: str, accepts: object) -> None:
    parsed = parse_test(text, domain)
    assert str(parsed) == printed
    assert parsed.accepts == accepts
    assert parse_test(printed, domain) == parsed


def test_a_dash_asks_nothing() -> None:
    assert str(parse_test(" - ", CALCIUM)) == "-"
    assert parse_test("-", CALCIUM).accepts is None


@pytest.mark.parametrize(
    ("domain", "text", "problem", "remedy"),
    [
        (CALCIUM, "> 2.605", "2.605 has 3 decimals, the fact is compared with 2", "round it to 2 decimals"),
        (CALCIUM, "> 7", "no possible value", "from 0.5 to 6"),
        (CALCIUM, "[2.6..2.2]", "no value lies in the interval", "swap"),
        (CALCIUM, "(2.2..2.21)", "no value lies in the interval", "widen"),
        (CALCIUM, "> 2.6 and < 3", "cannot be read from ' and < 3' on", "an interval"),
        (CALCIUM, "> phosphate", "cannot be read", "comparison"),
        (CALCIUM, "2.2 + 1", "cannot be read", "comparison"),
        (CALCIUM, "", "a value is missing", "or -"),
        (CALCIUM, ">", "a value is missing", "comparison"),
        (CALCIUM, "2.2 2.6", "'2.6' was not expected", "comparison"),
        (CALCIUM, "[2.2..2.6", "] or [ or ) is missing", "interval"),
        (CALCIUM, "[2.2, 2.6]", ".. is missing", "interval"),
        (CALCIUM, "not(2.2", ") is missing", "comparison"),
        (CALCIUM, "not 2.2", "( is missing", "comparison"),
        (CALCIUM, "not(>= 0.5)", "no possible value", "from 0.5 to 6"),
        (CALCIUM, "not(> 2, <= 2)", "no possible value", "from 0.5 to 6"),
        (CALCIUM, "true", "cannot be read", "comparison"),
        (DIALYSIS, "yes", "yes is no boolean", "true, false or -"),
        (DIALYSIS, "not(true, false)", "no possible value", "true or false"),
        (CAUSE, "ssc, lupus", "'lupus' is no code of the fact", "its codes are ssc, jdm"),
        (CAUSE, "ssc, ssc", "names one value twice", "take one of them out"),
        (CAUSE, '"a b', "cannot be read", "a code"),
        (CAUSE, "> ssc", "cannot be read", "a code"),
        (ONSET, "2026-02-30", "2026-02-30 is no day", "2026-03-02"),
        (ONSET, "> 3", "cannot be read", "a date"),
    ],
)
def test_a_test_that_cannot_be_used_names_fact_text_and_remedy(domain: Domain, text: str, problem: str, remedy: str) -> None:
    with pytest.raises(TableError) as caught:
        parse_test(text, domain)
    assert (caught.value.fact, caught.value.text) == (domain.key, text)
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy
