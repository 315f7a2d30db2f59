"""How the parts of a row are said."""

from typing import Any

import pytest

from calcinosis_app.rulebooks.bridge import shipped
from calcinosis_app.rulebooks.presentation import words
from calcinosis_app.rulebooks.presentation.rows import row_view


@pytest.mark.parametrize(
    ("fact", "test", "said"),
    [
        ("sbp", "< 90", "below 90 mmHg"),
        ("on_dialysis", "true", "yes"),
        ("phosphate_position", "above", "above range"),
        ("phosphate_position", "not(within)", "none of: within range"),
        ("phosphate_position", "below, above", "below range or above range"),
        ("no_such_fact", "> 1", "> 1"),
    ],
)
def test_a_test_in_words(fact: str, test: str, said: str) -> None:
    assert words.asks(shipped(), fact, test) == said


@pytest.mark.parametrize(
    ("pair", "said"),
    [(("2.1", "2.6"), "2.1 to 2.6 mmol/L"), (("", "5"), "up to 5 mmol/L"), (("5", ""), "from 5 mmol/L"), (("", ""), ""), ((), "")],
)
def test_a_range_in_words(pair: tuple[str, ...], said: str) -> None:
    assert words.limits(pair, "mmol/L") == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0, 54787, "all ages"),
        (0, 10, "up to 10 days"),
        (11, 729, "11 days to 24 months"),
        (731, 4747, "2 years to 13 years"),
        (6574, 54787, "from 18 years"),
    ],
)
def test_an_age_band_in_words(low: int, high: int, said: str) -> None:
    assert words.ages(low, high) == said


@pytest.mark.parametrize(
    ("row", "mark"),
    [
        ({"seen": False}, "figure not confirmed in a source"),
        ({"seen": True, "seen_basis": "secondary"}, "seen in a secondary source only"),
        ({"seen": True, "seen_basis": "source"}, ""),
        ({}, ""),
    ],
)
def test_the_mark_of_a_figure(row: dict[str, Any], mark: str) -> None:
    assert words.seen_mark(row) == mark


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("all", "Everybody with calcinosis"),
        ("metastatic_ckd", "Metastatic or mixed, with kidney disease"),
        ("hftc", "Hyperphosphataemic familial tumoral calcinosis"),
        ("calciphylaxis_suspected", "Calciphylaxis suspected"),
        ("open_type", "The type is open"),
        ("no_such_state", "No such state"),
    ],
)
def test_a_state_of_the_disease_in_words(condition: str, said: str) -> None:
    assert words.state_label(shipped(), condition) == said


def test_every_state_that_has_checks_has_a_name_of_its_own() -> None:
    for row in shipped().content["lists"]["follow_up"]:
        if row.get("condition"):
            assert "_" not in words.state_label(shipped(), row["condition"])
            assert "ckd" not in words.state_label(shipped(), row["condition"])


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("m[IU]/L", "mIU/L"),
        ("[arb'U]/mL", "U/mL"),
        ("mg/dL{urea_nitrogen}", "mg/dL (urea nitrogen)"),
        ("mL/min/{1.73_m2}", "mL/min/1.73 m²"),
    ],
)
def test_a_unit_as_people_write_it(unit: str, said: str) -> None:
    assert words.unit_of(unit) == said


def test_the_parts_of_a_row_come_in_reading_order() -> None:
    check = {"id": "x", "what_to_check": "size", "action": "stop", "action_threshold": "grows", "method": "photo", "text": "Say so."}
    shown = row_view(shipped(), check)

    assert [line.label for line in shown.lines] == ["how", "act when", "then"]
    assert shown.text == "Say so."


def test_what_no_rule_knows_is_shown_by_its_name() -> None:
    shown = row_view(shipped(), {"id": "x", "say": "something", "new_property": ["a", True]})

    assert [(line.label, [item.text for item in line.items]) for line in shown.lines] == [("new property", ["a", "yes"])]
