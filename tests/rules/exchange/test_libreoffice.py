"""A release edited in LibreOffice: the one cell that was changed has changed, and nothing else.

    python3 manage.py test tests/rules/exchange/test_libreoffice.py -m libreoffice

LibreOffice runs without a window and without macros: it turns the spreadsheet into its own form as one text, in which a
cell is changed, and that into a spreadsheet again, by its own reading and writing.
"""

import copy
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from clinical_rules.exchange import read_csv, read_workbook, write_csv, write_workbook
from tests.rules.exchange.files import with_part
from tests.rules.exchange.releases import ODD_TEXTS, SMALL, WHOLE, text_of

pytestmark = pytest.mark.libreoffice

INSTALL = "apt-get update && apt-get install -y --no-install-recommends libreoffice-calc"
PATIENCE_SECONDS = 240
ODD = {**SMALL, "cells": [{"id": f"c{number}", "text": text} for number, text in enumerate(ODD_TEXTS)]}


@pytest.fixture(scope="module")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    program = shutil.which("soffice")
    if program is None:
        pytest.fail(f"LibreOffice is not installed: {INSTALL}")
    profile = tmp_path_factory.mktemp("profile")
    return [program, "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}"]


def converted(soffice: list[str], path: Path, to: str) -> Path:
    folder = path.parent / f"{path.stem}-{to.partition(':')[0]}"
    command = [*soffice, "--convert-to", to, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE_SECONDS)
    return folder / f"{path.stem}.{to.partition(':')[0]}"


def stored(tmp_path: Path, data: bytes, name: str = "release.xlsx") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("by", ["xlsx", "ods", "fods"])
@pytest.mark.parametrize("content", [WHOLE, ODD], ids=["the release", "odd texts"])
def test_saving_changes_nothing(soffice: list[str], tmp_path: Path, by: str, content: dict[str, object]) -> None:
    saved = converted(soffice, stored(tmp_path, write_workbook(content)), by)
    if by != "xlsx":
        saved = converted(soffice, saved, "xlsx")

    assert text_of(read_workbook(saved.read_bytes())) == text_of(content)


def test_one_cell_edited_is_one_change(soffice: list[str], tmp_path: Path) -> None:
    row = WHOLE["tables"]["classification"]["row"][4]
    say = 'edited: "1-2", <b> & > 1.45 — ≥ µmol/L'
    flat = converted(soffice, stored(tmp_path, write_workbook(WHOLE)), "fods")
    text = flat.read_text(encoding="utf-8")
    old = f"<text:p>{escape(row['say'])}</text:p>"
    sheet = text.index('table:name="Table classification"')
    at = text.index(old, sheet)
    flat.write_text(text[:at] + f"<text:p>{escape(say)}</text:p>" + text[at + len(old) :], encoding="utf-8")

    found = read_workbook(converted(soffice, flat, "xlsx").read_bytes())

    wanted = copy.deepcopy(WHOLE)
    wanted["tables"]["classification"]["row"][4]["say"] = say
    assert text_of(found) == text_of(wanted)


def test_a_number_typed_into_a_test_is_that_test(soffice: list[str], tmp_path: Path) -> None:
    flat = converted(soffice, stored(tmp_path, write_workbook(WHOLE)), "fods")
    text = flat.read_text(encoding="utf-8")
    sheet = text.index('table:name="Laboratory"')
    limit = WHOLE["laboratory"][0]["hard"][1]
    cell = re.compile(r'office:value-type="string"( calcext:value-type="string")?>\s*<text:p>' + re.escape(limit) + "</text:p>")
    match = cell.search(text, sheet)
    assert match
    number = 'office:value-type="float" office:value="6.25" calcext:value-type="float"><text:p>6.25</text:p>'
    flat.write_text(text[: match.start()] + number + text[match.end() :], encoding="utf-8")

    found = read_workbook(converted(soffice, flat, "xlsx").read_bytes())

    wanted = copy.deepcopy(WHOLE)
    wanted["laboratory"][0]["hard"][1] = "6.25"
    assert text_of(found) == text_of(wanted)


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_its_csv_files_are_read(soffice: list[str], tmp_path: Path, delimiter: str) -> None:
    """The filter's numbers: delimiter, quotation mark, UTF-8, every text in quotation marks, cells as shown, every sheet."""
    as_csv = f"csv:Text - txt - csv (StarCalc):{ord(delimiter)},34,76,1,,0,true,true,false,false,false,-1"
    converted(soffice, stored(tmp_path, write_workbook(SMALL)), as_csv)
    archive = write_csv(SMALL)
    with zipfile.ZipFile(stored(tmp_path, archive, "release.zip")) as packed:
        names = dict(re.findall(r'"([^"]+\.csv)": "([^"]+)"', packed.read("manifest.json").decode()))
    written = 0
    for name, sheet in names.items():
        path = tmp_path / "release-csv" / f"release-{sheet}.csv"
        archive = with_part(archive, name, path.read_bytes())
        written += 1

    assert written > 30
    assert text_of(read_csv(archive)) == text_of(SMALL)
