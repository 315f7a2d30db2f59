"""The one way into the audit log."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from calcinosis_app.audit.actors import Actor
from calcinosis_app.audit.models import Event
from calcinosis_app.audit.selectors import kind_of

ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
# What would tell a reader of the log who the patient is. The subject's id is enough to look it up.
IDENTITY = frozenset({"family_name", "given_name", "birth_date", "number", "name", "title"})
OPENED_ONCE_PER = timedelta(minutes=15)


@dataclass(frozen=True)
class Recorded:
    """One of many events of the same kind: what it was done to, and its detail."""

    subject: models.Model
    detail: dict[str, Any]


def record(*, by: Actor, action: str, subject: models.Model, **detail: Any) -> Event:
    """Writes what `by` did to `subject`, in the transaction of the change itself.

    `action` reads noun.verb, as in `case.opened`. Raises ValueError for any other form and for a
    detail that would carry a patient's identity, and TransactionManagementError outside a
    transaction: an event that could outlive a change that failed would be a false witness.
    """
    return Event.objects.create(**_columns(by, action, Recorded(subject, detail)))


def record_all(*, by: Actor, action: str, events: Iterable[Recorded]) -> list[Event]:
    """The same for many subjects at once: one event for each."""
    return Event.objects.bulk_create([Event(**_columns(by, action, one)) for one in events])


def _columns(by: Actor, action: str, one: Recorded) -> dict[str, Any]:
    if not ACTION.fullmatch(action):
        raise ValueError(f"Audit action {action!r} must read noun.verb, as in 'case.opened'.")
    if identity := IDENTITY.intersection(one.detail):
        raise ValueError(f"Audit detail of {action!r} may not carry {', '.join(sorted(identity))}: the log names patients by id only.")
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(f"Audit event {action!r} must be recorded inside the transaction of its change.")
    return {
        "actor": by.audit_name,
        "actor_id": by.audit_id,
        "clinic": by.audit_clinic,
        "action": action,
        "subject_kind": kind_of(one.subject),
        "subject_id": str(one.subject.pk),
        "detail": {**one.detail, **_beside(by)},
    }


def _beside(by: Actor) -> dict[str, str]:
    return getattr(by, "audit_beside", {})


@transaction.atomic
def opened(*, by: Actor, patient: models.Model, thing: models.Model | None = None) -> Event | None:
    """Writes that `by` looked at `patient`, once per person, patient and 15 minutes.

    What stands beside all events of `by`, as an emergency, counts apart, and then each `thing` of the patient does, too: the
    patient's clinic is told what was opened. Returns nothing when an event of the last 15 minutes already says so. A page and its
    fragments arrive at the same moment, so the question and the answer stand under one lock.
    """
    beside = _beside(by)
    what = {"kind": kind_of(thing or patient), "thing": str((thing or patient).pk)} if beside else {}
    _hold_until_commit(f"patient.opened {by.audit_id} {patient.pk}")
    seen = Event.objects.filter(
        actor_id=by.audit_id,
        action="patient.opened",
        subject_id=str(patient.pk),
        at__gt=timezone.now() - OPENED_ONCE_PER,
    )
    if any(one == {**beside, **what} for one in seen.values_list("detail", flat=True)):
        return None
    return record(by=by, action="patient.opened", subject=patient, **what)


def _hold_until_commit(name: str) -> None:
    """Makes everybody else who asks for the same name wait until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
