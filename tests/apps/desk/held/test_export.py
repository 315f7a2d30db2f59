"""The file with everything that is held on a patient."""

import csv
import io
import json
import zipfile
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from calcinosis_app.desk.held.reach import held_on, pointing, untied
from calcinosis_app.desk.held.readable import heading
from calcinosis_app.desk.held.text import cell, visible
from calcinosis_app.patients.actions import merge_patients
from calcinosis_app.patients.models import Patient
from calcinosis_app.runtime.state import ROOT
from tests.apps.patients.ladder import assert_guarded
from tests.cast import SignIn
from tests.factories.full_patient import make_full_patient
from tests.factories.patient import make_patient

SCHEMA = json.loads((ROOT / "docs" / "patient-record.schema.json").read_text())
HOSTILE = "<script>alert(1)</script>=cmd|'/c'!A0\u202egnp\u0007"


def taken(client: Client, patient: Patient) -> dict[str, str]:
    """The parts of the file, by name."""
    answer = client.post(reverse("desk:export", args=[patient.pk]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="patient-record.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        return {name: file.read(name).decode("utf-8-sig") for name in file.namelist()}


class Tags(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}


def test_every_row_and_column_is_in_it(sign_in: SignIn, clara: User, ada: User) -> None:
    full = make_full_patient(clara, ada)
    record = json.loads(taken(sign_in(clara), full.survivor)["record.json"])

    for one in held_on(full.survivor):
        rows = {str(row[one.model._meta.pk.name]): row for row in record["tables"].get(one.name, [])}
        later = {"patient.exported"} if one.name == "audit.event" else set()
        for stored in one.rows:
            if getattr(stored, "action", "") in later:
                continue
            assert set(rows[str(stored.pk)]) == {field.name for field in stored._meta.concrete_fields}, one.name
    jsonschema.validate(record, SCHEMA)
    assert record["people"][str(clara.pk)] == "Dr Clara Winter"
    assert len(record["releases"]) == 1


def test_the_schema_says_something(sign_in: SignIn, clara: User) -> None:
    record = json.loads(taken(sign_in(clara), make_patient(clara))["record.json"])
    jsonschema.validate(record, SCHEMA)
    for broken in ({"version": 2}, {"people": []}, {"tables": {}}, {"tables": {"patients.patient": [{}]}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**record, **broken}, SCHEMA)


def test_the_page_for_a_person_says_it_all(sign_in: SignIn, clara: User, nadia: User, ada: User) -> None:
    full = make_full_patient(clara, ada, mark=" zq7")
    sign_in(nadia).get(reverse("patients:patient", args=[full.survivor.pk]))
    page = taken(sign_in(clara), full.survivor)["record.html"]

    for said in (
        "Quillfeather zq7, Ottoline zq7",
        "SURV-1",
        "SURV-1-DUP",
        "Who has opened the record",
        "Nadia Brook",
        ": 1.1 mmol/L</bdi></h3>",
        "9.8 zq7",
        "seen zq7",
        "no zq7",
        "surely zq7",
        "study zq7",
        "same zq7",
        "Fingertips zq7",
        "wound_care_offload",
        "release 1",
    ):
        assert said in page, said
    assert not {"script", "link", "img", "iframe"} & Tags(page).tags, "it needs nothing but itself"


def test_every_table_has_a_name_for_a_reader() -> None:
    unnamed = [name for name in (one._meta.label_lower for one in (*pointing(), *untied())) if heading(name) == name]
    assert unnamed == []


def test_hostile_text_is_harmless_in_every_part(sign_in: SignIn, clara: User, ada: User) -> None:
    full = make_full_patient(clara, ada, mark=HOSTILE.replace("\u202e", "").replace("\u0007", ""))
    # Past the form, which refuses what nobody sees: as it was stored before it did.
    Patient.objects.update(given_name=HOSTILE)
    parts = taken(sign_in(clara), full.survivor)

    assert "script" not in Tags(parts["record.html"]).tags
    assert not {name for name in Tags(parts["record.html"]).names if name.startswith("on")}
    for text in parts.values():
        assert "\u202e" not in text
    assert "⟨U+202E⟩" in parts["record.html"]
    assert json.loads(parts["record.json"])["tables"]["patients.patient"][0]["given_name"].count("\u202e") == 1, "for programs, as it is"
    for row in csv.reader(io.StringIO(parts["results.csv"])):
        assert not [one for one in row if one.startswith(("=", "+", "@", "\t"))]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"), ("+49", "'+49"), ("-1.5", "-1.5"), ("-cmd", "'-cmd"), ("@x", "'@x"), (" =1", "' =1"), ("12", "12"),
        ("<0.5 mmol/L", "<0.5 mmol/L"), (None, ""), ("a\u202eb", "a⟨U+202E⟩b"), ("\t=1", "'\t=1"), ("\uff1d1+1", "'\uff1d1+1"),
    ],
)  # fmt: skip
def test_a_cell_is_never_a_formula(text: str | None, written: str) -> None:
    assert cell(text) == written


def test_letters_of_all_languages_stay() -> None:
    assert visible("Дмитрий Ångström 李 e\u0301\nline") == "Дмитрий Ångström 李 e\u0301\nline"


def test_results_are_a_table(sign_in: SignIn, clara: User, ada: User) -> None:
    rows = list(csv.DictReader(io.StringIO(taken(sign_in(clara), make_full_patient(clara, ada).survivor)["results.csv"])))

    phosphate = [row for row in rows if row["key"] == "phosphate"]
    assert {(row["number"], row["unit"], row["patient number"]) for row in phosphate} == {("1.1", "mmol/L", "SURV-1")}
    assert {row["patient number"] for row in rows} == {"SURV-1", "SURV-1-DUP"}


def test_it_is_written_down_without_identity(sign_in: SignIn, clara: User) -> None:
    vera = make_patient(clara)
    taken(sign_in(clara), vera)

    event = Event.objects.get(action="patient.exported")
    assert (event.actor_id, event.subject_id) == (clara.audit_id, str(vera.pk))
    assert event.detail["rows"]["patients.patient"] == 1
    assert "Lind" not in json.dumps(event.detail)


def test_the_duplicates_address_gives_the_survivors_record(sign_in: SignIn, clara: User) -> None:
    survivor, duplicate = make_patient(clara), make_patient(clara, birth_date=date(1961, 5, 14))
    merge_patients(by=clara, survivor=survivor, duplicate=duplicate, reason="x")

    record: dict[str, Any] = json.loads(taken(sign_in(clara), duplicate)["record.json"])

    assert record["patient"] == str(survivor.pk)
    assert len(record["tables"]["patients.patient"]) == 2


@pytest.mark.parametrize("method", ["get", "post"])
def test_doors(sign_in: SignIn, clara: User, nadia: User, sven: User, method: str) -> None:
    assert_guarded("desk:export", make_patient(clara).pk, sign_in, stranger=sven, wrong_role=nadia, right=clara, method=method)
    assert not Event.objects.filter(action="patient.exported").exists()


def test_the_document_names_every_part_of_the_file() -> None:
    text = (Path(ROOT) / "docs" / "patient-record.md").read_text()
    assert all(name in text for name in ("record.html", "record.json", "results.csv", *SCHEMA["properties"]))
