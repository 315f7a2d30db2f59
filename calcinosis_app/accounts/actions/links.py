"""One-time links: made, used once, replaced."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.actions.people import create_clinic, create_user, give_role
from calcinosis_app.accounts.actions.sessions import end_sessions
from calcinosis_app.accounts.actions.tokens import revoke_all
from calcinosis_app.accounts.keys import hashed, new_secret
from calcinosis_app.accounts.models import Clinic, OneTimeLink, User
from calcinosis_app.accounts.permissions import PEOPLE_MANAGE
from calcinosis_app.accounts.policy import require
from calcinosis_app.accounts.roles import ADMINISTRATOR
from calcinosis_app.accounts.selectors import has_administrator, link_by_secret, open_links
from calcinosis_app.audit.actions import record
from calcinosis_app.audit.actors import Actor, System
from calcinosis_app.core.errors import Conflict

Kind = OneTimeLink.Kind
VALID: Final = {
    Kind.FIRST_ADMINISTRATOR: timedelta(days=1),
    Kind.INVITATION: timedelta(days=7),
    Kind.NEW_PASSWORD: timedelta(days=1),
}
MAILED_VALID: Final = timedelta(hours=1)
MAILED_AGAIN_AFTER: Final = timedelta(minutes=10)
USELESS: Final = (
    "This link cannot be used. It lets one person in once, and for a limited time; a newer link ends older ones. Ask for a new one."
)


@transaction.atomic
def make_link(*, by: Actor, kind: str, user: User | None, secret: str | None = None) -> tuple[OneTimeLink, str]:
    """A link of this kind, in the place of an older one, and its secret, a new one unless it is given; only its hash is kept."""
    replace_links(kind, user, by_mail=False)
    secret = secret or new_secret()
    now = timezone.now()
    link = OneTimeLink.objects.create(
        kind=kind, user=user, secret_hash=hashed(secret), made_at=now, expires_at=now + VALID[OneTimeLink.Kind(kind)]
    )
    record(by=by, action="link.made", subject=user or link, kind=kind)
    return link, secret


def replace_links(kind: str, user: User | None, *, by_mail: bool) -> None:
    """Ends what is open of this kind for this person. What was handed over does not end what was mailed, nor the other way round:
    whoever knows a name can ask for a mail, and must not end an invitation by it.
    """
    if user is not None:
        User.objects.select_for_update().get(pk=user.pk)
    for link in OneTimeLink.objects.select_for_update().filter(kind=kind, user=user, by_mail=by_mail, ended_at=None):
        link.close(OneTimeLink.End.REPLACED)


@transaction.atomic
def invite(*, by: User, username: str, display_name: str, email: str, roles: Iterable[str], secret: str | None = None) -> tuple[User, str]:
    """A new person of the administrator's clinic, and the secret of the link that lets the person in."""
    require(by, PEOPLE_MANAGE)
    if by.clinic is None:
        raise ValidationError("You belong to no clinic, so there is none to invite to.")
    user = create_user(by=by, username=username, display_name=display_name, password=None, clinic=by.clinic, email=email)
    for role in roles:
        give_role(by=by, user=user, role=role)
    return user, make_link(by=by, kind=Kind.INVITATION, user=user, secret=secret)[1]


@transaction.atomic
def link_for(*, by: User, user: User, secret: str | None = None) -> str:
    """The secret of a new link for a person of the own clinic: to come in, or to choose a new password.

    Raises ValidationError for somebody deactivated: a link would not let the person in.
    """
    require(by, PEOPLE_MANAGE, user)
    stored = User.objects.select_for_update().get(pk=user.pk)
    if not stored.is_active:
        raise ValidationError(f"{stored.display_name} is deactivated. Reactivate first, then make a link.")
    kind = Kind.NEW_PASSWORD if stored.has_usable_password() else Kind.INVITATION
    return make_link(by=by, kind=kind, user=stored, secret=secret)[1]


@transaction.atomic
def first_administrator_link() -> str | None:
    """The secret of a link that makes its user the first administrator; None once there is one."""
    if has_administrator():
        return None
    return make_link(by=System("first_administrator"), kind=Kind.FIRST_ADMINISTRATOR, user=None)[1]


@transaction.atomic
def use_link(*, secret: str, password: str) -> User:
    """Gives the person of the link the password, ends the link and the person's other sessions and links, and revokes the tokens.

    Raises ValidationError for a weak password (the link stays good), Conflict for a link that cannot be used.
    """
    link = _held(secret)
    if link.user is None:
        raise Conflict(USELESS)
    user = User.objects.select_for_update().get(pk=link.user.pk)
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    link.close(OneTimeLink.End.USED)
    for other in open_links(user):
        other.close(OneTimeLink.End.REPLACED)
    record(by=user, action="link.used", subject=user, kind=link.kind)
    end_sessions(by=user, user=user)
    revoke_all(by=user, user=user)
    return user


@transaction.atomic
def become_first_administrator(
    *, secret: str, display_name: str, username: str, password: str, clinic_name: str, time_zone: str, jurisdiction: str
) -> User:
    """Makes the clinic and its administrator. Raises as `use_link` does; a second use finds an administrator and is refused."""
    link = _held(secret)
    if link.kind != Kind.FIRST_ADMINISTRATOR or has_administrator():
        raise Conflict(USELESS)
    by = System("first_administrator")
    known = Clinic.objects.filter(name=clinic_name.strip()).first()
    clinic = known or create_clinic(by=by, name=clinic_name, time_zone=time_zone, jurisdiction=jurisdiction)
    user = create_user(by=by, username=username, display_name=display_name, password=password, clinic=clinic)
    give_role(by=by, user=user, role=ADMINISTRATOR.name)
    link.close(OneTimeLink.End.USED)
    record(by=user, action="link.used", subject=user, kind=link.kind)
    return user


def _held(secret: str) -> OneTimeLink:
    """The link, locked, so that of two who use it at once the second is refused."""
    link = link_by_secret(secret, lock=True)
    if link is None:
        raise Conflict(USELESS)
    return link


@transaction.atomic
def ask_for_link(*, username: str) -> None:
    """Notes that whoever signs in as `username` wants a link by mail. A name that nobody has, or without an address, notes nothing."""
    user = User.objects.filter(username=username, is_active=True).exclude(email="").first()
    if user is None:
        return
    now = timezone.now()
    if open_links(user).filter(by_mail=True, made_at__gt=now - MAILED_AGAIN_AFTER).exists():
        return
    kind = Kind.NEW_PASSWORD if user.has_usable_password() else Kind.INVITATION
    replace_links(kind, user, by_mail=True)
    OneTimeLink.objects.create(kind=kind, user=user, by_mail=True, made_at=now, expires_at=now + MAILED_VALID)
    record(by=System("sign_in"), action="link.asked_for", subject=user, kind=kind)
