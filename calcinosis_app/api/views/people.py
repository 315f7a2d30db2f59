"""The people of the clinic, for its administrators."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from calcinosis_app.accounts import actions
from calcinosis_app.accounts.access import enter_person
from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import PEOPLE_MANAGE
from calcinosis_app.accounts.policy import require
from calcinosis_app.accounts.selectors import link_by_secret, people_of, sessions_of, tokens_of
from calcinosis_app.api.endpoint import Endpoint
from calcinosis_app.api.operation import Call, Made, operation
from calcinosis_app.api.paging import a_page
from calcinosis_app.api.shapes import persons as shapes
from calcinosis_app.api.shapes.parts import PAGING, a_page_of, answered, listed
from calcinosis_app.core.once import once_secret

TAG = "people"
CHANGED = "It was changed by somebody else since you read it."


class PeopleView(Endpoint):
    """Everybody of the clinic."""

    @operation("list_people", "The people of the clinic, by name", tag=TAG, gives=a_page_of(shapes.PERSON), query=PAGING)
    def get(self, call: Call) -> Any:
        """Deactivated ones, too."""
        require(call.by, PEOPLE_MANAGE)
        return a_page(people_of(call.by.clinic) if call.by.clinic else User.objects.none(), call.query, shapes.person)

    @operation(
        "invite_person",
        "Invite a person",
        "The answer holds the link that lets the person in, for seven days. Hand it over yourself.",
        tag=TAG,
        body=shapes.NEW_PERSON,
        gives=shapes.INVITED,
        status=201,
        also={200: "The person that the first call with this key invited"},
        refuses="The sign-in name is taken or cannot be, or the address is none.",
        conflicts="The once-only key was used with other content before.",
        once=True,
    )
    def post(self, call: Call) -> Any:
        """With roles, or without at first."""
        require(call.by, PEOPLE_MANAGE)
        sent = call.body
        made, secret = once_secret(
            by=call.by,
            key=call.key,
            purpose="person.invite",
            content=sent,
            act=lambda secret: actions.invite(
                by=call.by,
                username=sent["username"],
                display_name=sent["name"],
                email=sent.get("email", ""),
                roles=sent.get("roles", []),
                secret=secret,
            )[0],
        )
        good = link_by_secret(secret) is not None
        link = call.request.build_absolute_uri(reverse("accounts:open_link", args=[secret])) if good else None
        return Made({"person": shapes.person(made.row), "link": link}, 200 if made.again else 201)


class PersonView(Endpoint):
    """One person."""

    @operation("read_person", "One person of the clinic", tag=TAG, gives=shapes.PERSON, places=["person_id"])
    def get(self, call: Call, person_id: UUID) -> Any:
        """Standing, roles, second factor."""
        return shapes.person(enter_person(by=call.by, pk=person_id))

    @operation(
        "change_person",
        "Change name and e-mail address",
        "Links that were mailed to another address end.",
        tag=TAG,
        body=shapes.DETAILS,
        gives=shapes.PERSON,
        places=["person_id"],
        refuses="The name is blank, or the address is none.",
        conflicts=CHANGED,
    )
    def put(self, call: Call, person_id: UUID) -> Any:
        """Both at once."""
        seen = call.body.get("seen")
        shown = {"display_name": seen["name"], "email": seen["email"]} if seen else None
        found = enter_person(by=call.by, pk=person_id)
        return shapes.person(
            actions.change_person(by=call.by, user=found, display_name=call.body["name"], email=call.body["email"], shown=shown)
        )


class RolesView(Endpoint):
    """What a person is."""

    @operation(
        "set_roles",
        "Give a person exactly these roles",
        "They count from the person's next call or page on.",
        tag=TAG,
        body=shapes.ROLES_OF,
        gives=shapes.PERSON,
        places=["person_id"],
        refuses="You cannot take the role of an administrator from yourself, nor from the clinic's last one.",
        conflicts=CHANGED,
    )
    def put(self, call: Call, person_id: UUID) -> Any:
        """What is missing is given, what is too much taken."""
        found = enter_person(by=call.by, pk=person_id)
        actions.set_roles(by=call.by, user=found, roles=call.body["roles"], shown=call.body.get("seen"))
        return shapes.person(enter_person(by=call.by, pk=person_id))


class PermissionView(Endpoint):
    """One grave permission of one person."""

    @operation(
        "grant_permission",
        "Grant a grave permission to one person",
        "One that comes with no role. Nobody grants it to oneself.",
        tag=TAG,
        gives=shapes.PERSON,
        places=["person_id", "permission"],
        refuses="It comes with a role, or would be granted to oneself.",
    )
    def put(self, call: Call, person_id: UUID, permission: str) -> Any:
        """Granting it again changes nothing."""
        actions.grant_permission(by=call.by, user=enter_person(by=call.by, pk=person_id), permission=permission)
        return shapes.person(enter_person(by=call.by, pk=person_id))

    @operation("take_permission", "Take back what was granted to one person", tag=TAG, gives=None, places=["person_id", "permission"])
    def delete(self, call: Call, person_id: UUID, permission: str) -> Any:
        """Taking what is not held changes nothing."""
        actions.take_permission(by=call.by, user=enter_person(by=call.by, pk=person_id), permission=permission)


class DeactivateView(Endpoint):
    """Out."""

    @operation(
        "deactivate_person",
        "Shut a person out: sessions, tokens and links end now",
        "What the person did stays as it is. Deactivating again changes nothing.",
        tag=TAG,
        gives=shapes.PERSON,
        places=["person_id"],
        refuses="It is you, or the clinic's last administrator.",
    )
    def post(self, call: Call, person_id: UUID) -> Any:
        """With the next request."""
        actions.deactivate(by=call.by, user=enter_person(by=call.by, pk=person_id))
        return shapes.person(enter_person(by=call.by, pk=person_id))


class ReactivateView(Endpoint):
    """In again."""

    @operation(
        "reactivate_person",
        "Let a person in again",
        "With the same password, second factor and roles; tokens stay revoked.",
        tag=TAG,
        gives=shapes.PERSON,
        places=["person_id"],
    )
    def post(self, call: Call, person_id: UUID) -> Any:
        """Reactivating again changes nothing."""
        actions.reactivate(by=call.by, user=enter_person(by=call.by, pk=person_id))
        return shapes.person(enter_person(by=call.by, pk=person_id))


class PersonSessionsView(Endpoint):
    """The sessions of a person."""

    @operation(
        "list_sessions",
        "A person's sessions, the one used last first",
        tag=TAG,
        gives=answered(items=listed(shapes.SESSION)),
        places=["person_id"],
    )
    def get(self, call: Call, person_id: UUID) -> Any:
        """The browsers in which the person is signed in."""
        return {"items": [shapes.session(one) for one in sessions_of(enter_person(by=call.by, pk=person_id))]}

    @operation("end_sessions", "End all sessions of a person", tag=TAG, gives=None, places=["person_id"])
    def delete(self, call: Call, person_id: UUID) -> Any:
        """Ending them again changes nothing."""
        actions.end_sessions(by=call.by, user=enter_person(by=call.by, pk=person_id))


class PersonSessionView(Endpoint):
    """One session of a person."""

    @operation("end_session", "End one session of a person", tag=TAG, gives=None, places=["person_id", "session_id"])
    def delete(self, call: Call, person_id: UUID, session_id: int) -> Any:
        """Its browser is at the door with the next request."""
        person = enter_person(by=call.by, pk=person_id)
        session = next((one for one in sessions_of(person) if one.pk == session_id), None)
        if session is None:
            raise Http404
        actions.end_session(by=call.by, user=person, session=session)


class PersonTokensView(Endpoint):
    """The tokens of a person."""

    @operation(
        "list_tokens",
        "A person's tokens that are not revoked, newest first",
        tag=TAG,
        gives=answered(items=listed(shapes.TOKEN)),
        places=["person_id"],
    )
    def get(self, call: Call, person_id: UUID) -> Any:
        """Without their secrets, which nobody knows."""
        return {"items": [shapes.token(one) for one in tokens_of(enter_person(by=call.by, pk=person_id))]}


class PersonTokenView(Endpoint):
    """One token of a person."""

    @operation("revoke_token", "Revoke one token of a person", tag=TAG, gives=None, places=["person_id", "token_id"])
    def delete(self, call: Call, person_id: UUID, token_id: UUID) -> Any:
        """For good."""
        token = tokens_of(enter_person(by=call.by, pk=person_id)).filter(pk=token_id).first()
        if token is None:
            raise Http404
        actions.revoke_token(by=call.by, token=token)
