"""Two who write into one field: a late request says nothing any more, and the second is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.core.stale import check_seen
from calcinosis_app.patients.bridge import enterable_fact
from calcinosis_app.patients.models import DraftEntry, FieldTurn, Finding
from calcinosis_app.patients.typed import says_nothing
from calcinosis_app.patients.versions import labels_of, texts_of


@dataclass(frozen=True)
class Turn:
    """What a page says beside the text of a field: the version it saw, which page it is, and how often it has sent something."""

    seen: str | None = None
    page: str = ""
    number: int = 0


def take_turn(*, by: User, place: dict[str, Any], raw: Mapping[str, Any], turn: Turn) -> bool:
    """Notes that `by` writes the field now; False for a request that was overtaken by a later one of its own page.

    Call it under the lock of the case. Raises Conflict with both versions when another page has written meanwhile.
    """
    last = FieldTurn.objects.select_related("by").filter(**place).first()
    is_same_page = last is not None and turn.page != "" and last.page == turn.page
    if is_same_page and last is not None and turn.number <= last.turn:
        return False
    if not is_same_page:
        _check_seen(by, place, raw, turn, last)
    FieldTurn.objects.update_or_create(**place, defaults={"page": turn.page, "turn": turn.number, "by": by, "at": timezone.now()})
    return True


def _check_seen(by: User, place: dict[str, Any], raw: Mapping[str, Any], turn: Turn, last: FieldTurn | None) -> None:
    entry = DraftEntry.objects.filter(**place).first()
    stored, sent = texts_of(entry.raw if entry else None), None if says_nothing(raw) else texts_of(raw)
    who, when, what = (last.by, last.at, "changed") if last else (None, None, "changed")
    if stored is None and (found := _recorded_since(place, last)):
        who, when, what, stored_words = found.recorded_by, found.recorded_at, "recorded", texts_of(found.raw)
    else:
        stored_words = stored
    fact = enterable_fact(place["key"])
    labels = labels_of(fact, stored_words, sent)
    own = who is not None and who.pk == by.pk
    doer = "You" if own else (str(who) if who else "Somebody")
    check_seen(
        seen=turn.seen,
        stored=stored,
        sent=sent,
        labels=labels,
        say=f"{doer} {what} this field{' in another tab or window' if own else ''} while you were typing.",
        by=str(who) if who else "",
        at=when,
    )


def _recorded_since(place: dict[str, Any], last: FieldTurn | None) -> Finding | None:
    """The finding that the field has become, so that its text stands in no draft any more."""
    if last is None:
        return None
    found = Finding.objects.filter(case=place["case"], lesion=place["lesion"], key=place["key"], recorded_at__gte=last.at)
    return found.select_related("recorded_by").order_by("-recorded_at").first()
