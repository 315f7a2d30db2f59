"""Ending sessions: one's own, or those of a person of the clinic."""

from allauth.usersessions.models import UserSession
from django.db import transaction

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.actions import record
from calcinosis_app.audit.actors import Actor


@transaction.atomic
def end_session(*, by: Actor, user: User, session: UserSession) -> None:
    """Ends one session of `user`; the browser behind it is at the door with its next request."""
    session.end()
    record(by=by, action="session.ended", subject=user, address=session.ip)


@transaction.atomic
def end_sessions(*, by: Actor, user: User, keep: str = "") -> int:
    """Ends all sessions of `user` but the one whose key is `keep`. Returns how many."""
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=keep))
    for session in sessions:
        session.end()
    if sessions:
        record(by=by, action="session.ended_all", subject=user, count=len(sessions))
    return len(sessions)
