"""Doing once what may be asked for twice: a double click, a reload, a program that heard no answer and tries again.

    made = once(by=user, key=key, purpose=f"case.open {patient.pk}", content=form.cleaned_data, act=lambda: open_case(...))
    return redirect("desk:entry", made.row.pk)

The key is chosen by whoever asks: a page carries one from the moment it was made (`{% once_key %}`), a program sends
`Idempotency-Key`. The first request with it acts; every other one, at the same moment or later, gets what the first made.
"""

import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID, uuid4

from django.apps import apps
from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import urlsafe_base64_encode

from calcinosis_app.core.errors import Conflict
from calcinosis_app.core.models import OnceKey

KEPT = timedelta(days=7)
FIELD = "once"
# What a header can carry and a person can read aloud: no blanks, no control characters, nothing invisible.
KEY = re.compile(r"[\x21-\x7e]{1,255}")
NO_KEY = "A once-only key has 1 to 255 visible characters without blanks, for example a UUID. Send another one."
Row = TypeVar("Row", bound=models.Model)


class Somebody(Protocol):
    """Whoever asks; an actor of the audit log is one."""

    @property
    def audit_id(self) -> str:
        """What identifies the person for ever."""


class KeyRefused(ValueError):
    """This cannot be a key. The text says why; a page answers 400."""


class KeyReused(Conflict):
    """The key was used for the same purpose with other content, so one of the two requests is a mistake. `made` is what it made then."""

    def __init__(self, made: models.Model | None) -> None:
        super().__init__(
            "This form or request was sent before, with other content, and what was sent first has been stored. Nothing was stored now. "
            "Look at what is there; to store one more, begin with a new page, or as a program with a new Idempotency-Key."
        )
        self.context["made"] = made


class MadeAndGone(Conflict):
    """What the first request made is not there any more."""


@dataclass(frozen=True)
class Made(Generic[Row]):
    """What an action made: now, or `again` when the first request with this key made it earlier."""

    row: Row
    again: bool


def once(*, by: Somebody, key: str | None, purpose: str, content: Any, act: Callable[[], Row]) -> Made[Row]:
    """Lets `act` happen once for this person, purpose and key, and gives everybody who asks again the row that it made.

    `purpose` says what is done to which thing, as in "case.open <patient's id>"; `content` is what was sent, anything that
    JSON can hold (uploads as bytes), and is kept as a fingerprint only. Without a key it happens whenever it is asked for.
    An action that raises leaves the key free, so a corrected form may be sent with it. Who may do it is for `act` to decide
    the first time; the caller has let the person in to the thing that `purpose` names each time.

    Raises KeyRefused for what cannot be a key, KeyReused when it came with other content before, and MadeAndGone.
    """
    return _once(by, key, purpose, content, lambda _: act())[0]


def once_secret(*, by: Somebody, key: str | None, purpose: str, content: Any, act: Callable[[str], Row]) -> tuple[Made[Row], str]:
    """The same for an action that gives a secret to what it makes, of which only a hash is kept: the second click sees it, too.

    The secret has 43 letters, digits, dashes and underscores. It follows from a random mark of the first request and the
    server's own key, so it can be said again for as long as the once-only key is kept, by whoever sent that, and by nobody else.
    """
    return _once(by, key, purpose, content, act)


def _once(by: Somebody, key: str | None, purpose: str, content: Any, act: Callable[[str], Row]) -> tuple[Made[Row], str]:
    if key is None:
        secret = _secret(uuid4())
        return Made(act(secret), again=False), secret
    if not KEY.fullmatch(key):
        raise KeyRefused(NO_KEY)
    mine = OnceKey(person=by.audit_id, purpose=purpose, key=key, fingerprint=fingerprint(content))
    with transaction.atomic():
        held = _claim(mine)
        if held.pk != mine.pk:
            return Made(_made_earlier(held, mine.fingerprint), again=True), _secret(held.pk)
        row = act(_secret(held.pk))
        OnceKey.objects.filter(pk=held.pk).update(kind=row._meta.label, made=str(row.pk))
        return Made(row, again=False), _secret(held.pk)


def key_of(request: HttpRequest) -> str | None:
    """The key that a page's form sent; None for a form without one. Raises BadRequest for what cannot be a key."""
    key = request.POST.get(FIELD) or None
    if key is not None and not KEY.fullmatch(key):
        raise BadRequest(NO_KEY)
    return key


def fingerprint(content: Any) -> str:
    """The same for the same content, whatever the order of its names."""
    return sha256(json.dumps(content, sort_keys=True, default=_plain, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def sweep() -> int:
    """Forgets the keys that nobody will send again. Returns how many."""
    gone, _ = OnceKey.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return gone


def _claim(mine: OnceKey) -> OnceKey:
    """The row of this key: ours, or the first one's. The second waits until the first has ended, and is the first when it failed."""
    while True:
        OnceKey.objects.bulk_create([mine], ignore_conflicts=True)
        held = OnceKey.objects.filter(person=mine.person, purpose=mine.purpose, key=mine.key).first()
        if held is not None:  # else it was swept in between
            return held


def _made_earlier(held: OnceKey, sent: str) -> Any:
    row = apps.get_model(held.kind)._base_manager.filter(pk=held.made).first()
    if held.fingerprint != sent:
        raise KeyReused(row)
    if row is None:
        raise MadeAndGone("This was done before, and what it made has been taken away since. To do it once more, begin with a new page.")
    return row


def _secret(mark: UUID) -> str:
    return urlsafe_base64_encode(hmac.digest(settings.SECRET_KEY.encode(), b"once-only secret " + mark.bytes, "sha256"))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return sha256(value).hexdigest()
    if isinstance(value, models.Model):
        return [value._meta.label, str(value.pk)]
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return DjangoJSONEncoder().default(value)
