"""Finds things in a stored result. Lesions are named by their label; the patient by an empty one."""

from typing import Any

Outcome = dict[str, Any]


def option_in(outcome: Outcome, treatment: str, lesion: str) -> dict[str, Any] | None:
    """The option of this treatment for this lesion, or for the patient."""
    for option in outcome["options"]:
        if option["treatment"] == treatment and (option["lesion"] or "") == lesion:
            found: dict[str, Any] = option
            return found
    return None


def steps_in(outcome: Outcome) -> set[tuple[str, str]]:
    """The row and lesion of each step that is no treatment: an emergency act, a test, a referral, advice."""
    return {(step["step"], step["lesion"] or "") for step in outcome["steps"]}


def lesion_in(outcome: Outcome, label: str) -> dict[str, Any] | None:
    """What the result says of one lesion."""
    for lesion in outcome["lesions"]:
        if lesion["id"] == label:
            found: dict[str, Any] = lesion
            return found
    return None


def says_of(outcome: Outcome, label: str) -> str | None:
    """The decided type of a lesion, empty while it is open or withheld; None when there is no such lesion."""
    lesion = lesion_in(outcome, label)
    return None if lesion is None else lesion["type"] or ""
