"""The one door for changes to people, clinics and what each person may do."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from calcinosis_app.accounts.models import Clinic, PermissionGranted, RoleHeld, User
from calcinosis_app.accounts.permissions import GRANTED_PER_PERSON, PEOPLE_MANAGE
from calcinosis_app.accounts.policy import require
from calcinosis_app.accounts.roles import ROLES
from calcinosis_app.audit.actions import record
from calcinosis_app.audit.actors import Actor


@transaction.atomic
def create_clinic(*, by: Actor, name: str, time_zone: str, jurisdiction: str) -> Clinic:
    """A new clinic. Raises ValidationError for an unknown time zone or jurisdiction."""
    clinic = Clinic(name=name.strip(), time_zone=time_zone, jurisdiction=jurisdiction)
    clinic.full_clean()
    clinic.save(force_insert=True)
    record(by=by, action="clinic.created", subject=clinic, jurisdiction=jurisdiction)
    return clinic


@transaction.atomic
def create_user(*, by: Actor, username: str, display_name: str, password: str, clinic: Clinic | None) -> User:
    """A new person who can sign in, holding no role yet.

    Raises ValidationError for a name that is taken and for a weak password.
    """
    user = User(username=username, display_name=display_name.strip(), clinic=clinic)
    user.set_password(password)
    user.full_clean()
    validate_password(password, user)
    user.save(force_insert=True)
    record(by=by, action="user.created", subject=user)
    return user


@transaction.atomic
def give_role(*, by: Actor, user: User, role: str) -> RoleHeld:
    """Gives a role; a role already held stays as it is and writes no second event."""
    if role not in ROLES:
        raise ValidationError(f"There is no role {role!r}. It is one of: {', '.join(ROLES)}.")
    held, new = RoleHeld.objects.get_or_create(user=user, role=role)
    if new:
        record(by=by, action="role.given", subject=user, role=role)
    return held


@transaction.atomic
def grant_permission(*, by: User, user: User, permission: str) -> PermissionGranted:
    """Grants one grave permission to one person, by an administrator of the same clinic.

    Raises PermissionDenied or Http404 as the policy decides, ValidationError for a permission that
    comes with a role and for granting it to oneself.
    """
    require(by, PEOPLE_MANAGE, user)
    if permission not in GRANTED_PER_PERSON:
        raise ValidationError(f"{permission!r} cannot be granted to one person: give a role that carries it.")
    if by == user:
        raise ValidationError(f"{permission!r} cannot be granted to oneself: ask another administrator.")
    granted, new = PermissionGranted.objects.get_or_create(user=user, permission=permission, defaults={"granted_by": by})
    if new:
        record(by=by, action="permission.granted", subject=user, permission=permission)
    return granted
