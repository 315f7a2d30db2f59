"""Reads a JSON body exactly, or says why not."""

from typing import IO, Any

from rest_framework.parsers import BaseParser

from calcinosis_app.api.errors import TooLarge, Unreadable
from calcinosis_app.assessments.bridge import read_json
from calcinosis_app.laboratory.files.table import MOST_BYTES as MOST_BYTES_OF_A_FILE

# A case with every fact of the release and a year of results has some 100 kB.
MOST_BYTES = 512 * 1024
MOST_LEVELS = 16
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExactJSONParser(BaseParser):
    """JSON whose decimals stay decimals: 9.7 is 9.7, not the nearest binary fraction.

    Raises TooLarge, and Unreadable for what is no JSON, for a name that occurs twice, for texts that are no text, and for
    more levels than a case has.
    """

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """The document in the body."""
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise TooLarge(f"The body is larger than {MOST_BYTES // 1024} kB. Send one case at a time.")
        try:
            document = read_json(body.decode("utf-8"))
        except ValueError as error:
            raise Unreadable("body", "", f"is no JSON in UTF-8: {error}") from None
        _check(document, MOST_LEVELS)
        return document


class CSVParser(BaseParser):
    """A file as it is: bytes, not read any further here. Raises TooLarge."""

    media_type = CSV

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """The whole file."""
        content = stream.read(MOST_BYTES_OF_A_FILE + 1)
        if len(content) > MOST_BYTES_OF_A_FILE:
            raise TooLarge(f"The file is larger than {MOST_BYTES_OF_A_FILE // 1_000_000} MB. Split it, and send the parts one by one.")
        return content


class XLSXParser(CSVParser):
    """The same for a spreadsheet."""

    media_type = XLSX


def _check(value: Any, levels: int) -> None:
    if isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise Unreadable("body", ascii(value), "holds half a letter (a lone surrogate): write the whole one")
    elif isinstance(value, dict | list):
        if not levels:
            raise Unreadable("body", "", f"is nested deeper than {MOST_LEVELS} levels, which no case is")
        for one in value:
            _check(one, levels - 1)
        if isinstance(value, dict):
            for one in value.values():
                _check(one, levels - 1)
