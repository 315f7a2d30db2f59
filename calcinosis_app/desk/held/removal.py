"""Removing everything that is held on a person whose record is due. The work of the tables' owner; the application cannot."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from django.apps import apps
from django.db import connection, transaction

from calcinosis_app.audit.actions import record as record_event
from calcinosis_app.audit.actors import System
from calcinosis_app.audit.chain import say_removed
from calcinosis_app.audit.models import Event
from calcinosis_app.core.past import KEPT
from calcinosis_app.desk.held.due import due_in
from calcinosis_app.desk.held.reach import Held, held_on
from calcinosis_app.desk.held.record import as_json, record_of
from calcinosis_app.laboratory.models import Line
from calcinosis_app.patients.models import Finding, Patient
from calcinosis_app.patients.selectors import group_of

REMOVER = System("remove_records")
# Others wait for the tables meanwhile; better to give up than to make a clinic wait.
PATIENCE = "10s"


class NotRemoved(Exception):
    """Nothing of this record was removed: the text says why."""


@dataclass(frozen=True)
class Removed:
    """How many rows of each table, and the hash of the record as it was exported for machines."""

    rows: dict[str, int]
    sha256: str


def contents_of(patient: Patient) -> dict[str, int]:
    """What would be removed: how many rows of each table."""
    return {one.name: len(one.keys) for one in held_on(patient) if one.keys}


@transaction.atomic
def remove_record(patient: Patient, *, waived: bool = False) -> Removed:
    """Removes all that is held on a survivor and its duplicates, with its past, or nothing.

    One event stays: how many rows of which table, and a hash, without whose. Raises NotRemoved when the record is not due, is held
    back, was not exported since the last activity (unless `waived`), or something of another patient rests on it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
    ids = sorted(str(pk) for pk in group_of(patient.pk).values_list("pk", flat=True))
    list(Patient.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    _check(patient, waived)
    made = record_of(patient, REMOVER)
    del made["made_at"], made["made_by"]
    digest = sha256(as_json(made).encode()).hexdigest()
    held = [one for one in held_on(patient) if one.keys]
    _refuse_what_rests_on_it(held)
    with _unguarded(held):
        for one in reversed(held):
            _delete(one)
    _make_sure(ids)
    rows = {one.name: len(one.keys) for one in held}
    told = record_event(by=REMOVER, action="record.removed", subject=patient.clinic, rows=rows, sha256=digest, waived=waived)
    say_removed([key for one in held if one.model is Event for key in one.keys], told)
    return Removed(rows, digest)


def forget_dry_runs() -> int:
    """The past of lines whose file was thrown away, which the application can read and not remove. Returns how many rows."""
    past = connection.ops.quote_name(KEPT[Line].past._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {past} AS p WHERE NOT EXISTS (SELECT 1 FROM laboratory_import AS i WHERE i.id = p.source_id)")  # noqa: S608
        return int(cursor.rowcount)


def _check(patient: Patient, waived: bool) -> None:
    due = due_in(patient.clinic, only=[patient.pk])
    if not due:
        raise NotRemoved("The record is not due: something was done since, the patient is too young, or it is somebody's duplicate.")
    if due[0].hold is not None:
        raise NotRemoved("The record is held back. An administrator lifts the hold first.")
    if not due[0].exported and not waived:
        raise NotRemoved("The record was not exported since the last activity. Export it, or waive that with --without-export.")


def _refuse_what_rests_on_it(held: list[Held]) -> None:
    findings = next((one.keys for one in held if one.model is Finding), ())
    if Finding.objects.filter(corrects__in=findings).exclude(pk__in=findings).exists():
        raise NotRemoved(
            "A finding of another patient, with whom this one was merged once, corrects one of this record. It can be removed together "
            "with that patient's only: merge the two again, or wait until both are due."
        )


@contextmanager
def _unguarded(held: list[Held]) -> Iterator[None]:
    """The triggers that keep what is final, and write down the past, look away; those of foreign keys never do."""
    tables = [connection.ops.quote_name(one.model._meta.db_table) for one in held]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _delete(held: Held) -> None:
    """All at once, so that rows of one table may point to each other."""
    meta = held.model._meta
    table, key = connection.ops.quote_name(meta.db_table), connection.ops.quote_name(str(meta.pk.column))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {key} = ANY(%s)", [list(held.keys)])  # noqa: S608  # names of our own tables
        if cursor.rowcount != len(held.keys):
            raise NotRemoved(f"{meta.label_lower} changed meanwhile. Nothing was removed; try again.")


def _make_sure(ids: list[str]) -> None:
    """Looks through every table: nothing names the patient any more. Raises NotRemoved, which takes everything back."""
    patterns = [f"%{pk}%" for pk in ids]
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if not model._meta.managed or model._meta.proxy:
                continue
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table} AS t WHERE t::text LIKE ANY(%s))", [patterns])  # noqa: S608
            if cursor.fetchone()[0]:
                raise NotRemoved(f"{model._meta.label_lower} still names the patient. Nothing was removed: tell whoever keeps the product.")
