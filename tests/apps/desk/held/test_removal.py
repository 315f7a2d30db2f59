"""Removing a record: everything goes, nothing of anybody else, and one event stays."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.chain import look
from calcinosis_app.audit.models import Event, Link
from calcinosis_app.desk.held.export import export_patient
from calcinosis_app.desk.held.removal import NotRemoved, forget_dry_runs, remove_record
from calcinosis_app.laboratory.actions import clear_dry_runs, discard_import
from calcinosis_app.laboratory.models import Import
from calcinosis_app.patients.actions import hold_back, merge_patients, unmerge_patients
from calcinosis_app.patients.models import Finding, Patient
from tests.factories.case import make_case, record_finding
from tests.factories.full_patient import make_full_patient
from tests.factories.laboratory import csv_of, dry_run, imported, result_of
from tests.factories.patient import make_patient

LATER = datetime(2070, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def owner(db: None) -> Iterator[None]:
    """Acts as the owner of the tables."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        yield
        cursor.execute("RESET ROLE")


def everything() -> dict[str, list[str]]:
    """Every row of every table, as text; without the links of the log, which hold nothing but numbers and hashes."""
    rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if not model._meta.managed or model._meta.proxy or model is Link:
                continue
            cursor.execute(f"SELECT t::text FROM {model._meta.db_table} AS t ORDER BY 1")  # noqa: S608
            rows[model._meta.label_lower] = [row for (row,) in cursor.fetchall()]
    return rows


def test_no_table_holds_the_patient_any_more_and_nobody_else_is_touched(clara: User, ada: User, owner: None) -> None:
    full, other = make_full_patient(clara, ada), make_full_patient(clara, ada, mark=" stays", number="OTHER-1")
    patients = [full.survivor, full.duplicate]
    traces = [trace for one in patients for trace in (str(one.pk), one.number, one.family_name)]
    traces += [str(case.pk) for one in patients for case in one.cases.all()]
    with time_machine.travel(LATER, tick=False):
        sealed = export_patient(by=clara, patient=full.survivor)
        before = everything()
        removed = remove_record(full.survivor)

    after = everything()
    for table, rows in after.items():
        for trace in traces:
            assert not [row for row in rows if trace in row and f"{trace} stays" not in row], f"{table} still holds {trace}"
    gone = {table: set(before[table]) - set(after[table]) for table in before}
    assert {table: len(rows) for table, rows in gone.items() if rows} == removed.rows
    assert removed.rows["patients.patient"] == 2
    new = {table: set(after[table]) - set(before[table]) for table in before}
    assert {table: len(rows) for table, rows in new.items() if rows} == {"audit.event": 1}
    assert Patient.objects.filter(pk=other.survivor.pk).exists()
    assert sealed.rows.keys() <= removed.rows.keys()


def test_the_log_knows_that_its_events_were_removed_and_by_what(clara: User, ada: User, owner: None) -> None:
    full = make_full_patient(clara, ada)
    with time_machine.travel(LATER, tick=False):
        export_patient(by=clara, patient=full.survivor)
        removed = remove_record(full.survivor)
    told = Event.objects.get(action="record.removed")
    assert Link.objects.filter(removed=told.pk).count() == removed.rows["audit.event"] > 0
    assert look().touched == ()


def test_one_event_stays_without_identity(clara: User, ada: User, owner: None) -> None:
    full = make_full_patient(clara, ada)
    with time_machine.travel(LATER, tick=False):
        removed = remove_record(full.survivor, waived=True)

    event = Event.objects.get(action="record.removed")
    assert (event.actor_id, event.subject_kind, event.subject_id) == ("system:remove_records", "clinic", str(full.survivor.clinic_id))
    assert event.detail == {"rows": removed.rows, "sha256": removed.sha256, "waived": True}
    assert not [word for word in ("Quillfeather", "SURV", str(full.survivor.pk)) if word in json.dumps(event.detail)]


def test_what_is_final_is_final_again_afterwards(clara: User, ada: User, owner: None) -> None:
    full, other = make_full_patient(clara, ada), make_full_patient(clara, ada, number="OTHER-1")
    with time_machine.travel(LATER, tick=False):
        remove_record(full.survivor, waived=True)

    for statement in ("DELETE FROM laboratory_line", "DELETE FROM assessments_step", "UPDATE assessments_review SET note = 'x'"):
        with pytest.raises(DatabaseError, match=r"final|committed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert other.survivor.findings.exists()


def test_it_is_refused_in_words(clara: User, ada: User, owner: None) -> None:
    vera = make_patient(clara)
    with pytest.raises(NotRemoved, match="not due"):
        remove_record(vera, waived=True)
    with time_machine.travel(LATER, tick=False):
        with pytest.raises(NotRemoved, match="not exported"):
            remove_record(vera)
        hold_back(by=ada, patient=vera, reason="a dispute")
        with pytest.raises(NotRemoved, match="held back"):
            remove_record(vera, waived=True)
    assert Patient.objects.filter(pk=vera.pk).exists()


def test_what_somebody_elses_finding_rests_on_stays(clara: User, owner: None) -> None:
    one, other = make_case(clara), make_case(clara)
    wrong = record_finding(clara, one, "phosphate", value="1.9", unit="mmol/L")
    merge_patients(by=clara, survivor=one.patient, duplicate=other.patient, reason="x")
    record_finding(clara, other, "phosphate", value="1.1", unit="mmol/L", corrects=str(wrong.pk))
    unmerge_patients(by=clara, duplicate=other.patient, reason="x")

    with time_machine.travel(LATER, tick=False), pytest.raises(NotRemoved, match="another patient"):
        remove_record(one.patient, waived=True)

    assert Finding.objects.count() == 2


def test_the_application_itself_cannot(clara: User) -> None:
    vera = make_patient(clara)
    with (
        time_machine.travel(LATER, tick=False),
        pytest.raises(DatabaseError, match=r"must be owner|permission denied"),
        transaction.atomic(),
    ):
        remove_record(vera, waived=True)

    assert Patient.objects.filter(pk=vera.pk).exists()


def said(*options: str) -> str:
    out = StringIO()
    call_command("remove_records", "--clinic", "Riverside clinic", *options, stdout=out)
    return out.getvalue()


def test_the_command_tries_first_and_goes_when_told(clara: User, owner: None) -> None:
    make_patient(clara, number="A-17")
    assert "No record is due." in said()
    with time_machine.travel(LATER, tick=False):
        dry = said()
        assert "A-17: last activity" in dry
        assert "1 patients.patient" in dry
        assert "Nothing was removed" in dry
        with pytest.raises(CommandError, match=r"Not removed: A-17\."):
            said("--go")
        with pytest.raises(CommandError, match=r"Not due: B-9\."):
            said("--go", "--number", "B-9")
        assert Patient.objects.count() == 1
        assert "removed: " in said("--go", "--number", "A-17", "--without-export")
    assert not Patient.objects.exists()
    with pytest.raises(CommandError, match="There is no clinic"):
        call_command("remove_records", "--clinic", "Nowhere")


def test_dry_runs_are_thrown_away_after_two_weeks(clara: User, release: object) -> None:
    vera = make_patient(clara)
    imported(clara, csv_of(result_of(vera)))
    old, new = dry_run(clara, csv_of(result_of(vera, value="1.2"))), dry_run(clara, csv_of(result_of(vera, value="1.3")))
    Import.objects.filter(pk=old.pk).update(received_at=timezone.now() - timedelta(days=15))
    Import.objects.exclude(committed_at=None).update(received_at=timezone.now() - timedelta(days=99))

    assert clear_dry_runs() == 1
    assert clear_dry_runs() == 0

    assert set(Import.objects.filter(committed_at=None)) == {new}
    assert Import.objects.exclude(committed_at=None).count() == 1
    assert Event.objects.get(action="import.discarded").actor_id == "system:clearing of dry runs"


def test_the_past_of_what_was_thrown_away_is_forgotten_by_the_owner(clara: User, owner: None) -> None:
    kept, gone = (dry_run(clara, csv_of(result_of(make_patient(clara, family_name=name)))) for name in ("Keptname", "Gonename"))
    discard_import(by=clara, source=gone)
    assert "Gonename" in str(everything())

    assert forget_dry_runs() > 0

    assert "Keptname" in str(everything()["laboratory.line"])
    assert "Gonename" not in str([rows for table, rows in everything().items() if table.startswith("laboratory.")])
    assert Import.objects.get() == kept
