"""Rows of a text file."""

import csv
import io
from collections.abc import Iterator

from calcinosis_app.laboratory.files.refused import FileRefused
from calcinosis_app.laboratory.files.rows import Row
from calcinosis_app.laboratory.files.written import Encoding, Written


def csv_rows(content: bytes, written: Written) -> Iterator[Row]:
    """Each record with the number of the line on which it ends. Raises FileRefused for bytes or quotes that do not fit."""
    text = io.StringIO(_decoded(content, written), newline="")
    reader = csv.reader(text, delimiter=written.character, strict=True)
    try:
        for cells in reader:
            yield Row(reader.line_num, cells)
    except csv.Error as error:
        raise FileRefused(
            f"Line {reader.line_num} breaks the rules of CSV ({error}). Check its quotation marks, and the character between columns."
        ) from error


def _decoded(content: bytes, written: Written) -> str:
    if content.startswith(b"PK\x03\x04"):
        raise FileRefused("This is a spreadsheet, not a text file. Choose XLSX.")
    try:
        return content.decode("utf-8-sig" if written.encoding == Encoding.UTF_8 else "cp1252")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        other = Encoding.WINDOWS_1252 if written.encoding == Encoding.UTF_8 else Encoding.UTF_8
        raise FileRefused(
            f"Line {line} is not written in {Encoding(written.encoding).label}. If the laboratory writes {other.label}, choose that."
        ) from error
