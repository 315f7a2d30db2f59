"""Merging, exporting, keeping, telling and practising by the interface: the same as on the pages."""

import json
from typing import Any

import pytest
from django.test import Client

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from calcinosis_app.desk.seen import WORDS
from calcinosis_app.patients.actions import merge_patients, unmerge_patients
from calcinosis_app.patients.models import Merge, NotSame, Patient, RecordHold
from tests.factories.case import make_case, record_finding
from tests.factories.emergency import in_emergency, transferred
from tests.factories.patient import make_patient

API = "/api/v1"
REASON = {"reason": "identity card seen"}


def ask(by: User, method: str, address: str, body: Any = None, status: int = 200) -> Any:
    browser = Client()
    browser.force_login(by)
    answer = browser.generic(method, f"{API}/{address}", "" if body is None else json.dumps(body), "application/json")
    assert answer.status_code == status, answer.content
    return answer.json() if answer.content else None


def test_a_look_alike_is_told_merged_twice_told_everywhere_and_unmerged(clara: User) -> None:
    stays, goes = make_patient(clara), make_patient(clara)
    record_finding(clara, make_case(clara, patient=goes), "phosphate", value="9.7", unit="mg/dL")
    here = f"patients/{stays.pk}"

    assert ask(clara, "GET", f"{here}/look-alikes")["items"][0]["patient"]["id"] == str(goes.pk)
    assert ask(clara, "GET", f"{here}/pairs/{goes.pk}")["merged"] is False
    first = ask(clara, "POST", f"{here}/merges", {"duplicate": str(goes.pk), **REASON})
    assert ask(clara, "POST", f"{here}/merges", {"duplicate": str(goes.pk), **REASON}) == first
    assert Merge.objects.count() == 1

    assert ask(clara, "GET", f"patients/{goes.pk}")["id"] == str(stays.pk)
    chart = ask(clara, "GET", f"patients/{goes.pk}/chart")
    assert [one["reported"] for one in chart["measurements"][0]["points"]] == ["9.7 mg/dL"]
    assert "Merge of two records" in str(ask(clara, "GET", f"{here}/history"))
    assert WORDS["patient.merged"] in str(ask(clara, "GET", f"{here}/seen"))
    assert str(goes.pk) in str(ask(clara, "POST", f"{here}/export")["tables"])
    ask(clara, "PUT", f"{here}/pairs/{goes.pk}/not-same", status=409)

    assert ask(clara, "POST", f"{here}/merges/{goes.pk}/undo", REASON)["unmerged_at"]
    ask(clara, "POST", f"{here}/merges/{goes.pk}/undo", REASON, status=409)
    assert not Patient.objects.filter(merged_into__isnull=False).exists()
    assert ask(clara, "GET", f"{here}/chart")["measurements"] == []


def test_whoever_left_after_an_undone_merge_is_not_named_here(clara: User, sven: User) -> None:
    stays, goes = make_patient(clara), make_patient(clara)
    merge_patients(by=clara, survivor=stays, duplicate=goes, reason="a guess")
    unmerge_patients(by=clara, duplicate=goes, reason="a wrong one")
    transferred(clara, goes, sven, number="HILL-77")

    for reader, patient, known in (
        (clara, stays, {"duplicate": None, "survivor": stays.number}),
        (sven, goes, {"duplicate": "HILL-77", "survivor": None}),
    ):
        [told] = ask(reader, "GET", f"patients/{patient.pk}/merges")["items"]
        assert told["numbers"] == known


def test_two_people_are_said_to_be_two_once(clara: User) -> None:
    one, other = make_patient(clara), make_patient(clara)
    for _ in range(2):
        ask(clara, "PUT", f"patients/{one.pk}/pairs/{other.pk}/not-same", status=204)

    assert NotSame.objects.count() == 1
    assert ask(clara, "GET", f"patients/{one.pk}/look-alikes") == {"items": []}


def test_a_record_is_not_merged_with_itself_or_with_another_clinics(clara: User, sven: User) -> None:
    here, there = make_patient(clara), make_patient(sven)
    ask(clara, "POST", f"patients/{here.pk}/merges", {"duplicate": str(here.pk), **REASON}, status=409)
    ask(clara, "POST", f"patients/{here.pk}/merges", {"duplicate": str(there.pk), **REASON}, status=422)
    ask(clara, "GET", f"patients/{here.pk}/pairs/{there.pk}", status=404)


def test_a_hold_is_made_once_and_lifted_once(clara: User, ada: User, sven: User) -> None:
    patient = make_patient(clara)
    wanted = {"number": patient.number, "reason": "a complaint is pending"}
    first = ask(ada, "POST", "retention/holds", wanted)
    assert ask(ada, "POST", "retention/holds", {**wanted, "reason": "another"}) == first
    assert ask(ada, "GET", "retention/holds")["total"] == 1
    for _ in range(2):
        assert ask(ada, "POST", f"retention/holds/{first['id']}/lift")["lifted_at"]
    assert Event.objects.filter(action="record.hold_lifted").count() == 1
    assert RecordHold.objects.count() == 1

    for value, status in ((7, 200), (7, 200), (0, 400), (101, 400)):
        ask(ada, "PUT", "retention", {"years": value, "until_age": 30}, status=status)
    assert ask(ada, "GET", "retention")["years"] == 7
    assert ask(ada, "GET", "retention/due")["items"] == []


@pytest.mark.parametrize("what", ["history", "chart"])
def test_in_an_emergency_the_story_is_read_and_nothing_beside_it(clara: User, sven: User, what: str) -> None:
    patient, twin = make_patient(clara), make_patient(clara)
    in_emergency(sven, patient)

    ask(sven, "GET", f"patients/{patient.pk}/{what}")
    for address in (f"patients/{twin.pk}/{what}", f"patients/{patient.pk}/look-alikes", f"patients/{patient.pk}/seen"):
        ask(sven, "GET", address, status=404)
    ask(sven, "POST", f"patients/{patient.pk}/export", status=404)


def test_a_worked_case_is_read_assessed_and_practised_once(clara: User, nadia: User) -> None:
    names = [one["id"] for one in ask(clara, "GET", "worked-cases")["items"]]
    assert "G01" in names
    ask(clara, "POST", "assess", ask(clara, "GET", "worked-cases/G01")["case"])
    first = ask(clara, "POST", "worked-cases/G01/practice")
    assert ask(clara, "POST", "worked-cases/G01/practice") == first

    other = make_patient(clara)
    with pytest.raises(Exception, match="worked case"):
        merge_patients(by=clara, survivor=other, duplicate=Patient.objects.get(pk=first["patient"]), reason="a guess")
    ask(nadia, "POST", f"worked-cases/practice/{first['patient']}/put-away", status=409)
    ask(clara, "POST", f"worked-cases/practice/{first['patient']}/put-away", status=204)
    ask(clara, "GET", f"patients/{first['patient']}", status=404)
