"""What a person holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import models
from django.utils import timezone

from calcinosis_app.accounts.agents import browser_of
from calcinosis_app.accounts.keys import hashed
from calcinosis_app.accounts.models import ApiToken, Clinic, EmergencyAccess, OneTimeLink, PermissionGranted, RoleHeld, User
from calcinosis_app.accounts.permissions import BEHIND_SECOND_FACTOR
from calcinosis_app.accounts.roles import ADMINISTRATOR, ROLES, Role


def roles_of(user: User) -> tuple[Role, ...]:
    """The roles that a person holds, in the order in which accounts/roles.py lists them."""
    held = set(RoleHeld.objects.filter(user=user).values_list("role", flat=True))
    return tuple(role for name, role in ROLES.items() if name in held)


def permissions_of(user: User) -> frozenset[str]:
    """What a person's roles open, and what was granted to the person alone."""
    granted = PermissionGranted.objects.filter(user=user).values_list("permission", flat=True)
    return frozenset(chain(granted, *(role.permissions for role in roles_of(user))))


def live_emergency(user: User, record_id: UUID) -> EmergencyAccess | None:
    """The emergency access by which a person may read one patient of another clinic now."""
    return (
        EmergencyAccess.objects.filter(user=user, record_id=record_id, ended_at=None, until__gt=timezone.now())
        .select_related("clinic")
        .first()
    )


def live_emergencies_of(user: User) -> models.QuerySet[EmergencyAccess]:
    """What a person has open now, the last one first."""
    return EmergencyAccess.objects.filter(user=user, ended_at=None, until__gt=timezone.now()).select_related("clinic")


def emergencies_in(clinic: Clinic) -> models.QuerySet[EmergencyAccess]:
    """Every emergency access to a patient of the clinic, the last one first."""
    return EmergencyAccess.objects.filter(clinic=clinic).select_related("user__clinic", "clinic", "seen_by")


def emergencies_to_see(clinic: Clinic) -> models.QuerySet[EmergencyAccess]:
    """Those of which nobody in the clinic has said that they were seen."""
    return emergencies_in(clinic).filter(seen_at=None)


def emergencies_of_records(record_ids: Iterable[UUID]) -> models.QuerySet[EmergencyAccess]:
    """Every emergency access to these records of one patient, whichever clinic it belonged to."""
    return EmergencyAccess.objects.filter(record_id__in=record_ids).select_related("user__clinic", "clinic", "seen_by")


def administrators_of(clinic: Clinic) -> models.QuerySet[User]:
    """The people who look after the people of a clinic, with an e-mail address."""
    return people_of(clinic).filter(roles_held__role=ADMINISTRATOR.name, is_active=True).exclude(email="")


def other_clinics(user: User) -> models.QuerySet[Clinic]:
    """Every clinic but the person's own, by name."""
    return clinics().exclude(people=user)


def clinics() -> models.QuerySet[Clinic]:
    """All clinics, by name."""
    return Clinic.objects.all()


def people_of(clinic: Clinic) -> models.QuerySet[User]:
    """The people of one clinic, by name."""
    return User.objects.filter(clinic=clinic)


def has_administrator() -> bool:
    """Whether anybody can let others in."""
    return RoleHeld.objects.filter(role=ADMINISTRATOR.name, user__is_active=True).exists()


def link_by_secret(secret: str, *, lock: bool = False) -> OneTimeLink | None:
    """The link with this secret, when it can still be used."""
    links = OneTimeLink.objects.filter(secret_hash=hashed(secret), ended_at=None, expires_at__gt=timezone.now())
    if lock:
        links = links.select_for_update(of=("self",))
    link = links.select_related("user").first()
    return None if link is None or (link.user is not None and not link.user.is_active) else link


def open_links(user: User) -> models.QuerySet[OneTimeLink]:
    """The links that a person could still use."""
    return OneTimeLink.objects.filter(user=user, ended_at=None, expires_at__gt=timezone.now())


def token_by_secret(secret: str) -> ApiToken | None:
    """The unrevoked token with this secret, of a person who is not deactivated."""
    found = ApiToken.objects.filter(secret_hash=hashed(secret), revoked_at=None, user__is_active=True)
    return found.select_related("user__clinic").first()


def tokens_of(user: User) -> models.QuerySet[ApiToken]:
    """A person's tokens that are not revoked, newest first."""
    return ApiToken.objects.filter(user=user, revoked_at=None)


def sessions_of(user: User) -> list[UserSession]:
    """A person's living sessions, the one used last first; each says its `browser` in words."""
    living: list[UserSession] = UserSession.objects.purge_and_list(user)
    for session in living:
        session.browser = browser_of(session.user_agent)
    return sorted(living, key=lambda session: session.last_seen_at, reverse=True)


def second_factors_of(user: User) -> models.QuerySet[Authenticator]:
    """A person's authenticator app and passkeys, without the recovery codes, which only stand in for them."""
    found: models.QuerySet[Authenticator] = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return found


def has_second_factor(user: User) -> bool:
    """Whether a person signs in with more than a password."""
    return second_factors_of(user).exists()


def made_behind_second_factor(token: ApiToken) -> bool:
    """Whether the token's person had one of today's second factors already when the token was made.

    From that moment on every session in which a token can be made was begun, or confirmed, with a second factor.
    """
    return second_factors_of(token.user).filter(created_at__lte=token.made_at).exists()


def must_have_second_factor(user: User) -> bool:
    """Whether what a person may do needs a second factor; in the demo it is only offered."""
    return bool(settings.SECOND_FACTOR_REQUIRED and BEHIND_SECOND_FACTOR & permissions_of(user))


@dataclass(frozen=True)
class Standing:
    """A person as the list of people shows it."""

    person: User
    roles: tuple[str, ...]
    standing: str
    second_factor: bool


def people_with_standing(administrator: User) -> list[Standing]:
    """The people of an administrator's clinic, deactivated ones last. `standing` is active, invited or deactivated."""
    if administrator.clinic is None:
        return []
    people = people_of(administrator.clinic).prefetch_related("roles_held")
    factors = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    protected = set(factors.filter(user__clinic=administrator.clinic).values_list("user_id", flat=True))
    found = [Standing(one, tuple(held.role for held in one.roles_held.all()), standing_of(one), one.pk in protected) for one in people]
    return sorted(found, key=lambda one: one.standing == "deactivated")


def standing_of(user: User) -> str:
    """Whether a person may come in: active, invited and not yet come, or deactivated."""
    if not user.is_active:
        return "deactivated"
    return "active" if user.has_usable_password() else "invited"
