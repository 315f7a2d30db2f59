"""The commands that write a release and check one, without a database."""

import json
from pathlib import Path

import pytest

from clinical_rules.exchange import commands, write_json, write_workbook
from clinical_rules.release import load
from tests.rules.exchange.files import with_cells
from tests.rules.exchange.releases import TINY, WHOLE


def told(capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, object], str]:
    out, err = capsys.readouterr()
    return json.loads(out), err


@pytest.mark.parametrize("ending", ["xlsx", "zip", "json"])
def test_what_is_exported_is_read_with_the_same_hash(tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]) -> None:
    path, again = tmp_path / f"release.{ending}", tmp_path / "again.json"

    assert commands.main(["export_release", str(path)]) == 0
    written, _ = told(capsys)
    assert commands.main(["import_release", str(path), "--check", "--json", str(again)]) == 0
    read, _ = told(capsys)

    assert written["hash"] == read["hash"] == load().hash
    assert again.read_bytes() == write_json(WHOLE)


def test_every_problem_is_printed_for_people_and_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "release.xlsx"
    path.write_bytes(with_cells({("References", "I3"): "perhaps", ("Facts", "I3"): "two"}))

    assert commands.main(["import_release", str(path), "--check"]) == 1

    found, said = told(capsys)
    assert [one["sheet"] for one in found["problems"]] == ["Facts", "References"]  # type: ignore[attr-defined]
    assert "References, I3: perhaps: write yes or no" in said.splitlines()


def test_rules_that_do_not_hold_together_are_a_problem_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for content, say in ((TINY, "'conditions' is missing"), ({**WHOLE, "facts": [*WHOLE["facts"], WHOLE["facts"][0]]}, "defined twice")):
        path = tmp_path / "release.json"
        path.write_bytes(write_json(content))

        assert commands.main(["import_release", str(path), "--check"]) == 1
        assert say in told(capsys)[1]


def test_another_release_is_exported_from_its_canonical_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = {**TINY, "number": 7}
    text, path = tmp_path / "seven.json", tmp_path / "seven.xlsx"
    text.write_bytes(write_json(content))

    assert commands.main(["export_release", str(path), "--format", "xlsx", "--of", str(text)]) == 0

    assert told(capsys)[0]["release"] == 7
    assert path.read_bytes() == write_workbook(content)


def test_files_that_are_not_there_or_say_no_format_are_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["import_release", str(tmp_path / "none.xlsx"), "--check"]) == 2
    assert commands.main(["export_release", str(tmp_path / "release.txt")]) == 2

    said = capsys.readouterr().err
    assert "No such file" in said
    assert "add --format csv|json|xlsx" in said
