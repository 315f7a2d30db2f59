"""The doors to a person of the own clinic, and to one emergency access: of the clinic that takes notice, and of who began it."""

from uuid import UUID

from django.http import Http404

from calcinosis_app.accounts.models import EmergencyAccess, User
from calcinosis_app.accounts.permissions import ACCESS_WATCH, EMERGENCY_READ, PEOPLE_MANAGE
from calcinosis_app.accounts.policy import require


def enter_notice(*, by: User, access_id: UUID) -> EmergencyAccess:
    """An emergency access to a patient of the person's clinic. Raises PermissionDenied, or Http404 for another's."""
    require(by, ACCESS_WATCH)
    found = EmergencyAccess.objects.filter(pk=access_id).first()
    if found is None:
        raise Http404
    require(by, ACCESS_WATCH, found)
    return found


def enter_own_emergency(*, by: User, access_id: UUID) -> EmergencyAccess:
    """An emergency access of the person's own. Raises Http404 for anybody else's."""
    require(by, EMERGENCY_READ)
    found = EmergencyAccess.objects.filter(pk=access_id, user=by).first()
    if found is None:
        raise Http404
    return found


def enter_person(*, by: User, pk: UUID) -> User:
    """A person, for an administrator of the same clinic. Raises PermissionDenied, or Http404 for anybody else."""
    require(by, PEOPLE_MANAGE)
    user = User.objects.filter(pk=pk).select_related("clinic").first()
    if user is None:
        raise Http404
    require(by, PEOPLE_MANAGE, user)
    return user
