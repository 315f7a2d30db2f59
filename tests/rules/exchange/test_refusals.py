"""What means harm, would be lost, or cannot be meant is refused with sheet, cell, value and remedy, all of it at once."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image  # noqa: F401  # its absence would make the picture's test empty

from clinical_rules.exchange import ExchangeRefused, Problem, archive, read_csv, read_json, read_workbook, xlsx_reading
from clinical_rules.exchange.archive import Limits
from tests.rules.exchange.files import ARCHIVE, XLSX, as_csv, csv_rows, each_file, opened, part_of, place_of, saved, with_cells, with_part
from tests.rules.exchange.releases import TINY

GATE = TINY["treatments"]["alendronate"]["gate"][0]
AT = place_of("Gates", GATE["row"], "severity")


def problems(data: bytes, read: Callable[[bytes], Any] = read_workbook) -> tuple[Problem, ...]:
    with pytest.raises(ExchangeRefused) as refused:
        read(data)
    assert str(refused.value)
    return refused.value.problems


def only(data: bytes, read: Callable[[bytes], Any] = read_workbook) -> Problem:
    (problem,) = problems(data, read)
    return problem


CELLS = [
    ("Gates", AT, '=HYPERLINK("http://x")', "a formula is not taken"),
    ("Gates", "A4", "nothing", "the sheet Treatments has no treatment of this name"),
    ("Gates", "A5", None, "name the treatment that the row belongs to"),
    ("Facts", "A4", "=1", "a formula is not taken"),
    ("Facts", "I3", "two", "this is no number"),
    ("Facts", "I5", "2,5", "a point before decimals"),
    ("References", "I3", "perhaps", "write yes or no"),
    ("References", "A4", TINY["references"][0]["key"], "row 3 has the same name"),
    ("Grades", "B3", 0.5, "the spreadsheet made a number of it"),
    ("Grades", "B4", True, "the spreadsheet made yes or no of it"),
    ("Grades", "B5", "json:{", "this is no JSON"),
    ("Drugs", "B3", 'json:{"a":1,"a":2}', "stands twice in one object"),
    ("Drugs", "B4", "long:9", "the sheet Long texts has no such text"),
    ("Implications", "B3", "dialysis", "write fact: test"),
    ("Implications", "B4", "ckd5: true; ckd5: false", "ckd5 is asked twice"),
    ("Laboratory ranges", "C3", None, "one of the two numbers is missing"),
    ("Release", "A3", "a b", "this is no name"),
    ("Release", "A4", "number", "stands in another row too"),
    ("Release", "B5", "digit", "there is no such kind of cell"),
    ("Release", "C6", None, "has no value"),
]
OF_THE_FORM = [
    ("Read me", "B1", "calcinosis release 2", "'calcinosis release 1' must stand beside Form"),
    ("Facts", "B1", "lable", "Is 'label' meant?"),
    ("Drugs", "B1", None, "the column has no name"),
    ("Grades", "B1", "grade", "two columns have this name"),
    ("Gates", "A1", "of", "no column of this sheet has this name"),
    ("Laboratory", "F1", "hard lower", "Is 'hard low' meant?"),
    ("Columns", "D9", "numbre", "there is no such kind of cell"),
    ("Columns", "B10", "no.such.part", "this is no part of a release"),
]


@pytest.mark.parametrize("cells", [CELLS, OF_THE_FORM], ids=["cells", "form"])
def test_all_that_cannot_be_meant_is_named_at_once(cells: list[tuple[str, str, Any, str]]) -> None:
    found = problems(with_cells({(sheet, cell): value for sheet, cell, value, _ in cells}))

    for sheet, cell, value, say in cells:
        about = [one for one in found if one.sheet == sheet and say in one.say]
        assert about, f"{sheet} {cell} {value}: {[str(one) for one in found if one.sheet == sheet]}"
        assert cell in [one.cell for one in about] or sheet == "Read me" or value is None, about


def test_problems_stand_in_the_order_of_the_file_and_each_once() -> None:
    data = with_cells({("References", "I3"): "perhaps", ("Facts", "I3"): "two", ("Gates", AT): "=A1", ("Gates", "A3"): "nothing"})

    found = problems(data)

    assert [(one.sheet, one.cell) for one in found] == [("Gates", "A3"), ("Gates", AT), ("Facts", "I3"), ("References", "I3")]
    assert str(found[-1]) == "References, I3: perhaps: write yes or no"


@pytest.mark.parametrize(
    "formula",
    [
        b"<f>1+1</f><v>absolute</v>",
        b'<f t="shared" ref="A1:A9" si="0">A1</f><v>2</v>',
        b'<f t="shared" si="0"/><v>2</v>',
        b'<f t="array" ref="A1">A1</f><v>2</v>',
        b"<f/><v>absolute</v>",
    ],
)
def test_a_formula_is_refused_whatever_it_showed_last(formula: bytes) -> None:
    cell = f'r="{AT}"'.encode()

    def change(part: bytes) -> bytes:
        start = part.index(b"<c " + cell)
        end = part.index(b"</c>", start)
        return part[:start] + b"<c " + cell + b' t="str">' + formula + part[end:]

    problem = only(with_part(XLSX, part_of("Gates"), change))

    assert (problem.sheet, problem.cell) == ("Gates", AT)
    assert "a formula is not taken" in problem.say


def test_dates_errors_and_shares_are_refused() -> None:
    book = opened()
    sheet = book["Grades"]
    sheet["A3"].value, sheet["A3"].number_format = 45_000, "yyyy-mm-dd"
    sheet["B3"].value, sheet["B3"].number_format = 0.5, "0%"
    sheet["A4"].value = "#REF!"
    sheet["A4"].data_type = "e"

    says = {one.cell: one.say for one in problems(saved(book))}

    assert "made a date of it" in says["A3"]
    assert "in per cent" in says["B3"]
    assert "an error" in says["A4"]


def test_what_would_be_lost_or_hides_something_is_refused_with_its_place() -> None:
    book = opened()
    gates, drugs, facts = book["Gates"], book["Drugs"], book["Facts"]
    gates.merge_cells("A3:A4")
    gates.row_dimensions[5].hidden = True
    drugs.column_dimensions["C"].hidden = True
    drugs["A3"].comment = Comment("is this so?", "Clara")
    facts.sheet_state = "hidden"

    found = {(one.sheet, one.cell): one.say for one in problems(saved(book))}

    assert "cells are merged" in found["Gates", "A3:A4"]
    assert "the row is hidden" in found["Gates", "row 5"]
    assert "the columns are hidden" in found["Drugs", "columns C to C"]
    assert "the comment would be lost" in found["Drugs", "A3"]
    assert "the sheet is hidden" in found["Facts", ""]


@pytest.mark.parametrize(
    ("kind", "target", "say"),
    [
        (b"vbaProject", b"vbaProject.bin", "macros"),
        (b"externalLink", b"externalLinks/externalLink1.xml", "links to other files"),
        (b"connections", b"connections.xml", "a source of data"),
        (b"oleObject", b'file:///etc/passwd" TargetMode="External', "refers to another file"),
        (b"chartsheet", b"chartsheets/sheet1.xml", "a sheet that is a chart"),
    ],
)
def test_what_reaches_outside_is_refused(kind: bytes, target: bytes, say: str) -> None:
    relation = b'<Relationship Id="x" Type="http://s/' + kind + b'" Target="' + target + b'"/></Relationships>'

    harm = with_part(XLSX, "xl/_rels/workbook.xml.rels", lambda part: part.replace(b"</Relationships>", relation))

    assert say in only(harm).say


def test_a_spreadsheet_with_macros_is_refused() -> None:
    harm = with_part(XLSX, "[Content_Types].xml", lambda part: part.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml"))

    assert "macros" in only(harm).say


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w>&a;</w>'


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet3.xml", "xl/styles.xml", "docProps/core.xml"]
)
def test_entities_are_refused(part: str) -> None:
    assert "declares entities" in only(with_part(XLSX, part, ENTITIES)).say


def test_bombs_are_refused_before_they_unpack(monkeypatch: pytest.MonkeyPatch) -> None:
    blanks = with_part(XLSX, "docProps/app.xml", b"<a>" + b" " * 9_000_000 + b"</a>")
    assert "times its size" in only(blanks).say
    assert "times its size" in only(with_part(ARCHIVE, "grades.csv", b" " * 9_000_000), read_csv).say

    monkeypatch.setattr(xlsx_reading, "LIMITS", Limits(rows=99, cells=9_999, cells_in_a_row=99, remedy="", bytes_unpacked=200_000))
    assert "unpacks to more than" in only(XLSX).say
    monkeypatch.setattr(xlsx_reading, "LIMITS", Limits(rows=9_999, cells=500, cells_in_a_row=99, remedy=""))
    assert "more cells than are read" in only(XLSX).say
    monkeypatch.setattr(xlsx_reading, "LIMITS", Limits(rows=9_999, cells=99_999, cells_in_a_row=9, remedy=""))
    assert "more than 9 cells" in only(XLSX).say
    monkeypatch.setattr(xlsx_reading, "LIMITS", Limits(rows=9_999, cells=99_999, cells_in_a_row=99, remedy="", parts=9))
    assert "more than 9 parts" in only(XLSX).say


def test_a_part_that_says_it_is_small_is_read_no_further() -> None:
    data = bytearray(with_part(ARCHIVE, "grades.csv", b"grade,meaning\n" + b"x" * 400_000))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as packed:
        size = packed.getinfo("grades.csv").file_size
    data = bytearray(bytes(data).replace(size.to_bytes(4, "little"), (20).to_bytes(4, "little")))

    assert "damaged" in only(bytes(data), read_csv).say


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"a,b\n", XLSX[:-300], with_part(XLSX, "xl/workbook.xml", b"<open>")])
def test_what_is_no_file_of_its_kind_is_refused(content: bytes) -> None:
    for read in (read_workbook, read_csv):
        assert problems(content, read)
    assert problems(content, read_json)


def test_a_spreadsheet_of_something_else_is_refused() -> None:
    book = opened()
    for name in book.sheetnames[1:]:
        del book[name]
    book["Read me"].delete_rows(1, 99)
    book["Read me"]["A1"] = "patient number"

    says = [one.say for one in problems(saved(book))]

    assert any("must stand beside Form" in say for say in says)


def test_sheets_that_are_missing_empty_unknown_or_twice_are_named() -> None:
    book = opened()
    del book["Drugs"]
    book["Grades"].delete_rows(1, 99)
    book.create_sheet("Notes")["A1"] = "my own"
    book.copy_worksheet(book["References"]).title = "Reference"

    found = {one.sheet: one.say for one in problems(saved(book))}

    assert "the sheet is missing" in found["Drugs"]
    assert "the sheet is empty" in found["Grades"]
    assert "no part of a release" in found["Notes"]
    assert "Is 'References' meant?" in found["Reference"]


def test_a_unit_in_a_head_is_the_facts() -> None:
    book = opened()
    sheet = book["Table emergencies"]
    column = sheet.max_column + 1
    sheet.cell(1, column, "when.phosphate [mg/dL]")
    sheet.cell(3, column, "> 4.5")

    problem = only(saved(book))

    assert (problem.sheet, problem.value) == ("Table emergencies", "when.phosphate [mg/dL]")


def test_a_table_without_its_row_and_a_value_that_stands_twice_are_refused() -> None:
    book = opened()
    for number in range(3, 20):
        if book["Tables"].cell(number, 1).value == "choice":
            book["Tables"].delete_rows(number)
    at = place_of("Definitions", TINY["definitions"][0]["fact"], "fact")
    column = book["Definitions"].max_column + 1
    book["Definitions"].cell(1, column, "first")
    book["Definitions"].cell(int(at[1:]), column, "json:[]")
    book["Columns"].append(["Definitions", "definitions", "first", "data"])

    found = {one.sheet: one.say for one in problems(saved(book))}

    assert "the sheet Tables has no table 'choice'" in found["Table choice"]
    assert "stands elsewhere too" in found["Definitions, first of"]


def _of(wanted: str, change: Callable[[bytes], bytes]) -> Callable[[str, bytes], tuple[str, bytes]]:
    return lambda name, part: (name, change(part) if name == wanted else part)


CSV_FAULTS: list[tuple[Callable[[str, bytes], tuple[str, bytes] | None], str]] = [
    (lambda name, part: None if name == "manifest.json" else (name, part), "has no manifest.json"),
    (_of("manifest.json", lambda part: b"{}"), "put manifest.json back"),
    (lambda name, part: None if name == "drugs.csv" else (name, part), "the sheet is missing"),
    (lambda name, part: ("mine.csv" if name == "drugs.csv" else name, part), "manifest.json does not name this file"),
    (lambda name, part: (f"{name[0]}/{name}", part), "folders: pack the CSV files"),
    (_of("grades.csv", lambda part: part + "für".encode("cp1252")), "line 6 is not written in UTF-8"),
    (_of("grades.csv", lambda part: part.decode("utf-8-sig").encode("utf-16")), "not written in UTF-8"),
    (_of("grades.csv", lambda part: part.decode("utf-8-sig").encode("utf-16-le")), "UTF-16"),
    (_of("grades.csv", lambda part: part + b'"open'), "breaks the rules of CSV"),
    (_of("grades.csv", lambda part: part.replace(b"trial", b"tri\x07al")), "a sign that is no letter"),
    (_of("grades.csv", lambda part: as_csv([[*row, "more"] for row in csv_rows(part)]).encode()), "no column of this sheet has this name"),
    (_of("grades.csv", lambda part: part + b"," * 1_001 + b"x\n"), "more rows or cells than a release has"),
]


@pytest.mark.parametrize(("change", "say"), CSV_FAULTS, ids=[say for _, say in CSV_FAULTS])
def test_an_archive_that_cannot_be_read_is_refused_with_the_remedy(change: Callable[[str, bytes], Any], say: str) -> None:
    found = problems(each_file(ARCHIVE, change), read_csv)

    assert any(say in one.say for one in found), found


@pytest.mark.parametrize(
    ("text", "say"),
    [
        (b'{"a": 1, "a": 2}', "stands twice"),
        (b'{"a": NaN}', "no number"),
        (b'{"a": 0.1000000000000000000001}', "more digits than a number keeps"),
        (b"[]", "it is no release"),
        (b'{"a"', "it is no JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": "\xff"}', "not written in UTF-8"),
        (b'{"a": "\\ud800"}', "half a letter"),
        (b'{"a": 1e999999999}', "number"),
    ],
)
def test_json_that_cannot_be_read_is_refused_with_the_remedy(text: bytes, say: str) -> None:
    assert say in only(text, read_json).say


@settings(max_examples=25, deadline=None)
@given(st.integers(0, len(ARCHIVE) - 1), st.binary(min_size=1, max_size=8))
def test_damage_anywhere_is_a_refusal_or_nothing_else(at: int, harm: bytes) -> None:
    data = ARCHIVE[:at] + harm + ARCHIVE[at + len(harm) :]
    try:
        read_csv(data)
    except ExchangeRefused as refused:
        assert refused.problems


@settings(max_examples=8, deadline=None)
@given(st.integers(0, len(XLSX) - 1), st.binary(min_size=1, max_size=8))
def test_damage_anywhere_in_a_spreadsheet_is_a_refusal_or_nothing_else(at: int, harm: bytes) -> None:
    data = XLSX[:at] + harm + XLSX[at + len(harm) :]
    try:
        read_workbook(data)
    except ExchangeRefused as refused:
        assert refused.problems


def test_the_largest_files_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    assert archive.SMALL_PART > 1_000_000
    for read in (read_workbook, read_csv, read_json):
        assert "larger than 30 MB" in only(b" " * 30_000_001, read).say
