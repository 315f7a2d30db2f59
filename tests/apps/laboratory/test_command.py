"""`manage.py import_results`: the same actions as the page."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from calcinosis_app.accounts.models import User
from calcinosis_app.laboratory.actions import discard_import, work_off
from calcinosis_app.laboratory.management.commands import import_results
from calcinosis_app.laboratory.models import Import
from calcinosis_app.patients.models import Finding
from tests.factories.laboratory import csv_of, result_of, xlsx_of
from tests.factories.patient import make_patient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("release")]


def run(path: Path, **options: Any) -> str:
    out = StringIO()
    usual = {"clinic": "Riverside clinic", "by": "nadia", "laboratory": "Central", "stdout": out}
    call_command("import_results", str(path), **{**usual, **options})
    return out.getvalue()


def refused(path: Path, **options: Any) -> str:
    """What is written when the command ends with 1."""
    out = StringIO()
    with pytest.raises(CommandError, match="lines were refused") as ended:
        run(path, stdout=out, **options)
    assert ended.value.returncode == 1
    return out.getvalue()


def test_without_commit_it_only_says_what_would_be(tmp_path: Path, nadia: User) -> None:
    file = tmp_path / "results.csv"
    vera = make_patient(nadia)
    file.write_bytes(csv_of(result_of(vera), result_of(vera, value="11"), {}))

    said = refused(file)

    assert "Dry run: 3 lines, 1 would be imported, 1 ignored, 1 refused." in said
    assert "1 impossible value" in said
    assert "Nothing was imported. Add --commit" in said
    assert not Finding.objects.exists()


def test_with_commit_it_imports_once_however_often(tmp_path: Path, nadia: User) -> None:
    file = tmp_path / "results.xlsx"
    file.write_bytes(xlsx_of(result_of(make_patient(nadia))))

    assert "Import: 1 lines, 1 imported, 0 ignored, 0 refused." in run(file, commit=True)
    assert "Import: 1 lines, 0 imported, 1 ignored, 0 refused." in run(file, commit=True)
    assert Finding.objects.count() == 1


def test_trying_the_same_file_again_meets_what_has_changed(tmp_path: Path, nadia: User) -> None:
    file = tmp_path / "results.csv"
    row = result_of(make_patient(nadia)) | {"patient number": "K-77"}
    file.write_bytes(csv_of(row))
    assert "0 would be imported, 0 ignored, 1 refused" in refused(file)
    make_patient(nadia, number="K-77")

    assert "1 would be imported, 0 ignored, 0 refused" in run(file)


@pytest.mark.parametrize(
    ("options", "say"),
    [
        ({"by": "nobody"}, "Nobody signs in as 'nobody'"),
        ({"by": "karl"}, "Karl Ebner may not import results"),
        ({"clinic": "Hill clinic"}, "does not work at 'Hill clinic'"),
        ({"laboratory": " "}, "Name the laboratory"),
        ({"laboratory": "x" * 101}, "longer than 100 letters"),
        ({"encoding": "utf-8", "delimiter": "tab"}, "names no column"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, nadia: User, karl: User, options: dict[str, str], say: str) -> None:
    file = tmp_path / "results.csv"
    file.write_bytes(csv_of())

    with pytest.raises(CommandError, match=say):
        run(file, **options)
    assert not Import.objects.exists()


def test_a_file_that_is_not_there_is_named_by_its_trouble(tmp_path: Path, nadia: User) -> None:
    with pytest.raises(CommandError, match="cannot be opened: No such file"):
        run(tmp_path / "nothing.csv")


def test_a_dry_run_that_was_thrown_away_meanwhile_is_said(tmp_path: Path, nadia: User, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "results.csv"
    file.write_bytes(csv_of(result_of(make_patient(nadia))))

    def thrown_away(source: Import) -> Import:
        done = work_off(source)
        discard_import(by=nadia, source=Import.objects.get())
        return done

    monkeypatch.setattr(import_results, "work_off", thrown_away)
    with pytest.raises(CommandError, match="thrown away in the meantime"):
        run(file, commit=True)


def test_the_laboratory_has_to_be_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--laboratory"):
        call_command("import_results", str(tmp_path / "results.csv"), "--clinic=Riverside clinic", "--by=nadia")
