"""A release in files that people edit: a spreadsheet (XLSX), an archive of CSV files, JSON. Out and in, with nothing lost.

Every function takes and gives bytes and the plain content of a release; none opens a file or a connection. What is read
is checked as a file only: whether its rules hold together says ``Release``, as for content from anywhere else.

This is the only place in ``clinical_rules`` that needs an installed package, and nothing else in it imports this.
"""

from collections.abc import Callable, Mapping
from typing import Any

from clinical_rules.errors import ReleaseError
from clinical_rules.exchange.csv_form import read_archive, write_archive
from clinical_rules.exchange.from_book import from_book
from clinical_rules.exchange.json_form import canonical, read_json, write_json
from clinical_rules.exchange.problems import ExchangeRefused, Problem
from clinical_rules.exchange.to_book import to_book
from clinical_rules.exchange.xlsx_reading import read_sheets
from clinical_rules.exchange.xlsx_writing import write_sheets

__all__ = [
    "FORMATS",
    "ExchangeRefused",
    "Problem",
    "read",
    "read_csv",
    "read_json",
    "read_workbook",
    "write",
    "write_csv",
    "write_json",
    "write_workbook",
]

FORMATS: Mapping[str, tuple[str, str]] = {
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("zip", "application/zip"),
    "json": ("json", "application/json"),
}
"""The formats, each with how its files end and their media type."""


def write_workbook(content: Mapping[str, Any]) -> bytes:
    """The release as a spreadsheet. Raises ``ReleaseError`` for content that sheets cannot hold without loss."""
    return write_sheets(_checked(content))


def read_workbook(data: bytes) -> dict[str, Any]:
    """The content of a spreadsheet. Raises ``ExchangeRefused`` with every problem in it."""
    return from_book(*read_sheets(data))


def write_csv(content: Mapping[str, Any]) -> bytes:
    """The release as a ZIP archive of CSV files. Raises ``ReleaseError`` for content that sheets cannot hold without loss."""
    return write_archive(_checked(content))


def read_csv(data: bytes) -> dict[str, Any]:
    """The content of an archive of CSV files. Raises ``ExchangeRefused`` with every problem in it."""
    return from_book(*read_archive(data))


def write(content: Mapping[str, Any], form: str) -> bytes:
    """The release in one of ``FORMATS``."""
    return _WRITERS[form](content)


def read(data: bytes, form: str) -> dict[str, Any]:
    """The content of a file in one of ``FORMATS``."""
    return _READERS[form](data)


def _checked(content: Mapping[str, Any]) -> Any:
    """The sheets, once they have been read back: nothing is lost without a word, whatever a release comes to hold."""
    book = to_book(content)
    try:
        read_back = from_book(book)
    except ExchangeRefused as error:
        raise ReleaseError(f"the release cannot be written as sheets: {error}") from error
    if canonical(read_back) != canonical(content):
        raise ReleaseError("the release cannot be written as sheets without loss: export it as JSON")
    return book


_WRITERS: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {"xlsx": write_workbook, "csv": write_csv, "json": write_json}
_READERS: Mapping[str, Callable[[bytes], dict[str, Any]]] = {"xlsx": read_workbook, "csv": read_csv, "json": read_json}
