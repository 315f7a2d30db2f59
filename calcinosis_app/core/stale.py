"""Changing something only if it still is what the person saw when deciding to change it.

A form or a program sends back the version that it was shown. If what is stored has another one by then, nothing is
overwritten: the Conflict that is raised carries both versions, and names the one that a deliberate second sending must see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from calcinosis_app.core.errors import Both, Conflict, Versions
from calcinosis_app.core.once import fingerprint

SEEN = "seen"
NOTHING = "nothing"


@dataclass(frozen=True)
class Label:
    """How a field is called and typed where both versions are shown."""

    label: str
    choices: tuple[tuple[str, str], ...] = ()
    long: bool = False


def version_of(values: Mapping[str, str] | None) -> str:
    """A short text that changes whenever one of the values does; `nothing` where nothing is stored."""
    return NOTHING if values is None else fingerprint(dict(values))[:32]


def seen_of(request: HttpRequest, name: str = SEEN) -> str | None:
    """The version that a page's form was made from; None for a form that does not say."""
    return request.POST.get(name) or None


def check_seen(
    *,
    seen: str | None,
    stored: Mapping[str, str] | None,
    sent: Mapping[str, str] | None,
    labels: Mapping[str, Label],
    say: str,
    by: str = "",
    at: datetime | None = None,
    seen_as: str = SEEN,
) -> None:
    """Raises Conflict with both versions when `stored` is not what was seen, and not what is sent either.

    Call it under the lock that the change is made under. `stored` and `sent` hold texts by field, None where there is
    nothing, or where it is to be taken away. `labels` names the fields to show, in order; `by` and `at` tell who stored it.
    """
    if seen is None or seen == version_of(stored) or _same(stored, sent, labels):
        return
    fields = tuple(
        Both(name, one.label, (sent or {}).get(name, ""), (stored or {}).get(name, ""), one.choices, one.long)
        for name, one in labels.items()
    )
    raise Conflict(say, Versions(fields, version_of(stored), by=by, at=at, seen_as=seen_as))


def _same(stored: Mapping[str, str] | None, sent: Mapping[str, str] | None, labels: Mapping[str, Label] | Sequence[str]) -> bool:
    if stored is None or sent is None:
        return stored is sent
    return all(stored.get(name, "") == sent.get(name, "") for name in labels)
