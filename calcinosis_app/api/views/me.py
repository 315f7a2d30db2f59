"""Oneself: who I am, my sessions and my tokens."""

from typing import Any
from uuid import UUID

from django.http import Http404

from calcinosis_app.accounts.actions import end_session, end_sessions, revoke_token
from calcinosis_app.accounts.selectors import sessions_of, tokens_of
from calcinosis_app.api.endpoint import Endpoint
from calcinosis_app.api.operation import Call, operation
from calcinosis_app.api.shapes.parts import answered, listed
from calcinosis_app.api.shapes.persons import ME, SESSION, TOKEN, me, session, token

TAG = "me"


class MeView(Endpoint):
    """Who calls."""

    @operation("who_am_i", "Who I am, and what I may do", tag=TAG, gives=ME)
    def get(self, call: Call) -> Any:
        """Needs nothing but a person."""
        return me(call.by, call.request.auth)


class MySessionsView(Endpoint):
    """The browsers in which I am signed in."""

    @operation("list_my_sessions", "My sessions, the one used last first", tag=TAG, gives=answered(items=listed(SESSION)))
    def get(self, call: Call) -> Any:
        """All of them."""
        return {"items": [session(one) for one in sessions_of(call.by)]}

    @operation(
        "end_my_sessions",
        "End all my sessions",
        "A browser that calls keeps its own; a token is no session, and goes on. Ending them again changes nothing.",
        tag=TAG,
        gives=None,
    )
    def delete(self, call: Call) -> Any:
        """All but the one that calls."""
        end_sessions(by=call.by, user=call.by, keep=_own(call))


class MySessionView(Endpoint):
    """One of my sessions."""

    @operation(
        "end_my_session", "End one of my sessions", "The one that calls is left to signing out.", tag=TAG, gives=None, places=["session_id"]
    )
    def delete(self, call: Call, session_id: int) -> Any:
        """Its browser is at the door with the next request."""
        found = [one for one in sessions_of(call.by) if one.pk == session_id and one.session_key != _own(call)]
        if not found:
            raise Http404
        end_session(by=call.by, user=call.by, session=found[0])


class MyTokensView(Endpoint):
    """My tokens."""

    @operation(
        "list_my_tokens",
        "My tokens that are not revoked, newest first",
        "New ones are made in the browser, after the password was typed: a token must not beget tokens.",
        tag=TAG,
        gives=answered(items=listed(TOKEN)),
    )
    def get(self, call: Call) -> Any:
        """Without their secrets."""
        return {"items": [token(one) for one in tokens_of(call.by)]}


class MyTokenView(Endpoint):
    """One of my tokens."""

    @operation("revoke_my_token", "Revoke one of my tokens, also this one", tag=TAG, gives=None, places=["token_id"])
    def delete(self, call: Call, token_id: UUID) -> Any:
        """For good."""
        found = tokens_of(call.by).filter(pk=token_id).first()
        if found is None:
            raise Http404
        revoke_token(by=call.by, token=found)


def _own(call: Call) -> str:
    """The session that calls; empty for a token, also where its program sends a cookie along."""
    return "" if call.request.auth is not None else call.request.session.session_key or ""
