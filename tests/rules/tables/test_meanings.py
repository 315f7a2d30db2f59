"""The examples of docs/engine.md: what tables say when facts are unknown."""

import pytest

from clinical_rules.tables import (
    NOT_APPLICABLE,
    CompiledTable,
    Domain,
    KnowledgeError,
    Possible,
    Row,
    Table,
    among,
    between,
    compile_table,
    exactly,
    union,
)

DOMAINS = {
    domain.key: domain
    for domain in (
        Domain("phosphate", "number", precision=2, low=10, high=500),
        Domain("dialysis", "boolean"),
        Domain("cause", "code", codes=("ssc", "jdm", "none")),
        Domain("pregnant", "boolean"),
        Domain("onset", "date"),
    )
}
HIGH, LOW = exactly(160), exactly(140)
YES, NO = exactly(True), exactly(False)


def first(*rows: tuple[dict[str, str], str]) -> CompiledTable:
    made = tuple(Row(f"r{number}", when, {"type": outcome}) for number, (when, outcome) in enumerate(rows, 1))
    return compile_table(Table("types", "FIRST", made), DOMAINS)


@pytest.fixture
def types() -> CompiledTable:
    return first(
        ({"phosphate": "> 1.45", "dialysis": "true"}, "metastatic"),
        ({"phosphate": "> 1.45"}, "mixed"),
        ({}, "idiopathic"),
    )


# FIRST -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("knowledge", "status", "candidates"),
    [
        ({"phosphate": HIGH, "dialysis": YES}, "decided", ("metastatic",)),
        ({"phosphate": HIGH}, "open", ("metastatic", "mixed")),
        ({"phosphate": LOW}, "decided", ("idiopathic",)),
        ({"dialysis": NO}, "open", ("mixed", "idiopathic")),
        ({"phosphate": union(LOW, HIGH), "dialysis": YES}, "open", ("metastatic", "idiopathic")),
        ({}, "open", ("metastatic", "mixed", "idiopathic")),
    ],
)
def test_first_is_open_while_unknown_facts_could_change_it(
    types: CompiledTable, knowledge: dict[str, Possible], status: str, candidates: tuple[str, ...]
) -> None:
    decision = types.decide(knowledge, "type")
    assert (decision.status, decision.candidates, decision.candidates_exact) == (status, candidates, True)


def test_every_row_that_holds_is_listed_not_only_the_one_that_decides(types: CompiledTable) -> None:
    decision = types.decide({"phosphate": HIGH, "dialysis": YES}, "type")
    assert decision.outcome == "metastatic"
    assert decision.row == "r1"
    assert decision.fired == ("r1", "r2", "r3")
    assert decision.open == ()


def test_a_row_after_one_that_surely_holds_is_not_open(types: CompiledTable) -> None:
    decision = types.decide({"phosphate": HIGH}, "type")
    assert (decision.row, decision.open) == ("r2", ("r1",))


def test_unknown_rows_of_one_outcome_leave_it_decided() -> None:
    table = first(({"dialysis": "true"}, "A"), ({"phosphate": "> 1.45"}, "A"), ({}, "B"))
    decision = table.decide({"phosphate": HIGH}, "type")
    assert (decision.status, decision.outcome, decision.open) == ("decided", "A", ("r1",))


def test_falling_through_is_a_candidate_of_its_own() -> None:
    table = first(({"dialysis": "true"}, "A"))
    assert table.decide({}, "type").candidates == ("A", None)
    assert table.decide({}, "type").status == "open"
    none = table.decide({"dialysis": NO}, "type")
    assert (none.status, none.outcome, none.candidates) == ("none", None, ())


def test_the_status_looks_at_each_row_alone_while_candidates_look_at_cases() -> None:
    table = first(({"phosphate": "<= 1.45"}, "A"), ({"phosphate": "> 1.45"}, "A"))
    decision = table.decide({}, "type")
    assert (decision.status, decision.candidates) == ("open", ("A",))
    assert table.settle({}, "type") == ("phosphate",)


def test_true_and_the_word_true_are_different_outcomes() -> None:
    rows = (Row("a", {"dialysis": "true"}, {"out": True}), Row("b", {}, {"out": "true"}))
    decision = compile_table(Table("t", "FIRST", rows), DOMAINS).decide({}, "out")
    assert decision.candidates == (True, "true")


# UNIQUE ------------------------------------------------------------------------------------------


def unique(*rows: tuple[dict[str, str], str]) -> CompiledTable:
    made = tuple(Row(f"u{number}", when, {"type": outcome}) for number, (when, outcome) in enumerate(rows, 1))
    return compile_table(Table("types", "UNIQUE", made), DOMAINS)


@pytest.fixture
def disjoint() -> CompiledTable:
    return unique(
        ({"phosphate": "> 1.45", "dialysis": "true"}, "metastatic"),
        ({"phosphate": "> 1.45", "dialysis": "false"}, "mixed"),
        ({"phosphate": "<= 1.45"}, "idiopathic"),
    )


@pytest.fixture
def overlapping() -> CompiledTable:
    return unique(({"phosphate": "> 1.45"}, "metastatic"), ({"dialysis": "true"}, "iatrogenic"))


@pytest.mark.parametrize(
    ("knowledge", "status", "candidates"),
    [
        ({"phosphate": HIGH, "dialysis": YES}, "decided", ("metastatic",)),
        ({"phosphate": HIGH}, "open", ("metastatic", "mixed")),
        ({"phosphate": LOW}, "decided", ("idiopathic",)),
        ({"phosphate": union(LOW, HIGH), "dialysis": YES}, "open", ("metastatic", "idiopathic")),
        ({"dialysis": NOT_APPLICABLE}, "open", ("idiopathic", None)),
        ({"phosphate": NOT_APPLICABLE}, "none", ()),
    ],
)
def test_rows_of_which_one_holds_at_most_never_conflict(
    disjoint: CompiledTable, knowledge: dict[str, Possible], status: str, candidates: tuple[str, ...]
) -> None:
    decision = disjoint.decide(knowledge, "type")
    assert (decision.status, decision.candidates, decision.candidates_exact) == (status, candidates, True)
    assert decision.conflict == ()


@pytest.mark.parametrize(
    ("knowledge", "status", "candidates", "conflict"),
    [
        ({"phosphate": HIGH, "dialysis": YES}, "conflict", (), ("u1", "u2")),
        ({"phosphate": HIGH}, "open", ("metastatic",), ("u1", "u2")),
        ({"phosphate": HIGH, "dialysis": NO}, "decided", ("metastatic",), ()),
        ({}, "open", ("metastatic", "iatrogenic", None), ("u1", "u2")),
    ],
)
def test_where_two_rows_hold_no_outcome_is_picked(
    overlapping: CompiledTable, knowledge: dict[str, Possible], status: str, candidates: tuple[str, ...], conflict: tuple[str, ...]
) -> None:
    decision = overlapping.decide(knowledge, "type")
    assert (decision.status, decision.candidates, decision.conflict) == (status, candidates, conflict)
    assert (decision.outcome is not None) is (status == "decided")


def test_two_rows_of_one_outcome_conflict_as_well() -> None:
    decision = unique(({"phosphate": "> 1.45"}, "A"), ({"dialysis": "true"}, "A")).decide({"phosphate": HIGH, "dialysis": YES}, "type")
    assert (decision.status, decision.outcome, decision.row, decision.fired) == ("conflict", None, None, ("u1", "u2"))


def test_a_decision_of_which_every_case_conflicts_has_no_candidates() -> None:
    table = unique(({}, "A"), ({"dialysis": "true"}, "B"), ({"dialysis": "false"}, "C"))
    decision = table.decide({}, "type")
    assert (decision.status, decision.candidates, decision.conflict) == ("open", (), ("u1", "u2", "u3"))


def test_a_conflict_is_settled_and_never_assumed(overlapping: CompiledTable) -> None:
    assert overlapping.settle({"phosphate": HIGH}, "type") == ("dialysis",)
    assert overlapping.settle({"phosphate": HIGH, "dialysis": YES}, "type") == ()
    assert overlapping.assumptions({"phosphate": HIGH}, "type", "metastatic", {}) == (("dialysis", NO),)
    assert overlapping.assumptions({"phosphate": HIGH, "dialysis": YES}, "type", "metastatic", {}) is None


def test_a_table_full_of_conflicts_is_answered_coarsely_and_says_so() -> None:
    table = unique(*(({"phosphate": f"> {number / 100}"}, f"T{number}") for number in range(100, 130)))
    decision = table.decide({}, "type")
    assert (decision.status, decision.candidates_exact, len(decision.conflict)) == ("open", False, 30)
    assert set(decision.candidates) == {None, *(f"T{number}" for number in range(100, 130))}
    assert table.settle({}, "type") == ("phosphate",)
    assert table.assumptions({}, "type", "T100", {}) is None


# COLLECT -----------------------------------------------------------------------------------------


def test_collect_keeps_what_holds_apart_from_what_may_hold() -> None:
    rows = (Row("w", {"dialysis": "true"}), Row("c", {"cause": "ssc"}), Row("p", {"pregnant": "true"}))
    table = compile_table(Table("checks", "COLLECT", rows), DOMAINS)
    collected = table.collect({"dialysis": YES, "pregnant": NO})
    assert (collected.sure, collected.possible) == (("w",), ("c",))


# What is known -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["true", "false", "not(true)"])
def test_only_a_dash_holds_for_a_fact_that_is_not_applicable(text: str) -> None:
    table = first(({"pregnant": text}, "A"), ({"pregnant": "-"}, "B"))
    assert table.truths({"pregnant": NOT_APPLICABLE}) == (False, True)
    assert table.truths({"pregnant": union(NOT_APPLICABLE, YES, NO)}) == (None, True)


def test_a_value_beyond_the_limits_counts_as_the_limit() -> None:
    table = first(({"phosphate": "> 1.45"}, "A"), ({"phosphate": "0.10"}, "B"))
    assert table.truths({"phosphate": exactly(9000)}) == (True, False)
    assert table.truths({"phosphate": exactly(0)}) == (False, True)


def test_an_interval_decides_where_all_of_it_lies_on_one_side(types: CompiledTable) -> None:
    assert types.truths({"phosphate": between(None, 145)}) == (False, False, True)
    assert types.truths({"phosphate": between(146, None)}) == (None, True, True)
    assert types.truths({"phosphate": between(145, 146)}) == (None, None, True)


@pytest.mark.parametrize(
    ("fact", "known", "remedy"),
    [
        ("phosphate", YES, "whole number"),
        ("phosphate", exactly("high"), "whole number"),
        ("dialysis", exactly(1), "true or false"),
        ("dialysis", exactly("yes"), "true or false"),
        ("cause", exactly("lupus"), "ssc, jdm, none"),
        ("cause", among(("ssc", "lupus")), "ssc, jdm, none"),
        ("cause", between(1, 2), "ssc, jdm, none"),
    ],
)
def test_knowledge_of_another_kind_is_refused(fact: str, known: Possible, remedy: str) -> None:
    asks = {"phosphate": "> 1.45", "dialysis": "true", "cause": "ssc"}
    table = first((asks, "A"), ({}, "B"))
    with pytest.raises(KnowledgeError, match=rf"fact {fact}: .*{remedy}"):
        table.truths({fact: known})


def test_what_was_read_before_does_not_let_another_kind_pass() -> None:
    table = first(({"phosphate": "> 1.45", "dialysis": "true", "cause": "ssc"}, "A"), ({}, "B"))
    fitting = {"phosphate": exactly(1), "dialysis": exactly(True), "cause": exactly("ssc")}
    table.truths(fitting)
    for fact in fitting:
        for other, known in fitting.items():
            if other != fact:
                with pytest.raises(KnowledgeError, match=f"fact {fact}: "):
                    table.truths({fact: known})


# Explanation ---------------------------------------------------------------------------------------


def test_each_test_says_whether_it_holds_and_how_far_off_it_is(types: CompiledTable) -> None:
    row = types.explain({"phosphate": exactly(143)})[0]
    assert (row.row, row.truth) == ("r1", False)
    missed, hanging = row.tests
    assert (missed.fact, missed.text, missed.truth, missed.known, missed.distance) == (
        "phosphate",
        "> 1.45",
        False,
        exactly(143),
        3,
    )
    assert (hanging.fact, hanging.truth, hanging.known, hanging.distance) == ("dialysis", None, None, None)
    assert (row.failed, row.unknown) == ((missed,), (hanging,))


def test_a_number_that_holds_is_no_distance_away(types: CompiledTable) -> None:
    tests = types.explain({"phosphate": HIGH, "dialysis": NO})[0].tests
    assert [(test.truth, test.distance) for test in tests] == [(True, 0), (False, None)]


def test_only_the_rows_asked_for_are_explained(types: CompiledTable) -> None:
    assert [row.row for row in types.explain({}, rows=("r2",))] == ["r2"]


def test_an_explanation_keeps_what_was_known_when_it_was_made(types: CompiledTable) -> None:
    knowledge = {"phosphate": HIGH}
    explained = types.explain(knowledge)
    knowledge["phosphate"] = LOW
    assert explained[1].tests[0].known == HIGH


def test_nearest_misses_come_by_failed_tests_and_then_by_how_far_off_they_are() -> None:
    table = first(
        ({"phosphate": "> 3.00", "dialysis": "true"}, "two failed"),
        ({"dialysis": "true"}, "a whole question off"),
        ({"phosphate": "> 2.00"}, "far"),
        ({"phosphate": "> 1.45"}, "near"),
        ({"pregnant": "true"}, "out of reach"),
        ({}, "holds"),
    )
    missed = table.nearest_misses({"phosphate": LOW, "dialysis": NO, "pregnant": NOT_APPLICABLE}, 9)
    assert [row.row for row in missed] == ["r4", "r3", "r2", "r5", "r1"]
    assert len(table.nearest_misses({"phosphate": LOW, "dialysis": NO}, 1)) == 1


# Assumptions ---------------------------------------------------------------------------------------

NORMAL = {"phosphate": between(80, 145), "dialysis": NO}


def test_the_fewest_assumptions_are_said_as_widely_as_they_may_be(types: CompiledTable) -> None:
    assert types.assumptions({}, "type", "idiopathic", {}) == (("phosphate", between(10, 145)),)
    assert types.assumptions({}, "type", "metastatic", {}) == (
        ("phosphate", between(146, 500)),
        ("dialysis", YES),
    )


def test_ordinary_values_are_preferred_and_named_as_they_are(types: CompiledTable) -> None:
    assert types.assumptions({}, "type", "idiopathic", NORMAL) == (("phosphate", between(80, 145)),)
    table = first(({"dialysis": "true"}, "B"), ({"cause": "ssc"}, "B"), ({}, "A"))
    ordinary = {"dialysis": NO, "cause": among(("none", "jdm"))}
    assert table.assumptions({}, "type", "A", ordinary) == (
        ("dialysis", NO),
        ("cause", among(("jdm", "none"))),
    )


def test_assumptions_stay_within_what_is_known(types: CompiledTable) -> None:
    known = {"phosphate": between(120, 160)}
    assert types.assumptions(known, "type", "idiopathic", NORMAL) == (("phosphate", between(120, 145)),)
    assert types.assumptions({"phosphate": HIGH}, "type", "idiopathic", NORMAL) is None


def test_a_fixed_fact_is_never_assumed_away(types: CompiledTable) -> None:
    known = {"phosphate": union(LOW, HIGH)}
    assert types.assumptions(known, "type", "idiopathic", NORMAL) == (("phosphate", LOW),)
    assert types.assumptions(known, "type", "idiopathic", NORMAL, frozenset({"phosphate"})) is None


def test_a_decided_table_needs_no_assumptions(types: CompiledTable) -> None:
    assert types.assumptions({"phosphate": LOW}, "type", "idiopathic", {}) == ()


# Settle --------------------------------------------------------------------------------------------


def test_what_settles_most_comes_first_and_what_cannot_matter_is_left_out() -> None:
    table = first(
        ({"phosphate": "> 1.45", "dialysis": "true"}, "metastatic"),
        ({"phosphate": "> 1.45"}, "mixed"),
        ({"cause": "ssc"}, "dystrophic"),
        ({"pregnant": "true"}, "idiopathic"),
        ({}, "idiopathic"),
    )
    # Cause and dialysis leave three candidates each; cause leaves fewer rows open.
    assert table.settle({}, "type") == ("phosphate", "cause", "dialysis")
    assert table.settle({"phosphate": LOW}, "type") == ("cause",)
    assert table.settle({"phosphate": HIGH, "dialysis": NO}, "type") == ()


def test_a_contradiction_is_worth_asking_about_like_an_unknown_fact(types: CompiledTable) -> None:
    assert types.settle({"phosphate": union(LOW, HIGH), "dialysis": YES}, "type") == ("phosphate",)


def test_the_best_pair_comes_first_where_no_single_fact_narrows() -> None:
    # Each of the four facts alone leaves both outcomes; dialysis and phosphate together settle it.
    table = first(
        ({"cause": "ssc", "pregnant": "true", "onset": "< 2020-01-01"}, "A"),
        ({"dialysis": "true", "phosphate": "> 1.45"}, "A"),
        ({"dialysis": "false", "phosphate": "<= 1.45"}, "A"),
        ({}, "B"),
    )
    assert set(table.settle({}, "type")[:2]) == {"dialysis", "phosphate"}
    assert set(table.settle({}, "type")[2:]) == {"cause", "pregnant", "onset"}
