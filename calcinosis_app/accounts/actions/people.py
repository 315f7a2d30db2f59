"""The one door for changes to people, clinics and what each person may do."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from calcinosis_app.accounts.actions.emergency import end_emergencies
from calcinosis_app.accounts.actions.sessions import end_sessions
from calcinosis_app.accounts.actions.tokens import revoke_all
from calcinosis_app.accounts.models import Clinic, EmergencyAccess, OneTimeLink, PermissionGranted, RoleHeld, User
from calcinosis_app.accounts.permissions import GRANTED_PER_PERSON, PEOPLE_MANAGE
from calcinosis_app.accounts.policy import require
from calcinosis_app.accounts.roles import ADMINISTRATOR, ROLES
from calcinosis_app.accounts.selectors import open_links
from calcinosis_app.audit.actions import record
from calcinosis_app.audit.actors import Actor
from calcinosis_app.audit.selectors import last_event
from calcinosis_app.core.errors import Both, Conflict, Versions
from calcinosis_app.core.stale import Label, check_seen, version_of

CHANGED_MEANWHILE: Final = (
    "{person} was changed by somebody else while your page was open. Open the person's page again and look before you save."
)
DETAILS: Final = {"display_name": Label("Name"), "email": Label("E-mail")}
CLINIC: Final = {
    "name": Label("Name"),
    "time_zone": Label("Time zone"),
    "jurisdiction": Label("Country whose drug labels count", choices=tuple(Clinic.Jurisdiction.choices)),
}


def person_texts(user: User) -> dict[str, str]:
    """What the form of a person's details shows, for its version."""
    return {name: getattr(user, name) for name in DETAILS}


def clinic_texts(clinic: Clinic) -> dict[str, str]:
    """What the form of a clinic's details shows, for its version."""
    return {name: getattr(clinic, name) for name in CLINIC}


@transaction.atomic
def create_clinic(*, by: Actor, name: str, time_zone: str, jurisdiction: str) -> Clinic:
    """A new clinic. Raises ValidationError for an unknown time zone or jurisdiction."""
    clinic = Clinic(name=name.strip(), time_zone=time_zone, jurisdiction=jurisdiction)
    clinic.full_clean()
    clinic.save(force_insert=True)
    record(by=by, action="clinic.created", subject=clinic, jurisdiction=jurisdiction)
    return clinic


@transaction.atomic
def change_clinic(*, by: User, clinic: Clinic, name: str, time_zone: str, jurisdiction: str, seen: str | None = None) -> Clinic:
    """Changes what is known of one's own clinic.

    Raises ValidationError as `create_clinic` does, Http404 for another clinic, and Conflict with both versions when it is no
    longer the `seen` version.
    """
    require(by, PEOPLE_MANAGE, OfClinic(clinic))
    stored = Clinic.objects.select_for_update().get(pk=clinic.pk)
    new = {"name": name.strip(), "time_zone": time_zone, "jurisdiction": jurisdiction}
    changed = sorted(key for key, value in new.items() if getattr(stored, key) != value)
    last = last_event(stored, "clinic.changed")
    check_seen(
        seen=seen,
        stored=clinic_texts(stored),
        sent=new,
        labels=CLINIC,
        say="The clinic's details were changed by somebody else while your page was open.",
        by=last.actor if last else "",
        at=last.at if last else None,
    )
    for key, value in new.items():
        setattr(stored, key, value)
    stored.full_clean()
    if changed:
        try:
            with transaction.atomic():
                stored.save()
        except IntegrityError:
            stored.validate_unique()
            raise
        record(by=by, action="clinic.changed", subject=stored, changed=changed)
    return stored


class OfClinic:
    """A clinic as a thing that belongs to itself, for the policy."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic_id = clinic.pk


@transaction.atomic
def create_user(*, by: Actor, username: str, display_name: str, password: str | None, clinic: Clinic | None, email: str = "") -> User:
    """A new person, holding no role yet. Without a password a one-time link has to let the person in.

    Raises ValidationError for a name that is taken and for a weak password.
    """
    user = User(username=username, display_name=display_name.strip(), clinic=clinic, email=email)
    user.set_password(password)
    user.full_clean()
    if password is not None:
        validate_password(password, user)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:  # somebody took the name in this very moment
        user.validate_unique()
        raise
    record(by=by, action="user.created", subject=user)
    return user


@transaction.atomic
def change_person(
    *, by: User, user: User, display_name: str, email: str, shown: Mapping[str, str] | None = None, seen: str | None = None
) -> User:
    """Changes name and e-mail address of a person of the own clinic. Links that were mailed to another address end.

    Raises ValidationError for what is none, and Conflict with both versions when what the administrator saw, `shown` or its
    version `seen`, is no longer what is stored.
    """
    require(by, PEOPLE_MANAGE, user)
    stored = User.objects.select_for_update().get(pk=user.pk)
    new = {"display_name": display_name.strip(), "email": email}
    changed = sorted(key for key, value in new.items() if getattr(stored, key) != value)
    last = last_event(stored, "user.changed")
    check_seen(
        seen=seen or (version_of(shown) if shown is not None else None),
        stored={key: getattr(stored, key) for key in new},
        sent=new,
        labels=DETAILS,
        say=CHANGED_MEANWHILE.format(person=stored.display_name),
        by=last.actor if last else "",
        at=last.at if last else None,
    )
    for key, value in new.items():
        setattr(stored, key, value)
    stored.full_clean()
    if changed:
        stored.save(update_fields=changed)
        if "email" in changed:
            for link in open_links(stored).filter(by_mail=True):
                link.close(OneTimeLink.End.WITHDRAWN)
        record(by=by, action="user.changed", subject=stored, changed=changed)
    return stored


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
def set_roles(*, by: User, user: User, roles: Iterable[str], shown: Iterable[str] | None = None) -> None:
    """Gives what is missing and takes what is too much, so that the person holds exactly `roles`.

    Raises ValidationError where it would take from oneself the role of an administrator, or leave a clinic without one, and
    Conflict when `shown`, the roles the administrator saw, are no longer those that the person holds.
    """
    require(by, PEOPLE_MANAGE, user)
    wanted = set(roles)
    _lock_administrators(user)
    held = set(RoleHeld.objects.filter(user=user).values_list("role", flat=True))
    if held != wanted and shown is not None and held != set(shown):
        last = last_event(user, "role.given", "role.taken")
        both = Both("roles", "Roles", mine=", ".join(sorted(wanted)), theirs=", ".join(sorted(held)))
        versions = Versions((both,), version="", by=last.actor if last else "", at=last.at if last else None)
        raise Conflict(CHANGED_MEANWHILE.format(person=user.display_name), versions)
    if ADMINISTRATOR.name in held - wanted:
        _refuse_without_administrator(by, user, "lose the role of an administrator")
    for role in sorted(wanted - held):
        give_role(by=by, user=user, role=role)
    for role in sorted(held - wanted):
        RoleHeld.objects.filter(user=user, role=role).delete()
        record(by=by, action="role.taken", subject=user, role=role)


@transaction.atomic
def deactivate(*, by: User, user: User) -> None:
    """Shuts a person out: sessions, tokens, open links and emergency access end now. What the person did stays as it is."""
    require(by, PEOPLE_MANAGE, user)
    _lock_administrators(user)
    stored = User.objects.select_for_update().get(pk=user.pk)
    if not stored.is_active:
        return
    if stored.roles_held.filter(role=ADMINISTRATOR.name).exists():
        _refuse_without_administrator(by, stored, "be deactivated")
    elif by == stored:
        raise ValidationError("You cannot deactivate yourself: ask another administrator.")
    stored.is_active = False
    stored.save(update_fields=["is_active"])
    for link in open_links(stored):
        link.close(OneTimeLink.End.WITHDRAWN)
    record(by=by, action="user.deactivated", subject=stored)
    end_sessions(by=by, user=stored)
    revoke_all(by=by, user=stored)
    end_emergencies(by=by, user=stored, end=EmergencyAccess.End.DEACTIVATED)


@transaction.atomic
def reactivate(*, by: User, user: User) -> None:
    """Lets a person in again, with the same password, second factor and roles; tokens stay revoked."""
    require(by, PEOPLE_MANAGE, user)
    stored = User.objects.select_for_update().get(pk=user.pk)
    if stored.is_active:
        return
    stored.is_active = True
    stored.save(update_fields=["is_active"])
    record(by=by, action="user.reactivated", subject=stored)


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


@transaction.atomic
def take_permission(*, by: User, user: User, permission: str) -> None:
    """Takes back what was granted to one person; taking what is not held changes nothing."""
    require(by, PEOPLE_MANAGE, user)
    taken, _ = PermissionGranted.objects.filter(user=user, permission=permission).delete()
    if taken:
        record(by=by, action="permission.taken", subject=user, permission=permission)


def _lock_administrators(user: User) -> None:
    """Two administrators who shut each other out at the same moment come one after the other."""
    if user.clinic_id is not None:
        Clinic.objects.select_for_update().get(pk=user.clinic_id)


def _refuse_without_administrator(by: User, user: User, what: str) -> None:
    if by == user:
        raise ValidationError(f"You cannot {what} by your own hand: ask another administrator.")
    others = RoleHeld.objects.filter(role=ADMINISTRATOR.name, user__clinic=user.clinic_id, user__is_active=True).exclude(user=user)
    if not others.exists():
        raise ValidationError(f"{user.display_name} is the only administrator of the clinic and cannot {what}: make another one first.")
