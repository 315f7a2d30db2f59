"""A file becomes lines, lines become findings: once, of the right patient, or with the reason why not."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, connection, transaction
from django.http import Http404

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.selectors import outdated
from calcinosis_app.audit.models import Event
from calcinosis_app.core.errors import Conflict
from calcinosis_app.laboratory.actions import commit_import, discard_import, map_code, receive_file, run_again, work, work_on
from calcinosis_app.laboratory.files.written import Written
from calcinosis_app.laboratory.models import Import, ImportedResult, ImportFile, Line
from calcinosis_app.laboratory.selectors import counts_of
from calcinosis_app.patients.actions import record_results
from calcinosis_app.patients.bridge import case_document, enterable_fact, result_from
from calcinosis_app.patients.models import Finding
from tests.factories.assessment import make_plan
from tests.factories.case import make_case
from tests.factories.laboratory import YESTERDAY, csv_of, dry_run, fates, imported, only_line, result_of
from tests.factories.patient import make_patient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("release")]


def test_a_result_becomes_a_finding_with_unit_range_and_flag(nadia: User) -> None:
    vera = make_patient(nadia)

    source = imported(nadia, csv_of(result_of(vera, value="<4.5", unit="mg/dL", code="2777-1", low="2.5", high="4.5", flag="L")))

    finding = Finding.objects.get()
    assert (finding.patient, finding.case, finding.key) == (vera, None, "phosphate")
    assert (finding.number, finding.comparator, finding.unit) == (Decimal("4.5"), "<", "mg/dL")
    assert (finding.low, finding.high, finding.flag) == (Decimal("2.5"), Decimal("4.5"), "low")
    assert (finding.taken_on.isoformat(), finding.recorded_by) == (YESTERDAY, nadia)
    assert only_line(source).finding == finding
    assert Event.objects.get(action="results.imported").subject_id == str(vera.pk)


def test_a_dry_run_says_the_same_and_imports_nothing(nadia: User) -> None:
    vera = make_patient(nadia)
    lines = csv_of(
        result_of(vera),
        result_of(vera),
        result_of(vera, value="11", unit="mmol/L"),
        result_of(vera, code="999-9"),
        {},
        result_of(vera, sample_id="s1"),
        result_of(vera, sample_id="s1", value="1.2"),
    )

    source = dry_run(nadia, lines)
    said = fates(source)

    assert said == [
        (2, "imported", ""),
        (3, "ignored", "again"),
        (4, "refused", "impossible"),
        (5, "refused", "unknown_code"),
        (6, "ignored", "empty"),
        (7, "refused", "changed"),
        (8, "refused", "changed"),
    ]
    assert not Finding.objects.exists()
    assert not ImportedResult.objects.exists()
    commit_import(by=nadia, source=source)
    work_on(seconds=20)
    assert fates(source) == said
    assert Finding.objects.count() == 1


def test_the_same_lines_again_change_nothing(nadia: User) -> None:
    vera = make_patient(nadia)
    content = csv_of(result_of(vera), result_of(vera, sample_id="s1", value="1.3"))
    imported(nadia, content)

    again = imported(nadia, content)
    written_otherwise = imported(
        nadia, csv_of(result_of(vera, value="1,1", laboratory=" CENTRAL "), delimiter=";"), decimal="comma", delimiter="semicolon"
    )

    assert {fate for _, fate, _ in fates(again)} == {"ignored"}
    assert only_line(written_otherwise).reason == "again"
    assert Finding.objects.count() == 2


def test_another_laboratory_or_another_sample_is_another_result(nadia: User) -> None:
    vera = make_patient(nadia)
    imported(nadia, csv_of(result_of(vera, sample_id="s1"), result_of(vera, sample_id="s2")))
    imported(nadia, csv_of(result_of(vera, sample_id="s1")), laboratory="Harbour")

    assert Finding.objects.count() == 3


def test_a_sample_that_comes_again_for_somebody_else_is_refused(nadia: User) -> None:
    vera, otto = make_patient(nadia), make_patient(nadia, family_name="Berg")
    imported(nadia, csv_of(result_of(vera, sample_id="s1")))

    source = imported(nadia, csv_of(result_of(otto, sample_id="s1")))

    assert only_line(source).reason == "changed"
    assert Finding.objects.get().patient == vera


@pytest.mark.parametrize(
    ("changes", "reason", "say"),
    [
        ({"birth_date": "1961-05-05"}, "identity", "The birth date does not agree"),
        ({"family_name": "Lund"}, "identity", "The family name does not agree"),
        ({"family_name": "Lund", "birth_date": "1961-05-05"}, "identity", "The birth date and the family name do not agree"),
        ({"family_name": "", "birth_date": ""}, "identity", "Birth date and family name are both missing"),
        ({"patient_number": ""}, "identity", "The patient number is missing"),
        ({"patient_number": "nobody"}, "no_patient", "No patient of this clinic has this number"),
        ({"birth_date": "4.5.61"}, "unreadable", "The birth date is not a day"),
    ],
)
def test_a_wrong_patient_is_impossible(nadia: User, changes: dict[str, str], reason: str, say: str) -> None:
    vera = make_patient(nadia)

    line = only_line(imported(nadia, csv_of(result_of(vera, **changes))))

    assert line.reason == reason
    assert say in line.say
    assert "1961-05-04" not in line.say
    assert "Lind" not in line.say
    assert not Finding.objects.exists()


@pytest.mark.parametrize("changes", [{"family_name": ""}, {"birth_date": ""}, {"family_name": " LIND "}])
def test_two_identifiers_are_enough(nadia: User, changes: dict[str, str]) -> None:
    imported(nadia, csv_of(result_of(make_patient(nadia), **changes)))

    assert Finding.objects.count() == 1


def test_an_unknown_birth_date_identifies_nobody(nadia: User) -> None:
    vera = make_patient(nadia, birth_date=None)

    source = imported(nadia, csv_of(result_of(vera, family_name="", birth_date="1961-05-04"), result_of(vera, birth_date="1961-05-04")))

    assert fates(source) == [(2, "refused", "identity"), (3, "imported", "")]


def test_the_same_number_in_another_clinic_is_somebody_else(nadia: User, sven: User) -> None:
    theirs = make_patient(sven)

    assert only_line(imported(nadia, csv_of(result_of(theirs)))).reason == "no_patient"


@pytest.mark.parametrize(
    ("changes", "reason", "say"),
    [
        ({"value": ""}, "unreadable", "The value is missing"),
        ({"value": "1,10"}, "unreadable", "has a comma, and a point was chosen"),
        ({"value": "haemolysed"}, "unreadable", "is not a number"),
        ({"value": "1.1", "comparator": "about"}, "unreadable", "is no comparator"),
        ({"flag": "A"}, "unreadable", "The flag A is not one of"),
        ({"low": "2", "high": "1"}, "unreadable", "low stands above its high"),
        ({"taken_at": ""}, "unreadable", "The day on which the sample was taken is missing"),
        ({"taken_at": "01.02.2026"}, "unreadable", "The taken at is not a day in the form"),
        ({"taken_at": "2199-01-01"}, "day", "lies in the future"),
        ({"taken_at": "1950-01-01"}, "day", "before the patient was born"),
        ({"code": ""}, "unreadable", "The code is missing"),
        ({"code": "33914-3"}, "never_counted", "MDRD"),
        ({"code_system": ""}, "unknown_code", "Map it once"),
        ({"unit": "mg/dL"}, "code_and_unit", "says Phosphate, inorganic as an amount (mol), and mg/dL is a unit of a mass"),
        ({"unit": "furlong"}, "unknown_unit", "The unit furlong is not known"),
        ({"unit": ""}, "unit_missing", "None is guessed"),
        ({"value": "11"}, "impossible", "entry above 10 with unit mmol/L is almost surely mg/dL"),
        ({"value": "9.8", "code": "2000-8"}, "impossible", "9.8 looks like mg/dL: choose that unit"),
        ({"code": "x" * 101}, "unreadable", "longer than 100 letters"),
        ({"unit": "x" * 41}, "unreadable", "longer than 40 letters"),
        ({"sample_id": "x" * 301}, "unreadable", "longer than 300 letters"),
    ],
)
def test_what_cannot_be_right_is_refused_with_the_reason_and_the_line_is_kept(
    nadia: User, changes: dict[str, str], reason: str, say: str
) -> None:
    row = result_of(make_patient(nadia), **changes)

    line = only_line(imported(nadia, csv_of(row)))

    assert (line.fate, line.reason) == ("refused", reason)
    assert say in line.say
    assert line.cells == {name: text[:300] for name, text in row.items() if text}
    assert not Finding.objects.exists()


def test_results_of_a_patient_without_case_count_in_the_first_one(nadia: User) -> None:
    vera = make_patient(nadia)
    imported(nadia, csv_of(result_of(vera)))

    case = make_case(nadia, vera)

    assert case_document(case)["patient"]["findings"]["phosphate"] == [{"value": 1.1, "unit": "mmol/L", "date": YESTERDAY}]


def test_a_plan_signed_before_is_outdated_afterwards(clara: User) -> None:
    plan = make_plan(clara)
    assert not outdated(plan)

    imported(clara, csv_of(result_of(plan.assessment.case.patient, value="1.3")))

    assert outdated(plan)


def test_a_time_with_a_zone_is_moved_to_the_clinics_day(nadia: User) -> None:
    vera = make_patient(nadia)
    imported(nadia, csv_of(result_of(vera, taken_at="2026-03-01T23:30:00Z")))

    assert Finding.objects.get().taken_on == date(2026, 3, 2)


def test_the_same_file_pressed_twice_is_one_dry_run(nadia: User) -> None:
    content = csv_of(result_of(make_patient(nadia)))

    assert dry_run(nadia, content) == dry_run(nadia, content)
    assert Event.objects.filter(action="import.received").count() == 1


def test_the_file_itself_is_not_kept(nadia: User) -> None:
    dry_run(nadia, csv_of(result_of(make_patient(nadia))))

    assert not ImportFile.objects.exists()


def test_no_identity_reaches_the_audit(nadia: User) -> None:
    vera = make_patient(nadia, family_name="Quittenbaum")
    discard_import(by=nadia, source=dry_run(nadia, csv_of(result_of(vera, birth_date="1961-05-05"))))
    imported(nadia, csv_of(result_of(vera)))

    told = " ".join(str(event.detail) for event in Event.objects.all())
    assert "Quittenbaum" not in told
    assert "1961" not in told
    assert vera.number not in told.replace(str(vera.pk), "")


def test_refused_lines_run_again_when_the_reason_is_gone(nadia: User) -> None:
    lines = {**result_of(make_patient(nadia)), "patient number": "K-77", "family name": "Berg", "birth date": ""}
    source = imported(nadia, csv_of(lines))
    assert only_line(source).reason == "no_patient"
    make_patient(nadia, number="K-77", family_name="Berg")

    assert run_again(by=nadia, source=source) == 1
    work_on(seconds=20)

    assert only_line(source).fate == "imported"
    assert Finding.objects.get().patient.number == "K-77"


def test_committing_twice_imports_once(nadia: User) -> None:
    source = imported(nadia, csv_of(result_of(make_patient(nadia))))

    commit_import(by=nadia, source=source)
    work_on(seconds=20)

    assert Finding.objects.count() == 1
    assert Event.objects.filter(action="import.committed").count() == 1


def test_only_a_finished_dry_run_is_committed(nadia: User) -> None:
    source = receive_file(by=nadia, content=csv_of(result_of(make_patient(nadia))), file_name="", written=Written())

    with pytest.raises(Conflict, match="not finished"):
        commit_import(by=nadia, source=source)


def test_what_was_committed_is_never_thrown_away(nadia: User) -> None:
    source = imported(nadia, csv_of(result_of(make_patient(nadia))))

    with pytest.raises(Conflict, match="has been imported"):
        discard_import(by=nadia, source=source)
    for attempt in ("DELETE FROM laboratory_line", "DELETE FROM laboratory_import", "UPDATE laboratory_import SET committed_at = NULL"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attempt)


def test_what_was_thrown_away_meanwhile_is_said(nadia: User) -> None:
    source = dry_run(nadia, csv_of(result_of(make_patient(nadia))))
    discard_import(by=nadia, source=Import.objects.get())

    for attempt in (commit_import, run_again, discard_import):
        with pytest.raises(Conflict, match="thrown away in the meantime"):
            attempt(by=nadia, source=source)


def test_a_dry_run_is_thrown_away_with_its_lines(nadia: User) -> None:
    discard_import(by=nadia, source=dry_run(nadia, csv_of(result_of(make_patient(nadia)))))

    assert not Import.objects.exists()
    assert not Line.objects.exists()


def test_a_person_who_left_stops_the_import_and_another_goes_on(nadia: User, clara: User) -> None:
    content = csv_of(result_of(make_patient(nadia)))
    source = receive_file(by=nadia, content=content, file_name="", written=Written())
    nadia.is_active = False
    nadia.save()

    work_on(seconds=5)
    source.refresh_from_db()
    assert (source.state, source.say) == ("stopped", "Nadia Brook may no longer import results. Somebody else can run it again.")

    run_again(by=clara, source=source)
    work_on(seconds=5)
    source.refresh_from_db()
    assert (source.state, counts_of(source).imported) == ("done", 1)


def test_every_action_asks_the_policy(clara: User, karl: User, sven: User) -> None:
    source = dry_run(clara, csv_of(result_of(make_patient(clara))))
    for by, refusal in ((karl, PermissionDenied), (sven, Http404)):
        for attempt in (commit_import, run_again, discard_import):
            with pytest.raises(refusal):
                attempt(by=by, source=source)
    with pytest.raises(PermissionDenied):
        receive_file(by=karl, content=b"", file_name="", written=Written())


def test_results_of_another_clinics_patient_are_not_recorded(clara: User, sven: User) -> None:
    theirs = make_patient(sven)
    finding = result_from(theirs, enterable_fact("phosphate"), {"value": "1.1", "unit": "mmol/L"}, date(2026, 3, 1))

    with pytest.raises(Http404):
        record_results(by=clara, findings=[finding], source=theirs.pk)
    assert not Finding.objects.exists()


def test_the_day_of_a_result_is_judged_on_the_clinics_calendar(nadia: User) -> None:
    vera = make_patient(nadia)
    with time_machine.travel("2026-06-01T22:30:00Z", tick=False):
        tomorrow = (date(2026, 6, 1) + timedelta(days=1)).isoformat()
        assert only_line(dry_run(nadia, csv_of(result_of(vera, taken_at=tomorrow)))).fate == "imported"


def test_a_name_that_grows_without_its_capitals_is_refused(nadia: User) -> None:
    vera = make_patient(nadia)

    source = imported(nadia, csv_of(result_of(vera, laboratory="ß" * 60), result_of(vera, code_system="ß" * 60), result_of(vera)))

    assert fates(source) == [(2, "refused", "unreadable"), (3, "refused", "unreadable"), (4, "imported", "")]


def test_a_birth_date_is_the_day_that_is_written(nadia: User) -> None:
    vera = make_patient(nadia)
    rows = csv_of(*(result_of(vera, family_name="", birth_date=f"{day}T00:00:00+14:00") for day in ("1961-05-04", "1961-05-05")))

    assert fates(imported(nadia, rows)) == [(2, "imported", ""), (3, "refused", "identity")]


def test_who_runs_an_import_answers_for_it_until_it_has_ended(nadia: User, clara: User) -> None:
    source = imported(nadia, csv_of(result_of(make_patient(nadia), code="PO4", code_system="")))
    Import.objects.update(state="working")

    map_code(by=clara, laboratory="central", system="", code="PO4", key="phosphate")
    source.refresh_from_db()
    assert (source.state, source.run_by) == ("working", nadia)

    work_on(seconds=20)
    map_code(by=clara, laboratory="central", system="", code="PO4", key="")
    assert Finding.objects.get().recorded_by == nadia


def test_what_nobody_expected_stops_the_import_and_logs_no_row(
    nadia: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    vera = make_patient(nadia, family_name="Quittenbaum")
    source = receive_file(by=nadia, content=csv_of(result_of(vera)), file_name="", written=Written())

    def breaks(**_: object) -> None:
        raise ValueError(vera.family_name)

    monkeypatch.setattr(work, "judge_lines", breaks)
    assert not work_on(seconds=5)

    source.refresh_from_db()
    assert source.state == "stopped"
    assert "could not be worked on" in source.say
    assert "ValueError" in caplog.text
    assert "Quittenbaum" not in caplog.text
    monkeypatch.undo()
    run_again(by=nadia, source=source)
    work_on(seconds=5)
    assert only_line(source).fate == "imported"


def test_a_database_that_does_not_answer_is_asked_again(nadia: User, monkeypatch: pytest.MonkeyPatch) -> None:
    source = receive_file(by=nadia, content=csv_of(result_of(make_patient(nadia))), file_name="", written=Written())

    def away(**_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(work, "judge_lines", away)
    work_on(seconds=5)

    source.refresh_from_db()
    assert source.state == "working"
