"""How a source is called where there is no room for all of it: ``Bair 2011``."""

import re
from collections.abc import Mapping
from typing import Any

OWN = {"SEED": "project text", "EXPERT_RULE": "project proposal", "ENG_LIMITS": "project proposal"}
"""Sources that are no publication: what the project itself says."""

_NAME = r"[A-Z][\w'\u2019-]+(?: [A-Z][a-z][\w'\u2019-]+)?"
_PERSON = re.compile(rf"({_NAME})(?:, {_NAME}|\.?(?: [A-Z]{{1,4}})(?=$|,|\.| et| \())")
_LONGEST = 44


def say_source(reference: Mapping[str, Any]) -> str:
    """First author and year; without a person, the beginning of the title."""
    if reference["key"] in OWN:
        return OWN[reference["key"]]
    person = _PERSON.match(reference.get("authors") or "")
    name = person[1] if person else _short(reference["title"])
    year = reference.get("year")
    return f"{name} {year}" if year else name


def _short(title: str) -> str:
    """A short title as it is; of a longer one what stands before its first bracket or colon, else as many words as fit."""
    whole = " ".join(title.split())
    head = re.split(r"\s*[(:]", whole, maxsplit=1)[0]
    if len(whole) <= _LONGEST:
        return whole
    if len(head) <= _LONGEST:
        return head
    return head[:_LONGEST].rsplit(" ", 1)[0] + "\u2026"
