"""The first sheet: what this is, and how to edit it."""

from collections.abc import Sequence

from clinical_rules.exchange.kinds import Cell, Kind, encode

FORM = "calcinosis release 1"
"""Names the form of the sheets; a file of another form is refused."""

_HOW = (
    "Edit the sheets as you like, save the file in the same form, and import it. Importing shows first what would change.",
    "The first row of a sheet names its columns: leave it as it is. The sheet Columns says what each holds, and how cells are filled in.",
    "A row whose first cell begins with # is a remark, and is not read; nor are blank rows. Rows count in the order in which they stand.",
    "An empty cell says that there is no value. Two quotation marks are an empty text, [] is an empty list, {} is no tests.",
    "What begins with json: stands in JSON, because it does not fit a plain cell.",
    "On the sheet of a decision table each row is a rule, and each column that begins with when. is a fact that it tests, in its unit.",
    "For another fact add a column: when. and the fact's key. The sheet Tables says how the rows combine.",
    "A new table is a new row on the sheet Tables, and a sheet called Table and its key.",
    "Sheets that belong to another one name the row they belong to in their first columns: the treatment, the case, the lesion.",
    "Every cell is formatted as text, so that no spreadsheet changes what you write (1-2, 2.20, TRUE, dates). Leave it so.",
    "Set the format of a new column to text before you write in it.",
    "Formulas, merged cells, hidden rows, columns and sheets, comments, pictures and macros are refused: they would be lost.",
)


def read_me(number: str, hash_of_release: str, title: str, sheets: Sequence[tuple[str, str]]) -> list[list[Cell]]:
    """The rows of the first sheet."""
    rows: list[list[Cell]] = [
        ["Form", FORM],
        ["Release number", encode(Kind.TEXT, number or "without a number")[0]],
        ["Hash", hash_of_release],
        ["Title", *encode(Kind.TEXT, title)],
        [None],
    ]
    rows += [[f"How to edit it, {count}", text] for count, text in enumerate(_HOW, 1)]
    rows.append([None])
    rows += [[name, what or None] for name, what in (*sheets, *_OWN)]
    return rows


_OWN = (("Columns", "each column of each sheet: what it holds, and how its cells are filled in"),)
