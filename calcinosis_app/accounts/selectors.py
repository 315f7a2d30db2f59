"""What a person holds."""

from itertools import chain

from django.db import models

from calcinosis_app.accounts.models import Clinic, PermissionGranted, RoleHeld, User
from calcinosis_app.accounts.roles import ROLES, Role


def roles_of(user: User) -> tuple[Role, ...]:
    """The roles that a person holds, in the order in which accounts/roles.py lists them."""
    held = set(RoleHeld.objects.filter(user=user).values_list("role", flat=True))
    return tuple(role for name, role in ROLES.items() if name in held)


def permissions_of(user: User) -> frozenset[str]:
    """What a person's roles open, and what was granted to the person alone."""
    granted = PermissionGranted.objects.filter(user=user).values_list("permission", flat=True)
    return frozenset(chain(granted, *(role.permissions for role in roles_of(user))))


def clinics() -> models.QuerySet[Clinic]:
    """All clinics, by name."""
    return Clinic.objects.all()


def people_of(clinic: Clinic) -> models.QuerySet[User]:
    """The people of one clinic, by name."""
    return User.objects.filter(clinic=clinic)
