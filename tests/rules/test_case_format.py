"""The page that explains the case format: every example on it is run."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

from clinical_rules.assessment import assess
from clinical_rules.case_check import check_one
from clinical_rules.commands import parse_json
from clinical_rules.errors import CaseError
from clinical_rules.release import load
from clinical_rules.schema import case_schema
from tests.rules.bedside import case

PAGE = (Path(__file__).parents[2] / "docs" / "case-format.md").read_text()
VALIDATOR = Draft202012Validator(case_schema(load()))


class Example(NamedTuple):
    kind: str
    text: str
    says: str


EXAMPLES = [
    Example(kind or "whole case", text, " ".join(quoted.replace("> ", "").split()))
    for kind, text, quoted in re.findall(r"```json ?(\w*)\n(.*?)```\n(?:\n((?:> [^\n]*\n)+))?", PAGE, re.DOTALL)
]


def whole(example: Example) -> dict[str, Any]:
    """The example as a case of its own."""
    block: dict[str, Any] = parse_json(example.text)
    if example.kind == "whole case":
        return block
    return case({}, block) if example.kind == "lesion" else case(block)


def test_the_page_has_examples_of_every_kind() -> None:
    assert {one.kind for one in EXAMPLES} == {"whole case", "patient", "lesion", "refused"}
    assert len(EXAMPLES) == PAGE.count("```json")


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.kind != "refused"], ids=lambda one: f"{one.kind}: {one.text[:40]!r}")
def test_an_example_is_accepted_by_the_rules_and_by_the_schema(example: Example) -> None:
    document = whole(example)

    VALIDATOR.validate(json.loads(json.dumps(document, default=float)))
    assert assess(document, load()).warnings == ()


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.kind == "refused"], ids=lambda one: one.says[:40])
def test_what_the_page_says_is_refused_is_refused_in_these_words(example: Example) -> None:
    assert example.says
    with pytest.raises(CaseError, match=re.escape(example.says)):
        assess(whole(example), load())


def test_what_the_page_expects_is_obtained() -> None:
    [expecting] = [one for one in EXAMPLES if '"expected"' in one.text]

    assert check_one(whole(expecting), load()).differences == ()


def test_the_page_names_every_field_of_an_assessment() -> None:
    fields = set(assess(case(), load()).as_json()) - {"id"}
    table = PAGE.partition("## What comes back")[2]

    assert fields <= set(re.findall(r"`(\w+)`", table))
