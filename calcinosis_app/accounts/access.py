"""The door to one person of the own clinic, for administrators."""

from uuid import UUID

from django.http import Http404

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import PEOPLE_MANAGE
from calcinosis_app.accounts.policy import require


def enter_person(*, by: User, pk: UUID) -> User:
    """The person. Raises PermissionDenied, or Http404 when not there or of another clinic."""
    require(by, PEOPLE_MANAGE)
    user = User.objects.filter(pk=pk).select_related("clinic").first()
    if user is None:
        raise Http404
    require(by, PEOPLE_MANAGE, user)
    return user
