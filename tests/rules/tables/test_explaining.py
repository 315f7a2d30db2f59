"""The examples of docs/engine.md: what settles a decision, what cannot matter, and where an answer flips."""

import pytest

from clinical_rules.tables import CompiledTable, Domain, Possible, Row, Table, compile_table, exactly

DOMAINS = {
    domain.key: domain
    for domain in (
        Domain("phosphate", "number", precision=2, low=10, high=500),
        Domain("dialysis", "boolean"),
        Domain("cause", "boolean"),
    )
}
HIGH, LOW, YES, NO = exactly(160), exactly(140), exactly(True), exactly(False)


@pytest.fixture
def types() -> CompiledTable:
    rows = (
        Row("r1", {"phosphate": "> 1.45", "dialysis": "true"}, {"type": "metastatic"}),
        Row("r2", {"phosphate": "> 1.45", "cause": "true"}, {"type": "mixed"}),
        Row("r3", {}, {"type": "idiopathic"}),
    )
    return compile_table(Table("types", "FIRST", rows), DOMAINS)


@pytest.mark.parametrize(
    ("known", "always", "sometimes"),
    [
        ({}, (("phosphate", "dialysis", "cause"),), (("phosphate",), ("dialysis", "cause"))),
        ({"phosphate": HIGH}, (("dialysis", "cause"),), (("dialysis",),)),
        ({"phosphate": LOW}, ((),), ((),)),
    ],
)
def test_settling_sets(types: CompiledTable, known: dict[str, Possible], always: tuple, sometimes: tuple) -> None:
    found = types.settling_sets(known, "type")
    assert (found.always, found.sometimes) == (always, sometimes)
    assert found.always_all and found.sometimes_all


def test_a_size_leaves_larger_sets_out(types: CompiledTable) -> None:
    assert types.settling_sets({}, "type", size=2).always == ()


def test_what_cannot_matter_any_more(types: CompiledTable) -> None:
    assert types.cannot_matter({"phosphate": LOW}, "type").facts == ("dialysis", "cause")
    assert types.cannot_matter({"phosphate": HIGH}, "type").facts == ()
    assert types.cannot_matter({"phosphate": HIGH, "dialysis": YES}, "type").facts == ("cause",)


def test_flip_points(types: CompiledTable) -> None:
    known = {"phosphate": HIGH, "dialysis": YES, "cause": NO}
    assert [(one.fact, one.side, one.value, one.says.outcome) for one in types.flips(known, "type")] == [
        ("phosphate", "below", 145, "idiopathic"),
        ("dialysis", "other", False, "idiopathic"),
    ]
    del known["cause"]
    (flip,) = [one for one in types.flips(known, "type") if one.fact == "dialysis"]
    assert (flip.says.status, flip.says.candidates) == ("open", ("mixed", "idiopathic"))


def test_flips_of_a_collect_table() -> None:
    rows = (Row("w", {"phosphate": "> 2.00"}, {"then": "stop"}), Row("c", {"dialysis": "true"}, {"then": "check"}))
    gates = compile_table(Table("gates", "COLLECT", rows), DOMAINS)
    (flip,) = gates.collect_flips({"phosphate": HIGH})
    assert (flip.side, flip.value, flip.says.sure, flip.says.possible) == ("above", 201, ("w",), ("c",))
    assert len(gates.collect_flips({"phosphate": HIGH, "dialysis": NO})) == 2
