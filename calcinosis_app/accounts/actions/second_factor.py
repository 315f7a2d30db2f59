"""Second factors, as the audit log keeps them. What they are and how they are checked is the package's."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from calcinosis_app.accounts.actions.sessions import end_sessions
from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import PEOPLE_MANAGE
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.audit.actors import System


@transaction.atomic
def note_second_factor(*, by: User, what: str, kind: str) -> None:
    """Notes what a person did to the own second factors: `added`, `removed`, `renamed` or `renewed`. Call in its transaction."""
    record(by=by, action=f"second_factor.{what}", subject=by, kind=kind)


@transaction.atomic
def remove_second_factors(*, by: User | System, user: User) -> bool:
    """Takes all second factors from a person who lost them; sessions end, and the next sign-in needs the password alone.

    A person does it for the own clinic, an operator at the server for anybody. Returns whether there were any.
    """
    if isinstance(by, User):
        require(by, PEOPLE_MANAGE, user)
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if removed:
        record(by=by, action="second_factor.removed", subject=user, kind="all")
        end_sessions(by=by, user=user)
    return bool(removed)
