"""The model allows what assessments really say; so what it proves holds of them."""

from clinical_rules.release import load
from tests.rules.verification.agreement import check


def test_every_clause_of_the_model_holds_of_patients_by_chance_and_no_statement_is_broken_by_one() -> None:
    """Facts, definitions, flags, types, choice rows, gates and statuses; more by ``python3 -m tests.rules.verification.agreement``."""
    seen, wrong = check(load(), 80, seed=4)

    assert wrong == []
    for kind in ("status offered", "status blocked", "status unassessable", "type open", "type iatrogenic"):
        assert seen[kind], f"none of the patients shows {kind}"
    assert seen["type withheld"] > 4
    assert seen["not allowed"] < 100, "most patients must be such as the implications allow"
