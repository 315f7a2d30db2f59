"""How much of a spreadsheet of results is read. What is looked for in it: clinical_rules/exchange/archive.py."""

from calcinosis_app.laboratory.files.refused import FileRefused
from calcinosis_app.rulebooks.bridge import ArchiveLimits, ArchiveRefused, check_archive

MOST_BYTES_UNPACKED = 150_000_000
MOST_CELLS = 4_000_000
MOST_CELLS_IN_A_ROW = 100


def check_results(content: bytes, most_rows: int) -> None:
    """Raises FileRefused for what is no spreadsheet, unpacks to too much, or declares entities of its own."""
    limits = ArchiveLimits(
        rows=most_rows + 1,
        cells=MOST_CELLS,
        cells_in_a_row=MOST_CELLS_IN_A_ROW,
        bytes_unpacked=MOST_BYTES_UNPACKED,
        remedy="Split it, and import the parts one by one.",
    )
    try:
        check_archive(content, limits)
    except ArchiveRefused as refused:
        raise FileRefused(str(refused)) from refused
