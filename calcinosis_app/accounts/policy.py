"""The one place that decides who may do what to which thing.

Pages, fragments and the API all ask here. Two answers are kept apart: a person whose roles do not
open the door hears so (403); a thing of another clinic does not exist for this person (404), so
that nobody learns from the answer who is a patient elsewhere.

One thing opens the border: a live emergency access, for one person, one patient and reading only. Whatever belongs to a patient
says so by `record_id`.
"""

from typing import Protocol
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from calcinosis_app.accounts.models import EmergencyAccess, User
from calcinosis_app.accounts.permissions import ALL, EMERGENCY_READ, MEANING, OF_A_CLINIC, READING
from calcinosis_app.accounts.selectors import live_emergency, permissions_of


class OfClinic(Protocol):
    """A thing that belongs to a clinic."""

    @property
    def clinic_id(self) -> UUID | None:
        """Identifier of the clinic."""


Person = User | AnonymousUser


def may(user: Person, permission: str, obj: OfClinic | None = None) -> bool:
    """Whether `user` holds `permission`, and `obj`, when given, belongs to the user's clinic or is read in an emergency.

    Raises ValueError for a permission that accounts/permissions.py does not list.
    """
    return _holds(user, permission) and (obj is None or _reaches(user, permission, obj))


def require(user: Person, permission: str, obj: OfClinic | None = None) -> None:
    """Passes where `may` says yes.

    Raises PermissionDenied without the permission, Http404 for another clinic's thing. What was let through is noted on the person,
    so that the page shows the emergency, offers nothing that could not be done, and every event says under which access it happened.
    """
    if not _holds(user, permission):
        raise PermissionDenied(f"This needs the permission to {MEANING[permission]}.")
    if obj is not None and not _reaches(user, permission, obj):
        raise Http404


def _holds(user: Person, permission: str) -> bool:
    if permission not in ALL:
        raise ValueError(f"There is no permission {permission!r}. It is one of: {', '.join(sorted(ALL))}.")
    if not isinstance(user, User) or not user.is_active:
        return False
    if permission in OF_A_CLINIC and user.clinic_id is None:
        return False
    return permission in permissions_of(user)


def _reaches(user: Person, permission: str, obj: OfClinic) -> bool:
    """Whether the thing is in the person's reach, and notes on the person by which way."""
    if not isinstance(user, User):
        return False
    same = _same_clinic(user, obj)
    emergency = None if same else _emergency(user, permission, obj)
    if same or emergency is not None:
        user.emergency = emergency
    return same or emergency is not None


def _emergency(user: User, permission: str, obj: OfClinic) -> EmergencyAccess | None:
    record_id = getattr(obj, "record_id", None)
    if permission not in READING or record_id is None or not _holds(user, EMERGENCY_READ):
        return None
    return live_emergency(user, record_id)


def _same_clinic(user: Person, obj: OfClinic) -> bool:
    return isinstance(user, User) and user.clinic_id is not None and obj.clinic_id == user.clinic_id
