"""A case in the contract's format, as a person would type it into case entry."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from calcinosis_app.patients.bridge import enterable_fact

Typed = tuple[str, int, dict[str, Any]]

NOT_SHIFTED: Final = timedelta(0)
NUMBERS: Final = ("value", "low", "high")
TEXTS: Final = ("unit", "comparator", "flag", "state")


def as_typed(findings: Mapping[str, Any], shift: timedelta = NOT_SHIFTED) -> Iterator[Typed]:
    """Key, slot and texts of each field that these findings come to; a set of codes is one field for each code.

    `shift` is added to every day, so that a case of one day reads the same on another.
    """
    for key, finding in findings.items():
        if isinstance(finding, Mapping) and ("yes" in finding or "no" in finding):
            dated = _dated(finding, shift)
            yield from ((code, 0, {"answer": answer, **dated}) for answer in ("yes", "no") for code in finding.get(answer, ()))
        elif isinstance(finding, list) and all(isinstance(one, str) for one in finding):
            yield from ((code, 0, {"answer": "yes"}) for code in finding)
        elif finding is not None:
            several = finding if isinstance(finding, list) else [finding]
            yield from ((key, slot, _texts(key, one, shift)) for slot, one in enumerate(several))


def _texts(key: str, finding: Any, shift: timedelta) -> dict[str, Any]:
    if not isinstance(finding, Mapping):
        return _said(key, finding, shift)
    dated = _dated(finding, shift)
    if isinstance(value := finding.get("value"), bool | str):
        return {**_said(key, value, shift), **dated}
    said = {name: _number(finding[name]) for name in NUMBERS if finding.get(name) is not None}
    said |= {name: str(finding[name]) for name in TEXTS if finding.get(name)}
    return {**said, **dated, **({"confirmed": True} if finding.get("confirmed") else {})}


def _said(key: str, value: Any, shift: timedelta) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"answer": "yes" if value else "no"}
    if not isinstance(value, str):
        return {"value": _number(value)}
    if enterable_fact(key).kind == "date":
        return {"value": _shifted(value, shift)}
    return {"code": value}


def _dated(finding: Mapping[str, Any], shift: timedelta) -> dict[str, str]:
    return {"date": _shifted(finding["date"], shift)} if finding.get("date") else {}


def _shifted(text: str, shift: timedelta) -> str:
    """The day, later by `shift`. Case entry keeps days, so a time of day is left out."""
    return (date.fromisoformat(text[:10]) + shift).isoformat()


def _number(value: Any) -> str:
    """Digits as a person writes them, never 1e-05."""
    return f"{Decimal(str(value)):f}"
