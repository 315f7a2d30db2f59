"""What people change in a file is what has changed, and what their programs do to it on the way changes nothing."""

import copy
import io
import json
import re
import zipfile
from typing import Any

import pytest

from clinical_rules.exchange import read_csv, read_workbook
from tests.rules.exchange.files import ARCHIVE, XLSX, as_csv, csv_rows, each_file, opened, part_of, place_of, saved, with_cells, with_part
from tests.rules.exchange.releases import TINY, text_of

SAME = text_of(TINY)


def changed() -> dict[str, Any]:
    return copy.deepcopy(TINY)


def test_one_cell_is_one_change() -> None:
    row = TINY["tables"]["classification"]["row"][1]
    (fact,) = row["when"]
    at = place_of("Table classification", row["id"], f"when.{fact}")

    found = read_workbook(with_cells({("Table classification", at): "false"}))

    wanted = changed()
    wanted["tables"]["classification"]["row"][1]["when"] = {fact: "false"}
    assert text_of(found) == text_of(wanted)


def test_rows_are_added_moved_and_removed() -> None:
    book = opened()
    sheet = book["References"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    sheet.delete_rows(3, len(rows))
    for row in (rows[2], rows[0], ["NEW2026", "Amsel A", "A title", "J", 2026, "case_series", None, None, "no"]):
        sheet.append(row)

    old, wanted = TINY["references"], changed()
    new = {"key": "NEW2026", "authors": "Amsel A", "title": "A title", "journal": "J", "year": 2026, "kind": "case_series", "seen": False}
    wanted["references"] = [old[2], old[0], new]
    assert text_of(read_workbook(saved(book))) == text_of(wanted)


def test_a_fact_is_tested_by_a_new_column() -> None:
    book = opened()
    sheet = book["Table states"]
    column = sheet.max_column + 1
    sheet.cell(1, column, "when.ca_total [mmol/L]")
    sheet.cell(3, column, "> 2.60")

    wanted = changed()
    wanted["tables"]["states"]["row"][0]["when"]["ca_total"] = "> 2.60"
    assert text_of(read_workbook(saved(book))) == text_of(wanted)


def test_a_table_is_a_row_and_a_sheet() -> None:
    book = opened()
    book["Tables"].append(["skin", "skin", "Skin", "COLLECT", "say"])
    sheet = book.create_sheet("Table skin")
    for row in (
        ["id", "when.painful", "say", "sources", "seen"],
        ["s1", "true", "hurts", "EXPERT_RULE", "no"],
        ["s2", None, "any", "[]", "no"],
    ):
        sheet.append(row)

    wanted = changed()
    wanted["tables"]["skin"] = {
        "table": {"key": "skin", "title": "Skin", "hit_policy": "COLLECT", "output": "say"},
        "row": [
            {"id": "s1", "when": {"painful": "true"}, "say": "hurts", "sources": ["EXPERT_RULE"], "seen": False},
            {"id": "s2", "when": {}, "say": "any", "sources": [], "seen": False},
        ],
    }
    assert text_of(read_workbook(saved(book))) == text_of(wanted)


def test_a_sheet_without_rows_is_an_empty_part() -> None:
    book = opened()
    book["Drugs"].delete_rows(3, 99)

    wanted = changed()
    wanted["drugs"] = []
    assert text_of(read_workbook(saved(book))) == text_of(wanted)


def test_remarks_blank_rows_and_blanks_around_a_text_are_not_read() -> None:
    book = opened()
    sheet = book["Grades"]
    sheet["B3"] = f"  {sheet['B3'].value} \n"
    sheet.insert_rows(4)
    sheet.insert_rows(4)
    sheet["A4"] = "# asked Clara about this one"
    sheet["C4"] = "beside every column"
    book.create_sheet("Sheet1")

    assert text_of(read_workbook(saved(book))) == SAME


# As programs write it


def test_yes_and_no_may_be_a_spreadsheets_own() -> None:
    book = opened()
    for sheet in book:
        for row in sheet.iter_rows(min_row=3):
            for cell in row:
                if sheet.title not in ("Read me", "Columns") and cell.value in ("yes", "no") and sheet.cell(1, cell.column).value == "seen":
                    cell.value, cell.data_type, cell.number_format = cell.value == "yes", "b", "General"

    assert text_of(read_workbook(saved(book))) == SAME


def test_numbers_may_be_written_with_decimals_and_tests_may_be_numbers() -> None:
    book = opened()
    years = [cell.value for (cell,) in book["References"].iter_rows(min_row=3, min_col=5, max_col=5) if cell.value]
    assert years
    raw = with_part(XLSX, part_of("References"), lambda part: re.sub(rb"<v>(%d)</v>" % years[0], rb"<v>\1.0</v>", part))
    assert text_of(read_workbook(raw)) == SAME

    at = place_of("Laboratory", "ca_total", "hard high")
    assert TINY["laboratory"][0]["hard"] == ["0.7", "6.0"]
    found = read_workbook(with_cells({("Laboratory", at): 6.5}))
    assert found["laboratory"][0]["hard"] == ["0.7", "6.5"]


def test_texts_may_stand_in_their_cells_and_in_several_pieces() -> None:
    inline = re.compile(rb'<c r="(B3)"( s="\d+")? t="s"><v>\d+</v></c>')
    text = TINY["grades"][0]["meaning"].encode()
    head, rest = text[:5], text[5:]
    piece = (
        b'<c r="B3" t="inlineStr"><is><r><t xml:space="preserve">' + head + b"</t></r><r><rPr><b/></rPr><t>" + rest + b"</t></r></is></c>"
    )

    raw = with_part(XLSX, part_of("Grades"), lambda part: inline.sub(piece, part))

    assert raw != XLSX
    assert text_of(read_workbook(raw)) == SAME


def test_styled_cells_without_a_value_and_rows_at_the_very_end_are_nothing() -> None:
    end = (
        b'<row r="900" hidden="false"><c r="A900" s="1"/><c r="C900" s="1" t="s"/></row><row r="1048576" ht="12.8" hidden="0"/></sheetData>'
    )

    raw = with_part(XLSX, part_of("Gates"), lambda part: part.replace(b"</sheetData>", end))

    assert text_of(read_workbook(raw)) == SAME


def test_addresses_that_can_be_clicked_do_no_harm() -> None:
    book = opened()
    book["References"]["H3"].hyperlink = "https://example.org/"
    book["References"]["H3"].value = TINY["references"][0]["note"]

    assert text_of(read_workbook(saved(book))) == SAME


def test_line_ends_of_windows_are_those_of_everybody() -> None:
    book = opened()
    cells = [cell for row in book["Referrals"].iter_rows(min_row=3) for cell in row if "\n" in str(cell.value)]
    assert cells
    for cell in cells:
        cell.value = cell.value.replace("\n", "_x000D_\n")

    assert text_of(read_workbook(saved(book))) == SAME


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_csv_may_have_other_delimiters_and_no_mark(delimiter: str, mark: bytes) -> None:
    def again(name: str, part: bytes) -> tuple[str, bytes]:
        if name.endswith(".json"):
            return name, part
        return name, mark + as_csv(csv_rows(part), delimiter).replace("\r\n", "\n").encode()

    assert text_of(read_csv(each_file(ARCHIVE, again))) == SAME


def test_an_archive_may_be_packed_again_with_its_folder() -> None:
    packed = each_file(ARCHIVE, lambda name, part: (f"release 1/{name}", part))
    stored = io.BytesIO(packed)
    with zipfile.ZipFile(stored, "a") as archive:
        archive.writestr("release 1/", b"")
        archive.writestr("__MACOSX/release 1/._facts.csv", b"\x00\x05\x16\x07")
        archive.writestr("release 1/.DS_Store", b"\x00")

    assert text_of(read_csv(stored.getvalue())) == SAME


def test_a_csv_file_edited_is_that_change() -> None:
    def again(name: str, part: bytes) -> tuple[str, bytes]:
        if name != "grades.csv":
            return name, part
        rows = csv_rows(part)
        rows[2][1] = 'ä, said "so"\nand so'
        return name, as_csv([row[: len(row) if row[-1] else -1] for row in rows]).encode()

    wanted = changed()
    wanted["grades"][0]["meaning"] = 'ä, said "so"\nand so'
    assert text_of(read_csv(each_file(ARCHIVE, again))) == text_of(wanted)


def test_every_cell_that_a_spreadsheet_would_change_is_a_text() -> None:
    book = opened()
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n"), f"{sheet.title} {cell.coordinate}"
                if cell.data_type == "s":
                    assert cell.number_format == "@", f"{sheet.title} {cell.coordinate}"
    assert book["Facts"].column_dimensions["A"].number_format == "@", "also below the last row"


def test_the_first_sheet_names_the_release_and_its_hash() -> None:
    first = {row[0].value: row[1].value for row in opened()["Read me"].iter_rows(max_col=2)}
    manifest = json.loads(zipfile.ZipFile(io.BytesIO(ARCHIVE)).read("manifest.json"))

    assert (first["Release number"], len(first["Hash"])) == ("1", 64)
    assert first["Hash"] == manifest["hash"]
