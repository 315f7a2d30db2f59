"""A case in the contract's format, as a person would type it into case entry."""

from collections.abc import Iterator, Mapping
from typing import Any

Typed = tuple[str, int, dict[str, Any]]

TEXTS = ("unit", "date", "comparator", "flag", "state")
NUMBERS = ("value", "low", "high")


def as_typed(findings: Mapping[str, Any]) -> Iterator[Typed]:
    """Key, slot and texts of each field that these findings come to; a set of codes is one field for each code."""
    for key, finding in findings.items():
        if isinstance(finding, Mapping) and ("yes" in finding or "no" in finding):
            yield from ((code, 0, {"answer": answer}) for answer in ("yes", "no") for code in finding.get(answer, ()))
        elif isinstance(finding, list) and all(isinstance(one, str) for one in finding):
            yield from ((code, 0, {"answer": "yes"}) for code in finding)
        elif finding is not None:
            several = finding if isinstance(finding, list) else [finding]
            yield from ((key, slot, _texts(one)) for slot, one in enumerate(several))


def _texts(finding: Any) -> dict[str, Any]:
    if isinstance(finding, bool):
        return {"answer": "yes" if finding else "no"}
    if isinstance(finding, str):
        return {"code": finding}
    if not isinstance(finding, Mapping):
        return {"value": str(finding)}
    if isinstance(value := finding.get("value"), bool | str):
        return _texts(value)
    said: dict[str, Any] = {name: str(finding[name]) for name in (*NUMBERS, *TEXTS) if finding.get(name) not in (None, "")}
    return {**said, "confirmed": True} if finding.get("confirmed") else said
