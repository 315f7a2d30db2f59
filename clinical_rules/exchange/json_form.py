"""A release as JSON: the canonical text, so that the hash of the file is the hash of the release."""

import json
from decimal import Decimal
from typing import Any

from clinical_rules import exact_json
from clinical_rules.errors import ReleaseError
from clinical_rules.exchange.problems import refused

MOST_BYTES = 30_000_000


def canonical(content: Any) -> str:
    """Canonical JSON of anything that JSON holds. Raises ``ReleaseError`` for anything else."""
    try:
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise ReleaseError(f"the content is no plain data, and has no canonical text: {error}") from None
    return text


def write_json(content: Any) -> bytes:
    """The canonical text; SHA-256 of these bytes is the hash of the release."""
    return canonical(content).encode()


def read_json(data: bytes) -> Any:
    """The content in a JSON file, however it is laid out. Raises ``ExchangeRefused``."""
    if len(data) > MOST_BYTES:
        raise refused(f"the file is larger than {MOST_BYTES // 1_000_000} MB: no release is")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused(f"the file is not written in UTF-8 (byte {error.start + 1}): save it in UTF-8") from None
    try:
        content = parse(text)
    except ValueError as error:
        raise refused(f"it is no JSON of a release: {error}") from None
    if not isinstance(content, dict):
        raise refused("it is no release: a release is one JSON object with its parts by name")
    return content


def parse(text: str) -> Any:
    """JSON in which every number is kept exactly. Raises ``ValueError`` with what is wrong."""
    return _plain(exact_json.read(text))


def exact_float(text: str) -> float:
    """The decimal as a float that is written back as the same number. Raises ``ValueError`` where there is none."""
    number = Decimal(text)
    found = float(number)
    if not number.is_finite() or Decimal(repr(found)) != number:
        raise ValueError(f"{text[:40]} has more digits than a number keeps: write it as text")
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {_whole(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return exact_float(str(value))
    return _whole(value) if isinstance(value, str) else value


def _whole(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("a text holds half a letter (a lone surrogate): write the text again") from None
    return text
