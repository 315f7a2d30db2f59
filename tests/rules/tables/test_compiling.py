"""What is checked before a table may be used, and what a compiled table shows of itself."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest

from clinical_rules.tables import Domain, Row, Table, TableError, compile_table, exactly
from clinical_rules.tables.cells import REMEMBERED
from tests.rules.tables.randoms import DOMAINS as RANDOM_DOMAINS
from tests.rules.tables.randoms import sample

DOMAINS = {
    "calcium": Domain("calcium", "number", precision=2),
    "dialysis": Domain("dialysis", "boolean"),
}


def refused(*rows: Row, hit_policy: str = "FIRST") -> TableError:
    with pytest.raises(TableError) as caught:
        compile_table(Table("types", hit_policy, rows), DOMAINS)
    return caught.value


def test_a_broken_test_is_placed_in_its_table() -> None:
    error = refused(Row("r1", {"calcium": "> 2.605"}))
    assert str(error) == (
        "table types, row r1, fact calcium, text '> 2.605': 2.605 has 3 decimals, the fact is compared with 2; "
        "round it to 2 decimals, or give the fact more precision"
    )


def test_an_unknown_fact_is_answered_with_its_likely_name() -> None:
    error = refused(Row("r1", {"calcum": "> 2.6"}))
    assert (error.table, error.row, error.fact) == ("types", "r1", "calcum")
    assert error.remedy == "did you mean calcium?"
    assert refused(Row("r1", {"zzz": "-"})).remedy == "define it first"


def test_a_test_must_be_text() -> None:
    assert "in quotes" in refused(Row("r1", {"dialysis": True})).remedy


def test_row_ids_are_unique() -> None:
    error = refused(Row("r1", {}), Row("r1", {}))
    assert (error.row, error.problem) == ("r1", "another row has the same id")


def test_a_table_has_rows_and_a_hit_policy_we_know() -> None:
    assert refused().problem == "has no rows"
    assert refused(Row("r1", {}), hit_policy="ANY").remedy == "use one of FIRST, UNIQUE, COLLECT"


def test_only_an_output_that_every_row_gives_can_be_decided() -> None:
    rows = (Row("r1", {}, {"type": "A", "mark": "m"}), Row("r2", {}, {"type": "B"}))
    table = compile_table(Table("types", "FIRST", rows), DOMAINS)
    assert table.decide({}, "type").outcome == "A"
    with pytest.raises(TableError, match="output 'mark' is not given by every row; add it to the rows r2"):
        table.decide({}, "mark")


def test_a_collect_table_decides_nothing() -> None:
    table = compile_table(Table("checks", "COLLECT", (Row("r1", {}, {"type": "A"}),)), DOMAINS)
    with pytest.raises(TableError, match=r"use collect\(\)"):
        table.decide({}, "type")


def test_a_compiled_table_lists_the_facts_that_it_asks_for_in_order() -> None:
    rows = (Row("r1", {"dialysis": "-"}), Row("r2", {"calcium": "> 2.6", "dialysis": "true"}))
    table = compile_table(Table("types", "COLLECT", rows), DOMAINS)
    assert table.facts == ("calcium", "dialysis")
    assert [str(test) for test in table.tests[1].values()] == ["> 2.6", "true"]


def test_a_row_cannot_be_changed_after_it_was_made() -> None:
    when = {"dialysis": "true"}
    row = Row("r1", when, {"type": "A"})
    when["dialysis"] = "false"
    assert row.when["dialysis"] == "true"
    with pytest.raises(TypeError):
        row.when["dialysis"] = "false"
    with pytest.raises(dataclasses.FrozenInstanceError):
        row.id = "r2"


def test_threads_that_share_a_fresh_table_all_get_its_answers() -> None:
    cases = [sample(seed, facts=6, rows=12) for seed in range(40)]
    alone = [compile_table(case.table, RANDOM_DOMAINS).explained(case.knowledge, "out") for case in cases]
    shared = [compile_table(case.table, RANDOM_DOMAINS) for case in cases]
    with ThreadPoolExecutor(8) as pool:
        asked = [[pool.submit(table.explained, case.knowledge, "out") for table, case in zip(shared, cases, strict=True)] for _ in range(8)]
        assert all([answer.result() for answer in answers] == alone for answers in asked)


def test_what_a_table_remembers_is_bounded_and_changes_no_answer() -> None:
    table = compile_table(Table("types", "FIRST", (Row("r1", {"calcium": "> 2.60"}, {"type": "A"}), Row("r2", {}, {"type": "B"}))), DOMAINS)
    for number in (*range(3 * REMEMBERED), *range(3 * REMEMBERED)):
        assert table.decide({"calcium": exactly(number)}, "type").outcome == ("A" if number > 260 else "B")
        assert len(table._grid._said["calcium"]) <= REMEMBERED


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"kind": "text"}, "kind 'text' is none of number, boolean, code, date"),
        ({"kind": "code"}, "codes belong to a fact of kind code"),
        ({"kind": "boolean", "codes": ("a",)}, "codes belong to a fact of kind code"),
        ({"kind": "date", "precision": 1}, "only a number has decimals"),
        ({"kind": "number", "low": 2, "high": 1}, "low limit 2 exceeds high limit 1"),
    ],
)
def test_a_domain_that_contradicts_itself_is_refused(values: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Domain("fact", **values)
