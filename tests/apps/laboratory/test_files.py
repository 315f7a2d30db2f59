"""Files as they come: text and spreadsheets, in the form that was declared, and those that mean harm."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from calcinosis_app.accounts.models import User
from calcinosis_app.laboratory import columns
from calcinosis_app.laboratory.files import FileRefused, archive, open_table, table
from calcinosis_app.laboratory.files.written import Written
from calcinosis_app.patients.models import Finding
from tests.factories.laboratory import YESTERDAY, csv_of, fates, imported, only_line, result_of, xlsx_of
from tests.factories.patient import make_patient

HEADER = "patient number,birth date,taken at,code,value,unit"
XLSX = Written("xlsx")


def cells(content: bytes, written: Written = Written()) -> list[dict[str, str]]:  # noqa: B008  # it is frozen
    return [dict(line.cells) for line in open_table(content, written).lines]


def refusal(content: bytes, written: Written = Written()) -> str:  # noqa: B008
    with pytest.raises(FileRefused) as refused:
        list(open_table(content, written).lines)
    return str(refused.value)


def test_columns_are_found_by_name_in_any_order_and_others_are_named() -> None:
    found = open_table(b"Unit,VALUE,code,Taken_At,given name, patient  number ,Birth Date\nmmol/L,1,2,3,Vera,4,5\n", Written())

    assert found.unread == ["given name"]
    assert [dict(line.cells) for line in found.lines] == [
        {"unit": "mmol/L", "value": "1", "code": "2", "taken at": "3", "patient number": "4", "birth date": "5"}
    ]


@pytest.mark.parametrize(
    ("content", "say"),
    [
        (b"", "The file is empty"),
        (b"patient number,birth date,code\n", "names no column 'taken at', 'value', 'unit'"),
        (b"patient number,taken at,code,value,unit\n", "'birth date' or 'family name'"),
        (f"{HEADER},Value\n".encode(), "The column 'value' stands there twice"),
        (f'{HEADER}\n1,2,3,"4\n'.encode(), "breaks the rules of CSV"),
        (f"{HEADER}\nM\xfcller\n".encode("cp1252"), "Line 2 is not written in UTF-8"),
        (f"{HEADER},{',' * 60}\n".encode(), "more than 60 columns"),
        (b"PK\x03\x04", "Choose XLSX"),
    ],
)
def test_a_text_file_that_cannot_be_read_is_refused_with_the_remedy(content: bytes, say: str) -> None:
    assert say in refusal(content)


def test_letters_are_read_as_declared() -> None:
    text = f"{HEADER},family name\n1,2,3,4,5,6,Müller\n"

    assert cells(b"\xef\xbb\xbf" + text.encode())[0]["family name"] == "Müller"
    assert cells(text.encode("cp1252"), Written(encoding="windows-1252"))[0]["family name"] == "Müller"


def test_a_line_with_too_few_cells_is_kept_and_marked() -> None:
    (line,) = open_table(f"{HEADER}\n1,2,3\n".encode(), Written()).lines

    assert "it has 3 cells, and the first row has 6" in line.spoiled
    assert line.row == 2


def test_nul_is_marked_and_can_be_stored() -> None:
    (line,) = open_table(f"{HEADER}\n1,2,3,4,5\x00,6\n".encode(), Written()).lines

    assert "the character NUL" in line.spoiled
    assert "\x00" not in line.cells["value"]


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MOST_LINES", 2)
    assert "more than 2 lines" in refusal("\n".join([HEADER, *["1,2,3,4,5,6"] * 3]).encode())
    row = {"patient number": "1"}
    assert "more than 2 rows" in refusal(xlsx_of(row, row, row), XLSX)
    monkeypatch.setattr(table, "MOST_BYTES", 10)
    assert "larger than" in refusal(HEADER.encode())


@pytest.mark.django_db
@pytest.mark.usefixtures("release")
def test_decimal_comma_and_days_by_declared_choice(nadia: User) -> None:
    vera = make_patient(nadia)
    day = ".".join(reversed(YESTERDAY.split("-")))
    row = result_of(vera, value="<1,25", low="0,8", high="1,5", taken_at=day, birth_date="04.05.1961")
    content = csv_of(row, {**row, "value": "1.25"}, delimiter=";")

    source = imported(nadia, content, delimiter="semicolon", decimal="comma", dates="dots")

    assert fates(source) == [(2, "imported", ""), (3, "refused", "unreadable")]
    finding = Finding.objects.get()
    assert (f"{finding.number:.2f}", f"{finding.low:.1f}", finding.comparator, finding.taken_on.isoformat()) == (
        "1.25",
        "0.8",
        "<",
        YESTERDAY,
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("release")
@pytest.mark.parametrize(
    ("dates", "text"), [("day_first", "02/03/2026"), ("month_first", "03/02/2026"), ("compact", "20260302"), ("compact", "202603020815")]
)
def test_each_form_of_days(nadia: User, dates: str, text: str) -> None:
    imported(nadia, csv_of(result_of(make_patient(nadia), taken_at=text)), dates=dates)

    assert Finding.objects.get().taken_on == date(2026, 3, 2)


@pytest.mark.django_db
@pytest.mark.usefixtures("release")
@pytest.mark.parametrize("decimal", ["point", "comma"])
def test_a_spreadsheet_with_numbers_and_days(nadia: User, decimal: str) -> None:
    vera = make_patient(nadia, number="4711")
    row = result_of(vera) | {
        "patient number": 4711,
        "birth date": datetime(1961, 5, 4),  # noqa: DTZ001
        "taken at": datetime(2026, 3, 2, 8, 15),  # noqa: DTZ001
        "value": 1.25,
    }

    imported(nadia, xlsx_of(row), kind="xlsx", decimal=decimal)

    finding = Finding.objects.get()
    assert (f"{finding.number:.2f}", finding.taken_on) == ("1.25", date(2026, 3, 2))


@pytest.mark.django_db
@pytest.mark.usefixtures("release")
def test_a_formula_is_refused_with_the_reason(nadia: User) -> None:
    source = imported(nadia, xlsx_of(result_of(make_patient(nadia)) | {"value": "=1+1"}), kind="xlsx")

    assert "holds a formula" in only_line(source).say
    assert only_line(source).reason == "unreadable"


def test_numbers_of_a_sheet_never_become_others() -> None:
    row = {"patient number": 12, "value": 2.4500000000000001, "low": 0.1, "high": 1e22, "code": True}

    assert cells(xlsx_of(row), XLSX) == [{"patient number": "12", "value": "2.45", "low": "0.1", "high": "1e+22", "code": "true"}]


def with_part(content: bytes, name: str, text: bytes) -> bytes:
    """The same spreadsheet with one of its parts replaced."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, text if part == name else old.read(part))
    return changed.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row><c t="inlineStr"><is><t>&a;</t></is></c></row>
</sheetData></worksheet>"""


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_wherever_they_stand(part: str, encoding: str) -> None:
    harm = ENTITIES.decode().replace('version="1.0"', f'version="1.0" encoding="{encoding}"').encode(encoding)

    assert "declares entities" in refusal(with_part(xlsx_of({}), part, harm), XLSX)


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES_UNPACKED", 1_000_000)

    assert "unpacks to more than" in refusal(with_part(xlsx_of({}), SHEET, b" " * 2_000_000), XLSX)


def test_a_sheet_that_claims_a_row_far_away_is_refused() -> None:
    far = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="99999999999"><c r="A1"/></row>
</sheetData></worksheet>"""

    assert "rows, or more cells" in refusal(with_part(xlsx_of({}), SHEET, far), XLSX)


def with_text(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The same spreadsheet with one piece of one part replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        return with_part(content, name, whole.read(name).replace(old, new, 1))


def moved(content: bytes, part: str, to: str) -> bytes:
    """The same spreadsheet with a part under another name, and that name wherever it is called."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(to if name == part else name, old.read(name).replace(part.encode(), to.encode()))
    return changed.getvalue()


FULL = xlsx_of({"value": 2.5})


@pytest.mark.parametrize("number", [b"1", b"2"])
def test_a_row_that_comes_twice_or_too_late_is_refused(number: bytes) -> None:
    again = b'<row r="' + number + b'"><c r="A' + number + b'"><v>1</v></c></row></sheetData>'

    assert "a row twice, or rows out of their order" in refusal(with_text(FULL, SHEET, b"</sheetData>", again), XLSX)


def test_a_cell_that_comes_twice_is_refused() -> None:
    again = b'<c r="I2"><v>3</v></c></row></sheetData>'

    assert "a cell twice" in refusal(with_text(FULL, SHEET, b"</row></sheetData>", again), XLSX)


def test_rows_in_their_order_with_gaps_are_read() -> None:
    more = b'<row r="7"><c r="A7"><v>12</v></c></row></sheetData>'

    lines = list(open_table(with_text(FULL, SHEET, b"</sheetData>", more), XLSX).lines)

    assert (lines[-1].row, lines[-1].cells) == (7, {"patient number": "12"})


@pytest.mark.parametrize("name", [SHEET, "xl/other/sheet1.xml", "xl/other/sheet.bin"])
def test_a_row_of_very_many_cells_is_refused_wherever_the_sheet_stands(name: str) -> None:
    harm = moved(with_text(FULL, SHEET, b"</row>", b"<c/>" * 101 + b"</row>"), SHEET, name)

    assert "more than 100 cells" in refusal(harm, XLSX)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (SHEET, b"</row>", b"<x/>" * 3_001 + b"</row>"),
        (SHEET, b"<sheetData>", b"<x/>" * 200_001 + b"<sheetData>"),
        ("xl/styles.xml", b"</styleSheet>", b"<x/>" * 200_001 + b"</styleSheet>"),
        (SHEET, b"<sheetData>", b"<x" + b"".join(b' a%d=""' % n for n in range(500_000)) + b"/><sheetData>"),
    ],
)
def test_elements_without_end_are_refused(part: str, old: bytes, new: bytes) -> None:
    assert "more cells than are read" in refusal(with_text(FULL, part, old, new), XLSX)


def test_a_part_beside_the_cells_stays_small() -> None:
    assert "Beside its cells" in refusal(with_text(FULL, "docProps/app.xml", b"</Properties>", b" " * 10_000_001 + b"</Properties>"), XLSX)


def test_a_sheet_is_read_as_nothing_but_a_sheet() -> None:
    for part, old, new in (
        ("[Content_Types].xml", b"worksheet+xml", b"sharedStrings+xml"),
        ("xl/_rels/workbook.xml.rels", b"relationships/worksheet", b"relationships/chartsheet"),
    ):
        assert "declared to be something else" in refusal(with_text(FULL, part, old, new), XLSX)


def test_a_picture_does_no_harm() -> None:
    with_picture = io.BytesIO(FULL)
    with zipfile.ZipFile(with_picture, "a") as archived:
        archived.writestr("xl/media/image1.png", b"\x89PNG\r\n" + bytes(range(256)))

    assert cells(with_picture.getvalue(), XLSX) == [{"value": "2.5"}]


def test_a_cell_in_per_cent_is_marked() -> None:
    book, stored = Workbook(), io.BytesIO()
    book.active.append(HEADER.split(","))
    book.active.append(["1", "2", "3", "4", 0.85, "%"])
    book.active["E2"].number_format = "0.0%"
    book.save(stored)

    (line,) = open_table(stored.getvalue(), XLSX).lines

    assert "shown in per cent and stored as a fraction" in line.spoiled


def test_several_sheets_are_refused() -> None:
    book, stored = Workbook(), io.BytesIO()
    book.create_sheet()
    book.save(stored)

    assert "has 2 sheets" in refusal(stored.getvalue(), XLSX)
    assert "has 0 sheets" in refusal(with_part(xlsx_of({}), "xl/workbook.xml", b"<a/>"), XLSX)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 nothing",
        b"a,b\n",
        xlsx_of({})[:-200],
        with_part(xlsx_of({}), SHEET, b"<open>"),
    ],
)
def test_no_spreadsheet(content: bytes) -> None:
    assert "XLSX" in refusal(content, XLSX)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader_of_text_files(content: bytes) -> None:
    for written in (Written(), Written(encoding="windows-1252", delimiter="tab")):
        for begin in (b"", HEADER.replace(",", written.character).encode() + b"\n"):
            try:
                for line in open_table(begin + content, written).lines:
                    assert set(line.cells) <= set(columns.ALL)
            except FileRefused as refused:
                assert str(refused)


@given(st.binary(min_size=1, max_size=40), st.integers(0, 5000))
def test_no_bytes_break_the_reader_of_spreadsheets(harm: bytes, at: int) -> None:
    whole = xlsx_of({"value": 1.5, "taken at": datetime(2026, 1, 1, tzinfo=UTC).date()})
    try:
        list(open_table(whole[:at] + harm + whole[at + len(harm) :], XLSX).lines)
    except FileRefused as refused:
        assert str(refused)
