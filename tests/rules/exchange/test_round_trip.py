"""Out and in again, and nothing is lost, whatever a release may become. The one that came with the product: test_commands.py."""

import hashlib
import io
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinical_rules.errors import ReleaseError
from clinical_rules.exchange import FORMATS, ExchangeRefused, read, read_csv, read_json, write, write_csv, write_json
from clinical_rules.exchange.from_book import from_book
from clinical_rules.exchange.kinds import MISSING, Kind, decode, encode, same
from clinical_rules.exchange.paths import read_path, show_path
from clinical_rules.exchange.to_book import to_book
from clinical_rules.exchange.xlsx_reading import read_sheets
from clinical_rules.exchange.xlsx_writing import write_sheets
from clinical_rules.release import load
from tests.rules.exchange.releases import SMALL, WHOLE, edited, has_twins, keys, text_of, values

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@pytest.mark.parametrize("form", FORMATS)
def test_every_part_comes_back_as_it_was(form: str) -> None:
    data = write(SMALL, form)

    assert text_of(read(data, form)) == text_of(SMALL)
    assert write(SMALL, form) == data, "the same release gives the same bytes"


def sheets_hold(content: dict[str, Any]) -> None:
    try:
        found = from_book(to_book(content))
    except ExchangeRefused as refused:
        assert has_twins(content), str(refused)
        assert all("has the same name" in problem.say for problem in refused.problems), str(refused)
    else:
        assert text_of(found) == text_of(content)


def files_hold(content: dict[str, Any]) -> None:
    for form in FORMATS:
        try:
            data = write(content, form)
        except ReleaseError as refused:
            assert form != "json"
            assert has_twins(content), str(refused)
        else:
            assert text_of(read(data, form)) == text_of(content), form


def cells_hold(listed: list[Any]) -> None:
    content = {"number": 1, "lists": {}, "tables": {}, "treatments": {}, "cells": [{"is": value} for value in listed]}

    assert text_of(from_book(*read_sheets(write_sheets(to_book(content))))) == text_of(content)
    assert text_of(read_csv(write_csv(content))) == text_of(content)


PROPERTIES = {
    "its sheets hold whatever a release becomes": (sheets_hold, edited(), 40, 600),
    "its files hold whatever a release becomes": (files_hold, edited(most=25), 3, 60),
    "a file holds whatever stands in a cell": (cells_hold, st.lists(values, min_size=1, max_size=30), 20, 200),
}


@pytest.mark.parametrize("name", PROPERTIES)
def test_nothing_is_lost(name: str) -> None:
    holds, given_to_it, few, _ = PROPERTIES[name]
    settings(max_examples=few, deadline=None, suppress_health_check=SLOW)(given(given_to_it)(holds))()


@pytest.mark.thorough
@pytest.mark.parametrize("name", PROPERTIES)
def test_nothing_is_lost_however_long_one_looks(name: str) -> None:
    holds, given_to_it, _, many = PROPERTIES[name]
    settings(max_examples=many, deadline=None, suppress_health_check=SLOW)(given(given_to_it)(holds))()


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(Kind)), values)
def test_a_value_is_read_from_its_cells_whatever_the_kind(kind: Kind, value: Any) -> None:
    cells = encode(kind, value)

    assert len(cells) == len(kind.heads)
    assert same(decode(kind, cells), value)
    for cell in cells:
        if isinstance(cell, str):
            assert cell[:1] not in ("=", "+", "@", "\t", "\r"), "a spreadsheet would take it for a formula"
            assert not cell.startswith("-") or cell == "-" or cell[1:2].isdigit()


@pytest.mark.parametrize("kind", Kind)
def test_no_value_is_an_empty_cell(kind: Kind) -> None:
    assert set(encode(kind, MISSING)) == {None}
    assert decode(kind, encode(kind, MISSING)) is MISSING


@settings(max_examples=200, deadline=None)
@given(st.lists(keys, min_size=1, max_size=4))
def test_a_head_names_the_keys_that_lead_to_a_value(path: list[str]) -> None:
    assert read_path(show_path(path)) == tuple(path)


def test_the_json_file_is_what_the_hash_is_made_from() -> None:
    assert hashlib.sha256(write_json(WHOLE)).hexdigest() == load().hash
    assert write_json(WHOLE).decode() == load().to_json()


@pytest.mark.parametrize("text", ['{"a": 2.50}', '\ufeff{ "a" :2.5e0}\n'])
def test_json_is_read_however_it_is_laid_out(text: str) -> None:
    assert read_json(text.encode()) == {"a": 2.5}


def test_what_is_no_plain_data_is_not_written() -> None:
    for content in ({"number": float("nan")}, {"number": object()}, {"title": "\ud800"}):
        for form in FORMATS:
            with pytest.raises(ReleaseError, match="no plain data"):
                write(content, form)


def test_the_archive_holds_a_manifest_and_a_file_for_each_sheet() -> None:
    with zipfile.ZipFile(io.BytesIO(write_csv(SMALL))) as archive:
        names = archive.namelist()
        assert archive.read("facts.csv").startswith(b"\xef\xbb\xbfkey,label,question")

    assert {"manifest.json", "facts.csv", "gates.csv", "table-classification.csv", "statements.csv", "promises.csv"} <= set(names)
