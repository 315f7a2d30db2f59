"""What every page knows of the person in front of it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import OF_A_CLINIC, READING
from calcinosis_app.accounts.selectors import permissions_of, roles_of
from calcinosis_app.core.navigation import navigation_items


def signed_in(request: HttpRequest) -> dict[str, Any]:
    """The person's roles, permissions and navigation; nothing for somebody not signed in.

    `permissions` decides what a page shows. What a person may do is decided again by the policy
    when it is done. On a page that is read in an emergency it holds what can be done there, and `emergency_access` says so.
    """
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    permissions = permissions_of(user)
    emergency = user.emergency
    return {
        "emergency_access": emergency,
        "roles": roles_of(user),
        "permissions": permissions - (OF_A_CLINIC - READING) if emergency else permissions,
        "navigation": [item for item in navigation_items() if item.permission in permissions],
    }


def idle(request: HttpRequest) -> dict[str, int]:
    """After how many seconds without activity the page locks, and how long before it asks."""
    return {"idle_seconds": round(settings.IDLE_MINUTES * 60), "idle_warning_seconds": settings.IDLE_WARNING_SECONDS}
