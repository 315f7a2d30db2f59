"""Keeping what is typed, field by field."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import CASE_WRITE
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.core.errors import Conflict
from calcinosis_app.patients.actions.locking import hold
from calcinosis_app.patients.actions.turns import Turn, take_turn
from calcinosis_app.patients.bridge import enterable_fact
from calcinosis_app.patients.models import Case, DraftEntry, Lesion
from calcinosis_app.patients.typed import CHECKED, check_shape, says_nothing, text


@transaction.atomic
def save_entry(
    *,
    by: User,
    case: Case,
    key: str,
    raw: dict[str, Any],
    lesion: Lesion | None = None,
    slot: int = 0,
    turn: Turn | None = None,
) -> DraftEntry | None:
    """Keeps one field as it was typed, right or wrong; only *record* refuses.

    A field that was emptied leaves nothing behind and returns nothing. The mark that a value was checked
    belongs to that value: any change of it drops the mark. Raises ValueError where no page of ours can
    have sent this: a shape that is not an entry's (patients/typed.py), a lesion of another case; and
    CaseError for a key that cannot be entered there.

    With a `turn`, a request that a later one of the same page has overtaken changes nothing and returns what is kept; Conflict
    with both versions is raised when somebody else, or another tab, has written the field since the page saw it.
    """
    require(by, CASE_WRITE, case)
    check_shape(raw)
    _check_place(key, case, lesion)
    hold(case)
    _check_still_there(lesion)
    place: dict[str, Any] = {"case": case, "lesion": lesion, "key": key, "slot": slot}
    if not take_turn(by=by, place=place, raw=raw, turn=turn or Turn()):
        return DraftEntry.objects.filter(**place).first()
    if says_nothing(raw):
        discard_entry(by=by, case=case, key=key, lesion=lesion, slot=slot)
        return None
    stored = DraftEntry.objects.filter(**place).first()
    if stored is not None and any(text(raw, name) != text(stored.raw, name) for name in CHECKED):
        raw = {name: value for name, value in raw.items() if name != "confirmed"}
    entry, _ = DraftEntry.objects.update_or_create(
        **place,
        defaults={"raw": raw, "saved_at": timezone.now(), "saved_by": by},
    )
    record(by=by, action="draft.saved", subject=case, **_place(key, lesion, slot))
    return entry


@dataclass(frozen=True)
class Field:
    """One field of case entry as it would be typed."""

    key: str
    raw: dict[str, Any]
    lesion: Lesion | None = None
    slot: int = 0


@transaction.atomic
def fill_draft(*, by: User, case: Case, fields: Iterable[Field]) -> list[DraftEntry]:
    """Keeps many fields at once, as if somebody had typed them one by one; for a case in which nothing is typed yet.

    Raises as `save_entry` does, and Conflict when something is typed already.
    """
    require(by, CASE_WRITE, case)
    hold(case)
    if DraftEntry.objects.filter(case=case).exists():
        raise Conflict("Something is typed in this case already, and nothing is put in its place. Record or clear it first.")
    entries = []
    for one in fields:
        check_shape(one.raw)
        _check_place(one.key, case, one.lesion)
        entries.append(DraftEntry(case=case, lesion=one.lesion, key=one.key, slot=one.slot, raw=one.raw, saved_by=by))
    DraftEntry.objects.bulk_create(entries)
    record(by=by, action="draft.filled", subject=case, fields=len(entries))
    return entries


@transaction.atomic
def discard_entry(*, by: User, case: Case, key: str, lesion: Lesion | None = None, slot: int = 0) -> None:
    """Forgets one field that was not recorded; nothing happens when there is none."""
    require(by, CASE_WRITE, case)
    hold(case)
    gone, _ = DraftEntry.objects.filter(case=case, lesion=lesion, key=key, slot=slot).delete()
    if gone:
        record(by=by, action="draft.discarded", subject=case, **_place(key, lesion, slot))


def _check_place(key: str, case: Case, lesion: Lesion | None) -> None:
    if lesion is not None and lesion.case_id != case.pk:
        raise ValueError(f"{lesion} does not belong to {case}.")
    scope = enterable_fact(key).scope
    if (scope == "lesion") != (lesion is not None):
        raise ValueError(f"{key!r} is a fact of the {scope}: it cannot be entered elsewhere.")


def _check_still_there(lesion: Lesion | None) -> None:
    """Raises Conflict for a lesion that was removed while this waited: nothing may be typed for it any more."""
    if lesion is None:
        return
    lesion.refresh_from_db(fields=["removed_at", "removed_by"])
    if lesion.removed_at is not None:
        raise Conflict(
            f"{lesion.label} was removed from this case by {lesion.removed_by} while your page was open, so nothing was saved for it. "
            "What you typed still stands in its field: copy it, load the page again, and enter it where it belongs."
        )


def _place(key: str, lesion: Lesion | None, slot: int) -> dict[str, Any]:
    return {"key": key, "lesion": None if lesion is None else lesion.pk, "slot": slot}
