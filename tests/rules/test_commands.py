"""The commands about rules alone: no database, no process, no secret, no installed package; JSON alone on standard output."""

import contextlib
import copy
import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import pytest

from clinical_rules.case_check import check_one
from clinical_rules.commands import main
from clinical_rules.release import load
from tests.rules.bedside import case, mmol

ROOT = Path(__file__).parents[2]


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def bare(*arguments: str) -> Done:
    """``manage.py`` on a bare Python: -S leaves out every installed package, the environment holds no setting, the terminal knows ASCII."""
    done = subprocess.run(
        [sys.executable, "-S", "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def call(*arguments: str, stdin: str = "") -> Done:
    """The same command in this process."""
    out, errors = io.StringIO(), io.StringIO()
    with mock.patch("sys.stdin", io.StringIO(stdin)), contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        try:
            code = main(arguments)
        except SystemExit as left:
            code = int(left.code or 0)
    return Done(code, out.getvalue(), errors.getvalue())


@pytest.fixture
def file(tmp_path: Path) -> Any:
    """Writes a case, or cases, and gives the path."""

    def write(document: Any) -> str:
        path = tmp_path / "case.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return str(path)

    return write


# --- on a bare machine ----------------------------------------------------------------------------
def test_facts_assess_and_check_cases_need_no_package_no_database_and_no_secret(file: Any) -> None:
    path = file({**case({"ssc": True}), "id": "Łódź"})
    facts, assessed, checked = bare("facts", "--json"), bare("assess", path, "--json"), bare("check_cases", path)

    assert [(one.returncode, one.stderr) for one in (facts, assessed, checked)] == [(0, "")] * 3
    assert json.loads(facts.stdout)["facts"]
    assert json.loads(assessed.stdout)["id"] == "Łódź"
    assert "1 cases" in checked.stdout
    assert [facts.stdout, assessed.stdout] == [call("facts", "--json").stdout, call("assess", path, "--json").stdout]


def test_a_refused_case_ends_with_2_on_a_bare_machine_too(file: Any) -> None:
    done = bare("assess", file(case({"ca_total": mmol(9.8)})), "--json")

    assert (done.returncode, done.stdout) == (2, "")
    assert json.loads(done.stderr)["errors"][0]["key"] == "ca_total"


# --- facts ----------------------------------------------------------------------------------------
def test_facts_lists_everything_that_may_be_entered_or_is_derived() -> None:
    done = call("facts", "--json")
    answer = json.loads(done.stdout)
    facts = {one["key"]: one for one in answer["facts"]}

    assert (done.returncode, done.stderr) == (0, "")
    assert set(facts) == set(load().facts)
    assert answer["hash"] == load().hash
    assert facts["phosphate"]["unit"] == "mmol/L"
    assert facts["phosphate"]["unit_required"] is True
    assert facts["phosphate"]["units"] == ["mmol/L", "mg/dL"]
    assert facts["phosphate"]["limits"] == [0.1, 10.0]
    assert facts["phosphate"]["shelf_life_days"] == 90
    assert (facts["calcium_status"]["derived"], facts["raynaud"]["derived"]) == (True, False)
    assert "anc" in facts["neutrophils"]["aliases"]
    assert "ssc" in {one["code"] for one in facts["conditions"]["codes"]}
    assert "finger" in {one["code"] for one in facts["site"]["codes"]}
    assert "ssc" in facts["any_connective_tissue_disease"]["members"]


def test_facts_without_json_is_a_table_for_people() -> None:
    assert any(line.startswith("phosphate ") and "mmol/L" in line for line in call("facts").stdout.splitlines())


def test_laboratory_facts_bear_the_ids_of_the_dossier() -> None:
    keys = {fact.key for fact in load().facts.values() if fact.section == "laboratory"}

    assert {"ca_total", "ca_adjusted", "ca_ionised", "phosphate", "pth", "vitd25", "creatinine", "egfr", "albumin"} <= keys


# --- assess ---------------------------------------------------------------------------------------
def test_assess_prints_one_assessment_and_nothing_else(file: Any) -> None:
    done = call("assess", file(case({"ssc": True})), "--json")

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["id"] == "test"
    assert done.stdout.count("\n") == 1


def test_assess_reads_standard_input_and_a_list_of_cases() -> None:
    done = call("assess", "-", "--json", stdin=json.dumps([case(), {**case(), "id": "other"}]))

    assert [one["id"] for one in json.loads(done.stdout)] == ["test", "other"]


def test_the_day_on_the_command_line_beats_the_cases_own(file: Any) -> None:
    path = file(case({"phosphate": mmol(2)}))

    def on(*more: str) -> Any:
        return json.loads(call("assess", path, "--json", *more).stdout)

    assert on()["on"] == "2026-03-02"
    assert on("--on", "2026-08-01")["on"] == "2026-08-01"
    assert on()["lesions"][0]["candidates"] != on("--on", "2026-08-01")["lesions"][0]["candidates"], "by then the phosphate is too old"


@pytest.mark.parametrize("jurisdiction", ["uk", "us", "eu"])
def test_a_jurisdiction_may_be_named(file: Any, jurisdiction: str) -> None:
    assert json.loads(call("assess", file(case()), "--jurisdiction", jurisdiction, "--json").stdout)["jurisdiction"] == jurisdiction


def test_without_a_jurisdiction_it_is_null_and_the_strictest_counts(file: Any) -> None:
    assert json.loads(call("assess", file(case()), "--json").stdout)["jurisdiction"] is None


def test_numbers_are_read_exactly(file: Any) -> None:
    """9.70 stays 9.70, and 1.4549999999999999999 is not 1.455."""
    text = json.dumps(case({"phosphate": {"value": 0, "unit": "mmol/L", "flag": "high"}})).replace(
        '"value": 0', '"value": 1.4549999999999999999'
    )
    answer = json.loads(call("assess", file(text), "--json").stdout)

    assert [one["value"] for one in answer["contradictions"][0]["findings"]] == ["1.4549999999999999999"]


@pytest.mark.parametrize(
    ("document", "error"),
    [
        (
            case({"ca_total": mmol(9.8)}),
            {
                "case": "test",
                "lesion": None,
                "key": "ca_total",
                "value": "9.8 mmol/L",
                "say": "impossible (possible values are 0.7 to 6 mmol/L); 9.8 looks like mg/dL: choose that unit",
            },
        ),
        (
            {**case(), "lesions": []},
            {
                "case": "test",
                "lesion": None,
                "key": "lesions",
                "value": "[]",
                "say": 'at least one lesion is needed: [{"id": "L1", "findings": {}}]',
            },
        ),
        (
            case({}, {"site": "nostril"}),
            {"case": "test", "lesion": "L1", "key": "site", "value": "nostril", "say": None},
        ),
        (
            [case(), {**case({"phosphat": True}), "id": "second"}],
            {"case": "second", "lesion": None, "key": "phosphat", "value": "true", "say": None},
        ),
        ("{", {"case": "", "lesion": None, "key": None, "value": "{", "say": None}),
        ("3", {"case": "", "lesion": None, "key": "case", "value": "3", "say": None}),
    ],
)
def test_an_error_names_case_key_value_and_remedy_with_exit_2_and_nothing_half_done(
    file: Any, document: Any, error: dict[str, Any]
) -> None:
    done = call("assess", file(document), "--json")
    [told] = json.loads(done.stderr)["errors"]

    assert (done.returncode, done.stdout) == (2, "")
    assert {key: told[key] for key, value in error.items() if key != "say" and value is not None} == {
        key: value for key, value in error.items() if key != "say" and value is not None
    }
    assert told["say"] == error["say"] if error["say"] else told["say"]


@pytest.mark.parametrize(
    "arguments", [("assess", "/nowhere/case.json"), ("assess",), ("assess", "-", "--on", "soon"), ("assess", "-", "--jurisdiction", "mars")]
)
def test_a_wrong_call_ends_with_2_and_says_why(arguments: tuple[str, ...]) -> None:
    done = call(*arguments, stdin="{}")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip()


# --- check_cases ----------------------------------------------------------------------------------
def expecting(**expected: Any) -> dict[str, Any]:
    return {**case({"ssc": True}, {"electrode_paste": True}), "expected": expected}


def test_check_cases_shows_expected_against_obtained(file: Any) -> None:
    done = call("check_cases", file([expecting(run="full", status="decided", type="iatrogenic", emergencies=[])]))

    assert done.returncode == 0
    assert "iatrogenic" in done.stdout
    assert "1 cases, 1 as expected, 0 differ" in done.stdout


def test_a_case_without_any_day_counts_as_of_today(file: Any) -> None:
    newborn = {"id": "n", "patient": {"birth_date": datetime.now(UTC).date().isoformat()}, "lesions": [{"id": "L"}]}

    assert call("check_cases", file(newborn)).returncode == 0


def test_a_decided_type_that_is_wrong_ends_with_1(file: Any) -> None:
    done = call("check_cases", file([expecting(type="dystrophic")]))

    assert done.returncode == 1
    assert "type: expected dystrophic, obtained iatrogenic" in done.stdout
    assert "1 decided types wrong: test" in done.stdout


def test_another_difference_is_told_and_ends_with_0(file: Any) -> None:
    done = call("check_cases", file([expecting(status="open", settle_first="site")]))

    assert done.returncode == 0
    assert "status: expected open, obtained decided" in done.stdout


@pytest.mark.parametrize(
    ("expected", "wrong"),
    [
        ({"acceptable_types": ["iatrogenic", "mixed"]}, False),
        ({"acceptable_types": ["dystrophic"]}, True),
        ({"type": "metastatic"}, True),
        ({}, False),
    ],
)
def test_what_counts_as_a_wrong_type(expected: dict[str, Any], wrong: bool) -> None:
    assert check_one(expecting(**expected), load()).wrong is wrong


def test_a_mixed_type_counts_by_its_parts() -> None:
    document = case({"ssc": True, "phosphate": mmol(2), "albright_signs": False, "mx_php_bone": False}, {"any_exposure_at_site": False})

    assert check_one({**document, "expected": {"acceptable_types": ["dystrophic"]}}, load()).wrong is False
    assert check_one({**document, "expected": {"acceptable_types": ["idiopathic"]}}, load()).wrong is True


def test_calciphylaxis_is_met_by_its_flag_or_by_the_mark() -> None:
    flagged = {**case({"on_dialysis": True}, {"electrode_paste": True, "painful_livedo": True})}
    marked = {**case({"on_dialysis": True}, {"electrode_paste": True})}
    neither = {**case({"on_dialysis": False}, {"electrode_paste": True})}

    found = [check_one({**one, "expected": {"acceptable_types": ["calciphylaxis"]}}, load()).wrong for one in (flagged, marked, neither)]
    assert found == [False, False, True]


# --- verify_release -------------------------------------------------------------------------------
def test_the_release_that_comes_with_the_product_may_be_published(file: Any) -> None:
    """On a bare machine: no package, no database; every statement with its sentence, every accepted finding with its reason."""
    done = bare("verify_release")

    assert (done.returncode, done.stderr) == (0, "")
    assert "90 of 90 statements proved" in done.stdout
    assert "Nothing blocks." in done.stdout
    assert "Warfarin is blocked in every patient." in done.stdout
    assert "Accepted, with the reason" in done.stdout


def test_a_broken_release_ends_with_1_and_its_witnesses_can_be_assessed(tmp_path: Path, file: Any) -> None:
    content = copy.deepcopy(load().content)
    content["statements"] = [one for one in content["statements"] if one["id"] in ("l.2.never", "l.3.pulse")]
    gates = content["treatments"]["diltiazem"]["gate"]
    next(one for one in gates if one["row"] == "diltiazem.contraindication.8")["when"] = {"heart_rate": "< 40"}
    done = call("verify_release", file(content), "--json", "--witness", str(tmp_path / "witnesses"))
    said = json.loads(done.stdout)

    assert done.returncode == 1
    assert said["blocking"] == ["l.3.pulse: refuted"]
    assert {one["id"]: one["verdict"] for one in said["statements"]} == {"l.2.never": "proved", "l.3.pulse": "refuted"}
    witness = tmp_path / "witnesses" / "l.3.pulse.json"
    assert json.loads(witness.read_text()) == next(one["witness"] for one in said["statements"] if one["witness"])
    assert call("assess", str(witness)).returncode == 0
    shown = call("verify_release", file(content))
    assert shown.returncode == 1
    assert "Blocked by 1: l.3.pulse: refuted" in shown.stdout


def test_what_is_no_release_is_refused_with_the_remedy(tmp_path: Path, file: Any) -> None:
    for text, said in (("{}", "is no release: the whole: lacks"), ("nonsense", "is no release: no JSON"), (None, "can be read")):
        done = call("verify_release", str(tmp_path / "none.json") if text is None else file(text))
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr


def test_a_folder_of_knowledge_files_is_a_release_too() -> None:
    folder = str(ROOT / "clinical_rules" / "knowledge")
    assert json.loads(call("verify_release", folder, "--json", "--budget", "1").stdout)["hash"] == load().hash


# --- comparing releases ---------------------------------------------------------------------------
def test_two_releases_are_compared_over_cases(file: Any, tmp_path: Path) -> None:
    content = json.loads(load().to_json())
    next(one for one in content["laboratory"] if one["key"] == "phosphate")["bands"][-1]["reference"][1] = "2.50"
    other = tmp_path / "other.json"
    other.write_text(json.dumps(content))
    cases = file([{**case({"phosphate": mmol(2)}), "id": "high"}, {**case({"phosphate": mmol(1)}), "id": "normal"}])

    told = call("compare_releases", "current", str(other), "--cases", cases)
    data = json.loads(call("compare_releases", "-", str(other), "--cases", cases, "--json").stdout)

    assert told.returncode == 0
    assert "Phosphate, inorganic, from day 6574 to 54787: range: 0.84 to 2.50 mmol/L (was 0.84 to 1.45 mmol/L)" in told.stdout
    assert "1 of 2 cases touched (1 judged anew)" in told.stdout
    assert [one["case"] for one in data["impact"]["touched"]] == ["high"]
    assert data["changes"][0]["part"] == "laboratory range"


def test_the_knowledge_files_are_the_release_shipped(file: Any) -> None:
    assert "nothing changed" in call("compare_releases", str(ROOT / "clinical_rules" / "knowledge"), "current", "--cases", file([])).stdout


def test_a_release_that_does_not_hold_together_is_told_and_ends_with_2(tmp_path: Path) -> None:
    content = json.loads(load().to_json())
    content["tables"]["choice"]["row"][0]["when"] = {"no_such_fact": "true"}
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(content))

    done = call("compare_releases", "current", str(broken))

    assert (done.returncode, done.stdout) == (2, "")
    assert "no_such_fact" in done.stderr


@pytest.mark.parametrize(
    ("command", "place", "value", "said"),
    [
        ("verify_release", ("statements",), ["x"], "statements.1: x is text, a number, or true or false; an object belongs there"),
        ("verify_release", ("treatments", "diltiazem"), None, "treatments.diltiazem: null is nothing; an object belongs there"),
        ("compare_releases", ("tables", "leading", "row", 10, "say"), ..., "tables.leading.row.11: lacks say; write it"),
        ("verify_release", ("lists",), 3, "lists: 3 is text, a number, or true or false; an object belongs there"),
        ("verify_release", ("conditions", 2, "key"), ..., "conditions.3: lacks key; write it"),
    ],
)
def test_a_release_of_the_wrong_shape_is_told_by_place_value_and_remedy(
    file: Any, command: str, place: tuple[Any, ...], value: Any, said: str
) -> None:
    content = copy.deepcopy(load().content)
    target: Any = content
    for step in place[:-1]:
        target = target[step]
    if value is ...:
        del target[place[-1]]
    else:
        target[place[-1]] = value
    broken = file(content)
    done = call(command, broken) if command == "verify_release" else call(command, "current", broken)

    assert (done.returncode, done.stdout) == (2, "")
    assert f"{broken} is no release: {said}" in done.stderr


@pytest.mark.parametrize("text", ["[" * 100_000, '{"number": ' + "9" * 5000 + "}", "3", "null", ""])
def test_what_cannot_be_a_release_is_told_and_ends_with_2(tmp_path: Path, text: str) -> None:
    strange = tmp_path / "strange.json"
    strange.write_text(text)
    done = call("verify_release", str(strange))

    assert done.returncode == 2
    assert str(strange) in done.stderr


def test_cases_that_are_no_list_are_refused(file: Any) -> None:
    done = call("compare_releases", "current", "current", "--cases", file({"cases": 5}))

    assert done.returncode == 2
    assert "write a list of cases" in done.stderr
