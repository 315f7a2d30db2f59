"""Reads a JSON body exactly, or says why not."""

import json
from decimal import Decimal
from typing import IO, Any

from rest_framework.parsers import BaseParser

from calcinosis_app.api.errors import TooLarge
from calcinosis_app.assessments.bridge import CaseError

# A case with every fact of the release and a year of results has some 100 kB.
MOST_BYTES = 512 * 1024
MOST_LEVELS = 16


class ExactJSONParser(BaseParser):
    """JSON whose decimals stay decimals: 9.7 is 9.7, not the nearest binary fraction.

    Raises TooLarge, and CaseError for what is no JSON, for a name that occurs twice, for texts that are no text, and for
    more levels than a case has.
    """

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """The document in the body."""
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise TooLarge(f"The body is larger than {MOST_BYTES // 1024} kB. Send one case at a time.")
        try:
            document = json.loads(body.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_object)
        except (ValueError, RecursionError) as error:
            raise CaseError("body", "", f"is no JSON in UTF-8: {error}") from None
        _check(document, MOST_LEVELS)
        return document


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} stands twice in one object, and only one can be meant")
    return found


def _check(value: Any, levels: int) -> None:
    if isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise CaseError("body", ascii(value), "holds half a letter (a lone surrogate): write the whole one")
    elif isinstance(value, dict | list):
        if not levels:
            raise CaseError("body", "", f"is nested deeper than {MOST_LEVELS} levels, which no case is")
        for one in value:
            _check(one, levels - 1)
        if isinstance(value, dict):
            for one in value.values():
                _check(one, levels - 1)
