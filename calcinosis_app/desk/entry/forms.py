"""What one field of case entry sends. Shape only: what a value means, the rules judge."""

from typing import Any, Final

from django.http import QueryDict

from calcinosis_app.patients.actions import Turn
from calcinosis_app.patients.models.turn import PAGE_LENGTH
from calcinosis_app.patients.typed import MARKS, TEXTS

MOST_SLOTS: Final = 99
MOST_TURNS: Final = 2**53


def raw_of(sent: QueryDict) -> dict[str, Any]:
    """The texts and marks of one field, as typed; blank ones are left out."""
    texts = {name: value for name in sorted(TEXTS) if (value := sent.get(name, "").strip())}
    return {**texts, **{name: True for name in sorted(MARKS) if sent.get(name)}}


def turn_of(sent: QueryDict, seen: str | None) -> Turn:
    """Which page says it, for the how-many-th time, having seen what. Raises ValueError for anything that no page of ours sends."""
    page, number = sent.get("page", ""), int(sent.get("turn") or "0")
    if len(page) > PAGE_LENGTH or not 0 <= number <= MOST_TURNS:
        raise ValueError("A page counts what it sends, from one upwards.")
    return Turn(seen or None, page, number)


def slot_of(sent: QueryDict) -> int:
    """Which of several results it is. Raises ValueError for anything that no page of ours sends."""
    slot = int(sent.get("slot", "0"))
    if not 0 <= slot <= MOST_SLOTS:
        raise ValueError(f"There is no slot {slot}.")
    return slot
