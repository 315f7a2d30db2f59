"""One result, said twice: the same is taken once, and what contradicts itself is not taken at all."""

from datetime import date
from importlib import import_module

import pytest

from calcinosis_app.accounts.models import User
from calcinosis_app.laboratory.actions import commit_import, run_again, set_aside, work, work_off
from calcinosis_app.laboratory.models import Import
from calcinosis_app.patients.models import Finding
from tests.factories.laboratory import YESTERDAY, csv_of, dry_run, fates, imported, only_line, result_of, xlsx_of
from tests.factories.patient import make_patient

judge_lines = import_module("calcinosis_app.laboratory.actions.judge_lines")  # the package has a function of this name
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("release")]


def reasons(source: Import) -> list[str]:
    return [reason or fate for _, fate, reason in fates(source)]


@pytest.mark.parametrize("batch", [1000, 1])
def test_of_rows_that_contradict_each_other_none_is_taken(nadia: User, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(work, "BATCH", batch)
    vera, otto = make_patient(nadia), make_patient(nadia)
    rows = [
        result_of(vera, sample_id="s1", value="1.1"),
        result_of(otto, sample_id="s1", value="1.1"),
        result_of(vera, sample_id="s2", value="2.9"),
        result_of(vera, sample_id="s2", value="0.9"),
        result_of(vera, sample_id="s2", value="2.90"),
        result_of(vera, sample_id="s3", value="1.3"),
    ]

    source = dry_run(nadia, csv_of(*rows))

    assert reasons(source) == ["changed"] * 5 + ["imported"]
    assert "of this file contradict each other" in source.lines.get(row=4).say
    source = work_off(commit_import(by=nadia, source=source))
    assert reasons(source) == ["changed"] * 5 + ["imported"]
    run_again(by=nadia, source=source)
    assert reasons(work_off(source)) == ["changed"] * 5 + ["imported"]
    assert [float(finding.number) for finding in Finding.objects.all()] == [1.3]


@pytest.mark.parametrize("batch", [1000, 1])
def test_a_sample_that_a_row_gives_to_somebody_unknown_is_not_taken(nadia: User, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(work, "BATCH", batch)
    vera = make_patient(nadia)
    rows = csv_of(result_of(vera, sample_id="s1"), result_of(vera, sample_id="s1", patient_number="nobody"))

    assert reasons(imported(nadia, rows)) == ["changed", "no_patient"]
    assert not Finding.objects.exists()


def test_when_the_wrong_row_is_set_aside_the_other_is_taken(nadia: User) -> None:
    vera = make_patient(nadia)
    source = imported(nadia, csv_of(result_of(vera, sample_id="s1", value="2.9"), result_of(vera, sample_id="s1", value="0.9")))
    assert set_aside(by=nadia, line=source.lines.get(row=2), why="the laboratory says row 3")

    run_again(by=nadia, source=source)

    assert reasons(work_off(source)) == ["set_aside", "imported"]
    assert float(Finding.objects.get().number) == 0.9


def test_what_was_set_aside_in_the_dry_run_stays_so(nadia: User) -> None:
    vera = make_patient(nadia)
    source = dry_run(nadia, csv_of(result_of(vera, value="99"), result_of(vera)))
    assert set_aside(by=nadia, line=source.lines.get(row=2), why="wrong tube")

    source = work_off(commit_import(by=nadia, source=source))

    assert reasons(source) == ["set_aside", "imported"]
    assert source.lines.get(row=2).say == "Set aside by Nadia Brook: wrong tube"


@pytest.mark.parametrize("changes", [{"value": "2.1"}, {"taken_at": f"{YESTERDAY} 08:00"}, {"flag": "H"}, {"value": ">1.1"}])
def test_a_known_sample_that_says_something_else_is_no_second_finding(nadia: User, changes: dict[str, str]) -> None:
    vera = make_patient(nadia)
    imported(nadia, csv_of(result_of(vera, sample_id="s1", value="1.1")))

    source = imported(nadia, csv_of(result_of(vera, **{"sample_id": "s1", "value": "1.1", **changes})))

    assert reasons(source) == ["changed"]
    assert Finding.objects.count() == 1


def test_one_result_without_sample_is_one_however_it_is_written(nadia: User) -> None:
    vera = make_patient(nadia)
    imported(nadia, csv_of(result_of(vera)))

    assert reasons(imported(nadia, csv_of(result_of(vera, unit="mmol/l")))) == ["again"]
    assert reasons(imported(nadia, csv_of(result_of(vera)), laboratory="central lab")) == ["again"]
    assert reasons(imported(nadia, csv_of(result_of(vera, flag="N")))) == ["changed"]
    assert Finding.objects.count() == 1


def test_midnight_is_the_day_in_text_and_sheet_alike(nadia: User) -> None:
    vera = make_patient(nadia)
    imported(nadia, csv_of(result_of(vera, taken_at="2026-03-02 00:00")))

    sheet = imported(nadia, xlsx_of(result_of(vera) | {"taken at": date(2026, 3, 2)}), kind="xlsx")

    assert reasons(sheet) == ["again"]


def test_who_comes_second_at_the_same_moment_is_told_what_the_first_said(nadia: User, monkeypatch: pytest.MonkeyPatch) -> None:
    vera = make_patient(nadia)
    imported(nadia, csv_of(result_of(vera, sample_id="s1", value="1.1")))
    look = judge_lines.taken_before
    seen: list[object] = []

    def nothing_at_first(source: Import, fingerprints: set[str]) -> dict[str, str]:
        seen.append(None)
        return look(source, fingerprints) if len(seen) % 2 == 0 else {}

    other, same = csv_of(result_of(vera, sample_id="s1", value="2.1")), csv_of(result_of(vera, sample_id="s1", value="1.10"))
    sources = [dry_run(nadia, other), dry_run(nadia, same)]
    for source, reason in zip(sources, ("changed", "again"), strict=True):
        seen.clear()
        monkeypatch.setattr(judge_lines, "taken_before", nothing_at_first)
        assert reasons(work_off(commit_import(by=nadia, source=source))) == [reason]
        monkeypatch.undo()
    assert only_line(sources[1]).finding is None
    assert Finding.objects.count() == 1
