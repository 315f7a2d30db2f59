"""Changing one's own password."""

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from calcinosis_app.accounts.actions.sessions import end_sessions
from calcinosis_app.accounts.models import OneTimeLink, User
from calcinosis_app.accounts.selectors import open_links
from calcinosis_app.audit.actions import record


@transaction.atomic
def change_password(*, by: User, password: str, keep: str) -> None:
    """The new password of `by`; every other session than the one whose key is `keep`, and every open link, ends.

    Raises ValidationError for a weak one.
    """
    validate_password(password, by)
    by.set_password(password)
    by.save(update_fields=["password"])
    for link in open_links(by):
        link.close(OneTimeLink.End.WITHDRAWN)
    record(by=by, action="password.changed", subject=by)
    end_sessions(by=by, user=by, keep=keep)
