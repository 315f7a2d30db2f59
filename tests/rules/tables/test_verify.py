"""What verification says of small tables: the examples of docs/engine.md."""

from clinical_rules.tables import NOT_APPLICABLE, Domain, Row, Table, compile_table, exactly, union
from clinical_rules.tables.verify import Constraints, TableFinding, implies, never_together, verify_table

DOMAINS = {
    domain.key: domain
    for domain in (
        Domain("phosphate", "number", precision=2, low=10, high=500),
        Domain("dialysis", "boolean"),
        Domain("kidney_disease", "boolean"),
        Domain("pregnant", "boolean"),
        Domain("sex", "code", codes=("female", "male")),
    )
}
YES, NO = exactly(True), exactly(False)
PREGNANCY = Constraints(
    DOMAINS,
    implies("who can be pregnant", {"sex": exactly("male")}, {"pregnant": NOT_APPLICABLE}, DOMAINS)
    + implies("who can be pregnant", {"sex": exactly("female")}, {"pregnant": union(YES, NO)}, DOMAINS),
    frozenset({"pregnant"}),
)
DIALYSIS = Constraints(DOMAINS, implies("dialysis is for kidney disease", {"dialysis": YES}, {"kidney_disease": YES}, DOMAINS))


def verify(*rows: tuple[dict[str, str], str], constraints: Constraints | None = None, policy: str = "FIRST", **more) -> list[TableFinding]:
    made = tuple(Row(f"r{number}", when, {"type": outcome}) for number, (when, outcome) in enumerate(rows, 1))
    compiled = compile_table(Table("types", policy, made), DOMAINS)
    return [one for one in verify_table(compiled, constraints or Constraints(), **more) if one.kind != "leaves_open"]


def only(found: list[TableFinding], kind: str) -> TableFinding:
    (one,) = [finding for finding in found if finding.kind == kind]
    return one


def test_a_table_without_faults_says_nothing_but_what_hides_what() -> None:
    found = verify(({"phosphate": "> 1.45", "dialysis": "true"}, "metastatic"), ({"phosphate": "> 1.45"}, "mixed"), ({}, "idiopathic"))
    overlap = only(found, "overlap")
    assert found == [overlap]
    assert (overlap.severity, overlap.rows, overlap.witness) == ("note", ("r1", "r2"), {"phosphate": 146, "dialysis": True})


def test_a_gap_is_shown_with_a_patient() -> None:
    gap = only(verify(({"phosphate": "> 1.45"}, "a"), ({"phosphate": "<= 1.40"}, "b")), "gap")
    assert (gap.severity, gap.witness) == ("error", {"phosphate": 141})
    assert only(verify(({"phosphate": "> 1.45"}, "a"), complete=False), "gap").severity == "note"


def test_not_applicable_is_a_state_that_rows_can_forget() -> None:
    rows = (({"pregnant": "true"}, "a"), ({"pregnant": "false"}, "b"))
    assert not verify(*rows)
    assert only(verify(*rows, constraints=PREGNANCY), "gap").witness == {"pregnant": None, "sex": "male"}


def test_a_masked_row_names_the_rows_that_come_before_it() -> None:
    rows = (({"phosphate": "> 1.45"}, "a"), ({"phosphate": "<= 1.45", "dialysis": "true"}, "b"), ({"dialysis": "true"}, "c"), ({}, "d"))
    masked = only(verify(*rows), "masked")
    assert (masked.severity, masked.rows) == ("error", ("r3", "r1", "r2"))


def test_a_masked_row_may_decide_while_it_is_open_which_row_comes_first() -> None:
    """Positions "within or above" are no one row's; the third row says the same of both."""
    rows = (({"phosphate": "> 2.00"}, "a"), ({"phosphate": "[1.45..2.00]"}, "a"), ({"phosphate": ">= 1.45"}, "a"), ({}, "b"))
    masked = only(verify(*rows), "masked")
    assert (masked.severity, masked.rows) == ("note", ("r3", "r1", "r2"))


def test_no_patient_is_made_up_against_the_constraints() -> None:
    rows = (({"dialysis": "true", "kidney_disease": "false"}, "a"), ({"dialysis": "true"}, "b"), ({"dialysis": "false"}, "c"))
    assert not [one for one in verify(*rows) if one.kind == "never"]
    never = only(verify(*rows, constraints=DIALYSIS), "never")
    assert (never.severity, never.rows) == ("error", ("r1",))
    assert "dialysis is for kidney disease" in never.say


def test_facts_are_tied_through_a_third_one() -> None:
    """Dialysis needs kidney disease, and nobody pregnant has it here: so no row for both."""
    tied = Constraints(DOMAINS, (*DIALYSIS.impossible, never_together("a made-up law", kidney_disease=YES, pregnant=YES)))
    rows = (({"dialysis": "true", "pregnant": "true"}, "a"), ({}, "b"))
    assert only(verify(*rows, constraints=tied), "never").rows == ("r1",)


def test_constraints_that_allow_nobody_are_said_first() -> None:
    nobody = Constraints(DOMAINS, (never_together("x", dialysis=YES), never_together("y", dialysis=NO)))
    assert [one.kind for one in verify(({"dialysis": "true"}, "a"), constraints=nobody)] == ["no_case"]


def test_thresholds_and_facts_that_change_nothing() -> None:
    found = verify(({"phosphate": "< 1.20", "dialysis": "true"}, "a"), ({"phosphate": "< 1.45"}, "a"), ({}, "b"))
    assert only(found, "idle_fact").fact == "dialysis"
    threshold = only(found, "idle_threshold")
    assert (threshold.fact, threshold.text, threshold.rows) == ("phosphate", "1.2", ("r1",))


def test_numbers_beyond_the_limits_and_tests_that_ask_nothing() -> None:
    found = verify(({"phosphate": "<= 6.00"}, "a"))
    assert {(one.kind, one.text) for one in found} >= {("beyond_limits", "<= 6"), ("always", "<= 6")}


def test_outcomes_that_were_declared_and_those_that_were_not() -> None:
    found = verify(({"dialysis": "true"}, "a"), ({}, "b"), declared={"type": ("a", "c")})
    assert only(found, "unproduced").text == "c"
    undeclared = only(found, "undeclared")
    assert (undeclared.rows, undeclared.text, undeclared.severity) == (("r2",), "b", "error")


def test_what_is_not_proved_blocks() -> None:
    found = verify(({"phosphate": "> 1.45"}, "a"), ({}, "b"), budget=0)
    assert {one.kind for one in found if one.severity == "error"} == {"not_proved"}


def test_a_fact_that_can_leave_the_decision_open() -> None:
    rows = (Row("r1", {"phosphate": "> 1.45", "dialysis": "true"}, {"type": "a"}), Row("r2", {}, {"type": "b"}))
    found = [one for one in verify_table(compile_table(Table("types", "FIRST", rows), DOMAINS)) if one.kind == "leaves_open"]
    assert [(one.fact, one.witness) for one in found] == [("phosphate", {"dialysis": True}), ("dialysis", {"phosphate": 146})]


def test_two_rows_of_a_unique_table_that_hold_together() -> None:
    rows = (({"phosphate": "> 1.45"}, "a"), ({"dialysis": "true"}, "a"), ({"phosphate": "<= 1.45", "dialysis": "false"}, "b"))
    overlap = only(verify(*rows, policy="UNIQUE"), "overlap")
    assert (overlap.severity, overlap.rows, overlap.witness) == ("error", ("r1", "r2"), {"phosphate": 146, "dialysis": True})


def test_an_overlap_of_patients_who_cannot_exist_is_none() -> None:
    rows = (({"dialysis": "true"}, "a"), ({"kidney_disease": "false"}, "b"), ({"dialysis": "false", "kidney_disease": "true"}, "c"))
    assert only(verify(*rows, policy="UNIQUE"), "overlap").rows == ("r1", "r2")
    assert not verify(*rows, policy="UNIQUE", constraints=DIALYSIS)


def test_rows_inside_another() -> None:
    rows = (({"phosphate": "> 2.00"}, "a"), ({"phosphate": "> 1.45", "dialysis": "true"}, "b"), ({"phosphate": "> 1.45"}, "a"), ({}, "c"))
    assert only(verify(*rows), "inside").rows == ("r1", "r3")
    collected = (({"phosphate": "> 2.00"}, "stop"), ({"phosphate": "> 1.45"}, "stop"))
    assert only(verify(*collected, policy="COLLECT"), "inside").rows == ("r1", "r2")
