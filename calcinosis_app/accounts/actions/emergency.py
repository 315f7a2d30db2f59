"""Emergency access: begun, refused, ended, and seen by the patient's clinic. Whose record it is, a higher floor finds out."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from calcinosis_app.accounts.models import Clinic, EmergencyAccess, User
from calcinosis_app.accounts.permissions import ACCESS_WATCH, EMERGENCY_READ
from calcinosis_app.accounts.policy import require
from calcinosis_app.accounts.selectors import live_emergency
from calcinosis_app.audit.actions import record
from calcinosis_app.audit.actors import Actor
from calcinosis_app.audit.selectors import count_since

# Somebody who knows a birthday could otherwise try numbers until one fits, and learn who is a patient elsewhere.
TRIES: Final = 5
TRIES_WITHIN: Final = timedelta(hours=1)
End = EmergencyAccess.End


class TooManyTries(Exception):
    """The person was refused too often to be answered now."""


@transaction.atomic
def check_tries(*, by: User) -> None:
    """Passes while the person may be answered; whoever asks several times at once waits in line until the transaction ends.

    Raises PermissionDenied, and TooManyTries after five refusals within an hour.
    """
    _hold(by)
    if count_since(by, "emergency.refused", since=timezone.now() - TRIES_WITHIN) >= TRIES:
        raise TooManyTries


@transaction.atomic
def refuse_emergency(*, by: User, clinic: Clinic) -> None:
    """Writes that particulars did not fit, and of which clinic a patient was looked for; not what was typed."""
    record(by=by, action="emergency.refused", subject=by, at=clinic.pk)


@transaction.atomic
def open_emergency(*, by: User, clinic: Clinic, record_id: UUID, reason: str) -> EmergencyAccess:
    """Lets the person read this one record of another clinic, for a few hours. While one is open, it stays as it is.

    Whoever calls it has checked that the person knows whose record it is.
    """
    _hold(by)
    if live := live_emergency(by, record_id):
        return live
    now = timezone.now()
    _end(EmergencyAccess.objects.filter(user=by, record_id=record_id, ended_at=None), End.EXPIRED)
    access = EmergencyAccess.objects.create(
        user=by,
        clinic=clinic,
        record_id=record_id,
        reason=reason.strip(),
        opened_at=now,
        until=now + timedelta(hours=settings.EMERGENCY_HOURS),
    )
    record(by=by, action="emergency.opened", subject=access, patient=record_id, at=clinic.pk, until=access.until)
    return access


@transaction.atomic
def end_emergency(*, by: User, access: EmergencyAccess) -> None:
    """Ends one's own; pressed twice it ends once."""
    held = EmergencyAccess.objects.select_for_update(of=("self",)).get(pk=access.pk, user=by)
    if held.ended_at is None:
        _end(EmergencyAccess.objects.filter(pk=held.pk), End.ENDED if held.is_live() else End.EXPIRED)
        record(by=by, action="emergency.ended", subject=held, patient=held.record_id)


def end_emergencies(*, by: Actor, user: User, end: str) -> None:
    """Ends everything that a person has open, inside the transaction of what ends it."""
    for access in EmergencyAccess.objects.select_for_update(of=("self",)).filter(user=user, ended_at=None):
        _end(EmergencyAccess.objects.filter(pk=access.pk), end)
        record(by=by, action="emergency.ended", subject=access, patient=access.record_id, end=end)


@transaction.atomic
def mark_emergency_seen(*, by: User, access: EmergencyAccess) -> EmergencyAccess:
    """Somebody of the patient's clinic takes notice, by name. The first one counts; later ones change nothing.

    Raises PermissionDenied or Http404 as the policy does: the person who opened it is of another clinic.
    """
    require(by, ACCESS_WATCH, access)
    held = EmergencyAccess.objects.select_for_update(of=("self",)).get(pk=access.pk)
    if held.seen_at is None:
        held.seen_at, held.seen_by = timezone.now(), by
        held.save(update_fields=["seen_at", "seen_by"])
        record(by=by, action="emergency.seen", subject=held, patient=held.record_id)
    return held


def _hold(by: User) -> None:
    """Lets one person do one thing at a time here, and nothing any more once deactivated. Raises PermissionDenied."""
    held = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    require(held, EMERGENCY_READ)


def _end(found: QuerySet[EmergencyAccess], end: str) -> None:
    """Ends them now; those whose time was up ended then."""
    for access in found:
        access.ended_at, access.end = min(timezone.now(), access.until), end
        access.save(update_fields=["ended_at", "end"])
