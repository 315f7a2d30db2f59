"""Published cases (O..) and made-up ones (G..): what was expected of the rules before they were run, and what may never happen."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clinical_rules.assessment import Assessment, assess
from clinical_rules.classification import LesionResult
from clinical_rules.release import KNOWLEDGE, load
from clinical_rules.tables import exactly

WRITTEN: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(Path(KNOWLEDGE, "cases").glob("*.json"))
}
CASES = {name: case for name, case in WRITTEN.items() if case.get("purpose") != "boundary"}
PUBLISHED = [name for name, case in CASES.items() if "published_type" in case["expected"]]
OPEN_TO_ACCEPT = {"offered", "caution", "reason", "specialist", "provisional"}
BROUGHT = OPEN_TO_ACCEPT | {"unassessable"}
SKIN = "any_definite_skin_sign"


@pytest.fixture(scope="module")
def judged() -> dict[str, Assessment]:
    """Every case, judged once."""
    return {name: assess(case, load()) for name, case in CASES.items()}


def read(assessment: Assessment, wanted: Any, attribute: str) -> Any:
    """What stands with each lesion where the expectation names lesions; else what stands with all of them."""
    found = {one.id: getattr(one, attribute) for one in assessment.lesions}
    kinds = {name: value.type if attribute == "leading" and value else value for name, value in found.items()}
    if isinstance(wanted, dict):
        return kinds
    return next(iter(kinds.values())) if len(set(kinds.values())) == 1 else kinds


def fits(lesion: LesionResult, kind: str | None, acceptable: list[str]) -> bool:
    """Whether a type is acceptable: mixed counts when a part is; calciphylaxis counts by its flag or its mark."""
    parts = {"metastatic", "dystrophic"} if kind == "mixed" else set()
    return (
        kind in acceptable
        or bool(parts & set(acceptable))
        or ("calciphylaxis" in acceptable and "calciphylaxis_not_excluded" in lesion.marks)
    )


# --- as it was expected ---------------------------------------------------------------------------
@pytest.mark.parametrize("name", CASES)
def test_as_expected(name: str, judged: dict[str, Assessment]) -> None:
    assessment, expected = judged[name], CASES[name]["expected"]
    obtained = {
        "status": assessment.status,
        "type": read(assessment, expected["type"], "type"),
        "leading": read(assessment, expected["leading"], "leading"),
        "emergencies": sorted({flag.key for flag in assessment.emergencies}),
        "settle_first": (assessment.lesions[0].settle or (None,))[0],
    }
    assert obtained == {**{key: expected[key] for key in obtained}, "emergencies": sorted(expected["emergencies"])}


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "marks" in case["expected"]])
def test_marks_what_qualifies_the_type(name: str, judged: dict[str, Assessment]) -> None:
    for lesion in judged[name].lesions:
        if not ("presumed" in CASES[name]["expected"]["marks"] and len(judged[name].lesions) > 1):
            assert set(CASES[name]["expected"]["marks"]) <= set(lesion.marks)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "options" in case["expected"]])
def test_option_has_the_expected_status(name: str, judged: dict[str, Assessment]) -> None:
    found = {option.treatment: option.status for option in judged[name].options}
    wanted = CASES[name]["expected"]["options"]
    assert {treatment: found[treatment] for treatment in wanted} == wanted


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "not_offered" in case["expected"]])
def test_what_would_harm_is_not_open_to_accept(name: str, judged: dict[str, Assessment]) -> None:
    open_to_accept = {option.treatment for option in judged[name].options if option.status in OPEN_TO_ACCEPT}
    assert not open_to_accept & set(CASES[name]["expected"]["not_offered"])


# --- as the issue asks ----------------------------------------------------------------------------
@pytest.mark.parametrize("name", PUBLISHED)
def test_decided_type_is_acceptable(name: str, judged: dict[str, Assessment]) -> None:
    acceptable = CASES[name]["expected"]["acceptable_types"]
    for lesion in judged[name].lesions:
        if lesion.status == "decided":
            assert fits(lesion, lesion.type, acceptable), f"{lesion.type}, acceptable are {acceptable}"
        if lesion.status == "withheld":
            assert "calciphylaxis" in acceptable


@pytest.mark.parametrize("name", PUBLISHED)
def test_open_case_leads_to_an_acceptable_type_or_says_why_none_can(name: str, judged: dict[str, Assessment]) -> None:
    acceptable = CASES[name]["expected"]["acceptable_types"]
    for lesion in judged[name].lesions:
        if lesion.status != "open":
            continue
        if lesion.leading:
            assert fits(lesion, lesion.leading.type, acceptable), f"{lesion.leading.type}, acceptable are {acceptable}"
            assert lesion.leading.type in lesion.candidates
        else:
            assert lesion.no_lead


@pytest.mark.parametrize("name", [name for name in PUBLISHED if CASES[name]["expected"]["published_type"] == "calciphylaxis"])
def test_calciphylaxis_raises_its_flag_or_heads_the_questions(name: str, judged: dict[str, Assessment]) -> None:
    flagged = {flag.lesion for flag in judged[name].emergencies if flag.key in {"calciphylaxis", "calciphylaxis_suspected"}}
    for lesion in judged[name].lesions:
        assert lesion.id in flagged or lesion.settle[0] == SKIN


@pytest.mark.parametrize("name", CASES)
def test_open_lesion_says_what_would_settle_it(name: str, judged: dict[str, Assessment]) -> None:
    for lesion in judged[name].lesions:
        assert lesion.settle or lesion.status != "open"


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_open_to_accept_past_an_absolute_gate(name: str, judged: dict[str, Assessment]) -> None:
    for option in judged[name].options:
        shut = [gate.row for gate in option.gates if gate.severity == "absolute" and gate.truth is True]
        unanswered = [gate.row for gate in option.gates if gate.severity == "absolute" and gate.truth is None]
        assert not (shut and option.status in BROUGHT), (option.treatment, option.lesion, shut)
        assert not (unanswered and option.status in OPEN_TO_ACCEPT), (option.treatment, option.lesion, unanswered)


@pytest.mark.parametrize("name", CASES)
def test_no_elective_procedure_while_calciphylaxis_is_flagged_or_not_excluded(name: str, judged: dict[str, Assessment]) -> None:
    release = load()
    endangered = {flag.lesion for flag in judged[name].emergencies if flag.key in {"calciphylaxis", "calciphylaxis_suspected"}}
    endangered |= {lesion.id for lesion in judged[name].lesions if "calciphylaxis_not_excluded" in lesion.marks}
    for option in judged[name].options:
        if option.lesion in endangered and release.treatments[option.treatment].category in {"procedure", "diagnostic"}:
            assert option.status not in OPEN_TO_ACCEPT, (option.treatment, option.lesion)


def test_nothing_is_offered_in_an_empty_case(judged: dict[str, Assessment]) -> None:
    assert not CASES["G28"]["patient"]["findings"]
    assert not CASES["G28"]["lesions"][0]["findings"]
    assert {option.treatment: option.status for option in judged["G28"].options if option.status in OPEN_TO_ACCEPT} == {}
    assert {option.treatment for option in judged["G28"].options} == set(load().treatments)


@pytest.mark.parametrize("name", CASES)
def test_every_treatment_has_its_place(name: str, judged: dict[str, Assessment]) -> None:
    assert {option.treatment for option in judged[name].options} == set(load().treatments)
    assert {option.status for option in judged[name].options if option.treatment == "warfarin_low_dose"} == {"blocked"}


# --- one yes shuts an offered option --------------------------------------------------------------
def yes_gates(treatment: str) -> list[tuple[str, str]]:
    """The absolute gates of a treatment that one entered yes makes true: row and fact."""
    release = load()
    found = []
    for row, block in release.treatments[treatment].gate_rows.items():
        facts = list(block["when"])
        if (
            block["severity"] == "absolute"
            and len(facts) == 1
            and not release.facts[facts[0]].derived
            and release.possible(facts[0], block["when"][facts[0]]) == exactly(True)
        ):
            found.append((row, facts[0]))
    return found


@pytest.mark.parametrize(("row", "fact"), yes_gates("diltiazem"))
def test_one_absolute_yes_blocks_an_offered_drug(row: str, fact: str, judged: dict[str, Assessment]) -> None:
    assert next(one.status for one in judged["G18"].options if one.treatment == "diltiazem") == "offered"
    case = json.loads(json.dumps(CASES["G18"]))
    case["patient"]["findings"][fact] = True
    if load().facts[fact].applies == "childbearing":
        case["patient"] |= {"sex": "female", "age_years": 40}
    option = next(one for one in assess(case, load()).options if one.treatment == "diltiazem")
    assert option.status == "blocked"
    assert row in option.because


# --- how a case is told ---------------------------------------------------------------------------
def facts_of(case: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Where, which and what: every finding of a case, codes of a set one by one."""
    for place, block in (("patient", case["patient"]), *((lesion["id"], lesion) for lesion in case["lesions"])):
        for key, value in block["findings"].items():
            if isinstance(value, list) and all(isinstance(one, str) for one in value):
                yield from ((place, key, one) for one in value)
            else:
                yield place, key, json.dumps(value, sort_keys=True)


@pytest.mark.parametrize("name", [name for name in PUBLISHED if name.endswith("-full")])
def test_full_run_only_adds(name: str) -> None:
    without, full = set(facts_of(CASES[name.removesuffix("-full")])), set(facts_of(CASES[name]))
    assert without < full


@pytest.mark.parametrize("name", CASES)
def test_title_does_not_tell_the_answer(name: str) -> None:
    title = CASES[name]["title"].casefold()
    for word in ("dystroph", "metasta", "iatrogen", "idiopath", "mixed", "calciphylaxis", "osteoma", "gout", "elastic"):
        assert word not in title


@pytest.mark.parametrize("name", CASES)
def test_file_is_named_by_its_case(name: str) -> None:
    assert CASES[name]["id"] == name
    assert CASES[name]["expected"]["run"] == ("leak_free" if name in PUBLISHED and not name.endswith("-full") else "full")


@pytest.mark.conformance
def test_every_published_case_is_translated(shared: Path) -> None:
    source = {one["id"]: one for one in json.loads((shared / "clinical" / "cases_published.json").read_text(encoding="utf-8"))}
    leaking = {f"{name}-full" for name, one in source.items() if one["answer_leak"]}
    assert set(PUBLISHED) == set(source) | leaking
    for name in PUBLISHED:
        case, told = CASES[name], source[name.removesuffix("-full")]
        assert case["source"]["ref"] == told["source"]["ref"]
        assert case["expected"]["acceptable_types"] == told["acceptable_types"]
        assert case["expected"]["published_type"] == told["published_type"]
        assert case["patient"].get("sex") == told["patient"]["sex"]
        if "age_days" not in case["patient"]:
            assert case["patient"].get("age_years") == told["patient"]["age_years"]


@pytest.mark.conformance
def test_leak_free_runs_carry_every_laboratory_value(shared: Path) -> None:
    names = {"calcium_corrected": "ca_adjusted", "fgf23": "fgf23_intact", "bun": "urea"}
    no_field = {"free_t4", "biochemistry", "calcium_phosphate_product"}
    aliases = {alias: fact.key for fact in load().facts.values() for alias in (fact.key, *fact.aliases)}
    for told in json.loads((shared / "clinical" / "cases_published.json").read_text(encoding="utf-8")):
        findings = CASES[told["id"]]["patient"]["findings"]
        for result in told["labs"]:
            if result["name"] in no_field:
                continue
            entered = findings[aliases[names.get(result["name"], result["name"])]]
            assert (entered.get("value"), entered.get("flag")) == (result["value"], result["flag"]), (told["id"], result)
            low, _, high = result.get("ref_range", "").partition("-")
            assert [entered.get("low"), entered.get("high")] == ([float(low), float(high)] if high else [None, None])
