"""JSON as cases need it: decimals stay decimals, no name stands twice, and nothing that is no number passes for one."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any


def read(text: str) -> Any:
    """The document in ``text``. Raises ``ValueError`` with what is wrong, also where it is nested too deeply to be read."""
    try:
        return json.loads(text, parse_float=_decimal, parse_constant=_refuse, object_pairs_hook=_object)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text[:40]} is too large or too small a number") from None


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} stands twice in one object, and only one can be meant")
    return found
