"""Tokens: made, used, revoked."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.keys import hashed, new_secret
from calcinosis_app.accounts.models import ApiToken, User
from calcinosis_app.audit.actions import record
from calcinosis_app.audit.actors import Actor

# A program that is read aloud or found in a repository is recognised by its beginning.
BEGINNING = "cal_"
MOST = 20
USE_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def make_token(*, by: User, label: str, secret: str | None = None) -> tuple[ApiToken, str]:
    """A new token of `by`, and its secret, after its beginning a new one unless it is given; only its hash is kept.

    Raises ValidationError for an empty label, for one that an unrevoked token has, and beyond 20 tokens.
    """
    User.objects.select_for_update().get(pk=by.pk)
    if ApiToken.objects.filter(user=by, revoked_at=None).count() >= MOST:
        raise ValidationError(f"You have {MOST} tokens already. Revoke one that nothing uses.")
    secret = BEGINNING + (secret or new_secret())
    token = ApiToken(user=by, label=label.strip(), secret_hash=hashed(secret))
    token.full_clean(validate_constraints=False)
    if ApiToken.objects.filter(user=by, label=token.label, revoked_at=None).exists():
        raise ValidationError({"label": "You have a token of this name already. Choose another name, or revoke that one first."})
    token.save(force_insert=True)
    record(by=by, action="token.made", subject=by, token=str(token.pk))
    return token, secret


@transaction.atomic
def revoke_token(*, by: Actor, token: ApiToken) -> None:
    """Ends a token for good; revoking it again changes nothing."""
    ended = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    if ended:
        record(by=by, action="token.revoked", subject=token.user, token=str(token.pk))


@transaction.atomic
def revoke_all(*, by: Actor, user: User) -> None:
    """Ends every token of a person."""
    for token in ApiToken.objects.filter(user=user, revoked_at=None):
        revoke_token(by=by, token=token)


def note_use(token: ApiToken) -> None:
    """Notes that a token was used, to the minute; nothing for one that was revoked in this very moment."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(last_used_at=now)
