"""People of the clinic, their sessions and tokens."""

from typing import Any, Final

from allauth.usersessions.models import UserSession

from calcinosis_app.accounts.models import ApiToken, Clinic, User
from calcinosis_app.accounts.permissions import ALL
from calcinosis_app.accounts.roles import ROLES
from calcinosis_app.accounts.selectors import has_second_factor, permissions_of, roles_of, standing_of
from calcinosis_app.api.shapes.parts import (
    Named,
    answered,
    count,
    identifier,
    listed,
    moment,
    one_of,
    perhaps,
    said,
    sent,
    text,
    yes_or_no,
)

ROLE: Final = one_of(ROLES, "What a person is in the clinic.", example="nurse")
PERMISSION: Final = one_of(sorted(ALL), example="patient_read")
SOMEBODY: Final = Named("Somebody", answered("A person by name.", id=identifier(), name=said(example="Dr Clara Winter")))
CLINIC: Final = Named(
    "Clinic",
    answered(
        id=identifier(),
        name=said(example="Riverside clinic"),
        time_zone=said("Days are days of this clock.", example="Europe/Berlin"),
        jurisdiction=one_of(Clinic.Jurisdiction.values, "Whose drug labels count.", example="eu"),
    ),
)
PERSON: Final = Named(
    "Person",
    answered(
        "A person of the clinic, as an administrator sees it.",
        id=identifier(),
        username=said("The sign-in name.", example="nadia"),
        name=said(example="Nadia Brook"),
        email=said(example="nadia@example.org"),
        standing=one_of(("active", "invited", "deactivated"), "Whether the person may come in.", example="active"),
        roles=listed(ROLE),
        permissions_granted=listed(PERMISSION, "What was granted to the person alone, beside the roles."),
        second_factor=yes_or_no("Whether the person signs in with more than a password.", example=True),
    ),
)
NEW_PERSON: Final = Named(
    "NewPerson",
    sent(
        "Who is invited, and as what.",
        needed=("username", "name"),
        username=text("Letters, digits and . _ - @ +.", most=150, least=1, example="nadia"),
        name=text("As patients and colleagues know the person.", most=200, least=1, example="Nadia Brook"),
        email=text("Only for links that the person asks for.", most=254, example="nadia@example.org"),
        roles=listed(ROLE, most=10),
    ),
)
INVITED: Final = Named(
    "Invited",
    answered(
        "The person, and the link that lets the person in: it is shown this once, and null when the call was repeated.",
        person=PERSON,
        link=perhaps(said(example="https://calcinosis.example.org/link/3fYk.../")),
    ),
)
DETAILS: Final = Named(
    "PersonDetails",
    sent(
        "Name and address, and what they were when you read them: where they were changed since, the answer is 409.",
        needed=("name", "email"),
        name=text(most=200, least=1, example="Nadia Brook"),
        email=text(most=254, example="nadia@example.org"),
        seen=sent("As you read them.", needed=("name", "email"), name=text(most=200), email=text(most=254)),
    ),
)
ROLES_OF: Final = Named(
    "Roles",
    sent(
        "Exactly the roles that the person is to hold, and those that you saw: where they were changed since, the answer is 409.",
        needed=("roles",),
        roles={**listed(ROLE, most=10), "uniqueItems": True},
        seen=listed(ROLE, most=10),
    ),
)
SESSION: Final = Named(
    "Session",
    answered(
        "One browser in which the person is signed in.",
        id=count(),
        browser=said(example="Firefox on Linux"),
        address=said("The network address it was seen at last.", example="10.1.2.3"),
        began_at=moment(),
        seen_at=moment(),
    ),
)
TOKEN: Final = Named(
    "Token",
    answered(
        "A key by which a program calls in the person's name. The secret itself is shown once, in the browser.",
        id=identifier(),
        label=said("What it is for.", example="laboratory bridge"),
        made_at=moment(),
        last_used_at=perhaps(moment()),
    ),
)
ME: Final = Named(
    "Me",
    answered(
        "Who calls, and what this person may do.",
        person=SOMEBODY,
        username=said(example="clara"),
        clinic=perhaps(CLINIC),
        roles=listed(ROLE),
        permissions=listed(PERMISSION),
        by=one_of(("token", "session"), "By what the call was let in.", example="token"),
        token=perhaps(said("The label of the token.", example="laboratory bridge")),
    ),
)


def somebody(user: User) -> dict[str, Any]:
    """By name."""
    return {"id": str(user.pk), "name": user.display_name}


def clinic(one: Clinic) -> dict[str, Any]:
    """A clinic."""
    return {"id": str(one.pk), "name": one.name, "time_zone": one.time_zone, "jurisdiction": one.jurisdiction}


def person(user: User) -> dict[str, Any]:
    """As an administrator sees it."""
    return {
        "id": str(user.pk),
        "username": user.username,
        "name": user.display_name,
        "email": user.email,
        "standing": standing_of(user),
        "roles": [role.name for role in roles_of(user)],
        "permissions_granted": sorted(user.permissions_granted.values_list("permission", flat=True)),
        "second_factor": has_second_factor(user),
    }


def session(one: UserSession) -> dict[str, Any]:
    """A session of `sessions_of`."""
    return {
        "id": one.pk,
        "browser": one.browser,
        "address": str(one.ip),
        "began_at": one.created_at.isoformat(),
        "seen_at": one.last_seen_at.isoformat(),
    }


def token(one: ApiToken) -> dict[str, Any]:
    """A token without its secret, which nobody knows."""
    used = one.last_used_at
    return {"id": str(one.pk), "label": one.label, "made_at": one.made_at.isoformat(), "last_used_at": used.isoformat() if used else None}


def me(user: User, by: object) -> dict[str, Any]:
    """Oneself; `by` is the token, where one was sent."""
    return {
        "person": somebody(user),
        "username": user.username,
        "clinic": clinic(user.clinic) if user.clinic else None,
        "roles": [role.name for role in roles_of(user)],
        "permissions": sorted(permissions_of(user)),
        "by": "token" if isinstance(by, ApiToken) else "session",
        "token": by.label if isinstance(by, ApiToken) else None,
    }
