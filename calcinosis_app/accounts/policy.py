"""The one place that decides who may do what to which thing.

Pages, fragments and the API all ask here. Two answers are kept apart: a person whose roles do not
open the door hears so (403); a thing of another clinic does not exist for this person (404), so
that nobody learns from the answer who is a patient elsewhere.
"""

from typing import Protocol
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import ALL, MEANING, OF_A_CLINIC
from calcinosis_app.accounts.selectors import permissions_of


class OfClinic(Protocol):
    """A thing that belongs to a clinic."""

    @property
    def clinic_id(self) -> UUID | None:
        """Identifier of the clinic."""


Person = User | AnonymousUser


def may(user: Person, permission: str, obj: OfClinic | None = None) -> bool:
    """Whether `user` holds `permission`, and `obj`, when given, belongs to the user's clinic.

    Raises ValueError for a permission that accounts/permissions.py does not list.
    """
    return _holds(user, permission) and (obj is None or _same_clinic(user, obj))


def require(user: Person, permission: str, obj: OfClinic | None = None) -> None:
    """Passes where `may` says yes.

    Raises PermissionDenied without the permission, Http404 for another clinic's thing.
    """
    if not _holds(user, permission):
        raise PermissionDenied(f"This needs the permission to {MEANING[permission]}.")
    if obj is not None and not _same_clinic(user, obj):
        raise Http404


def _holds(user: Person, permission: str) -> bool:
    if permission not in ALL:
        raise ValueError(f"There is no permission {permission!r}. It is one of: {', '.join(sorted(ALL))}.")
    if not isinstance(user, User) or not user.is_active:
        return False
    if permission in OF_A_CLINIC and user.clinic_id is None:
        return False
    return permission in permissions_of(user)


def _same_clinic(user: Person, obj: OfClinic) -> bool:
    return isinstance(user, User) and user.clinic_id is not None and obj.clinic_id == user.clinic_id
