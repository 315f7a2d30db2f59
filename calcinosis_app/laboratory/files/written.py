"""How a file is written. It is declared by the person who sends it, never guessed."""

from dataclasses import dataclass

from django.db import models


class Kind(models.TextChoices):
    """The form of the file."""

    CSV = "csv", "CSV (text)"
    XLSX = "xlsx", "XLSX (spreadsheet)"


class Encoding(models.TextChoices):
    """How letters are stored in a text file. UTF-8 may begin with a byte-order mark."""

    UTF_8 = "utf-8", "UTF-8"
    WINDOWS_1252 = "windows-1252", "Windows-1252 (Western European)"


class Delimiter(models.TextChoices):
    """What stands between the columns of a text file."""

    COMMA = "comma", "comma"
    SEMICOLON = "semicolon", "semicolon"
    TAB = "tab", "tab"


class DecimalMark(models.TextChoices):
    """What stands before the decimals."""

    POINT = "point", "point, as in 2.45"
    COMMA = "comma", "comma, as in 2,45"


class Dates(models.TextChoices):
    """How days are written. The ISO form is understood beside each of the others: it cannot be mistaken."""

    ISO = "iso", "2026-03-31"
    DOTS = "dots", "31.03.2026"
    DAY_FIRST = "day_first", "31/03/2026, the day first"
    MONTH_FIRST = "month_first", "03/31/2026, the month first"
    COMPACT = "compact", "20260331"


CHARACTERS = {Delimiter.COMMA: ",", Delimiter.SEMICOLON: ";", Delimiter.TAB: "\t"}


@dataclass(frozen=True)
class Written:
    """All that was declared of one file."""

    kind: str = Kind.CSV
    encoding: str = Encoding.UTF_8
    delimiter: str = Delimiter.COMMA
    decimal: str = DecimalMark.POINT
    dates: str = Dates.ISO

    @property
    def is_spreadsheet(self) -> bool:
        """Whether it is XLSX."""
        return self.kind == Kind.XLSX

    @property
    def character(self) -> str:
        """The character between columns."""
        return CHARACTERS[Delimiter(self.delimiter)]

    @property
    def mark(self) -> str:
        """The character before decimals."""
        return "," if self.decimal == DecimalMark.COMMA else "."
