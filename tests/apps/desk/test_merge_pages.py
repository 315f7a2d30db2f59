"""Comparing, merging, saying *not the same*, and unmerging, as pages."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.patients.actions import merge_patients
from calcinosis_app.patients.models import Merge, NotSame, Patient
from tests.cast import SignIn
from tests.factories.assessment import make_plan
from tests.factories.case import make_case, record_finding
from tests.factories.patient import make_patient

REASON = {"reason": "seen at the desk"}


@pytest.fixture
def pair(clara: User) -> tuple[Patient, Patient]:
    return make_patient(clara, number="A-17"), make_patient(clara, number="B-9", birth_date=date(1961, 4, 5), sex="")


def at(name: str, one: Patient, other: Patient) -> str:
    return reverse(f"desk:{name}", args=[one.pk, other.pk])


def test_both_stand_side_by_side(sign_in: SignIn, clara: User, pair: tuple[Patient, Patient]) -> None:
    one, other = pair
    for patient, answer in ((one, "yes"), (other, "no")):
        record_finding(clara, make_case(clara, patient, title=f"Case of {patient.number}"), "ssc", answer=answer)

    page = sign_in(clara).get(at("compare", one, other))

    for said in (
        "same name, day and month of the birth date swapped",
        "4 May 1961",
        "5 Apr 1961",
        "Case of A-17",
        "Case of B-9",
        "Birth date or sex differ",
        "the newest: no",
    ):
        assert said in page.text, said
    assert 'checked="' not in page.text and "checked>" not in page.text, "nobody is chosen beforehand"


def test_plans_of_both_are_shown(sign_in: SignIn, clara: User) -> None:
    one, other = (make_plan(clara).assessment.case.patient for _ in range(2))

    assert sign_in(clara).get(at("compare", one, other)).text.count("by Dr Clara Winter</td>") == 2


@pytest.mark.parametrize("stays", [0, 1])
def test_the_chosen_one_stays(sign_in: SignIn, clara: User, pair: tuple[Patient, Patient], stays: int) -> None:
    browser = sign_in(clara)
    for _ in range(2):  # a second press finds it done
        page = browser.post(at("merge", *pair), {**REASON, "stays": str(pair[stays].pk)}, follow=True)
        assert page.redirect_chain[0][0] == reverse("patients:patient", args=[pair[stays].pk])

    merge = Merge.objects.get()
    assert (merge.survivor, merge.duplicate, merge.reason) == (pair[stays], pair[1 - stays], "seen at the desk")
    assert f"Known as number {pair[1 - stays].number}" in page.text


@pytest.mark.parametrize(
    ("sent", "said"),
    [({}, "Choose the record that stays"), ({"reason": " "}, "The reason is missing"), ({"stays": str(uuid4())}, "Choose one")],
)
def test_what_is_missing_is_said_and_the_rest_kept(
    sign_in: SignIn, clara: User, pair: tuple[Patient, Patient], sent: dict[str, str], said: str
) -> None:
    page = sign_in(clara).post(at("merge", *pair), {**REASON, **sent})

    assert page.status_code == 422
    assert said in page.text
    assert ("seen at the desk" in page.text) == ("reason" not in sent)
    assert not Merge.objects.exists()


def test_a_group_is_not_merged_into_another(sign_in: SignIn, clara: User, pair: tuple[Patient, Patient]) -> None:
    third = make_patient(clara)
    merge_patients(by=clara, survivor=pair[0], duplicate=pair[1], reason="x")
    page = sign_in(clara).post(at("merge", pair[0], third), {**REASON, "stays": str(third.pk)})

    assert page.status_code == 409
    assert "Let it stay instead, or unmerge those first." in page.text


def test_not_the_same_person(sign_in: SignIn, clara: User, pair: tuple[Patient, Patient]) -> None:
    browser = sign_in(clara)
    browser.post(at("not_same", *pair))

    assert NotSame.objects.get().said_by == clara
    assert "Dr Clara Winter said on" in browser.get(at("compare", *pair)).text


def test_unmerging_says_what_goes_where_and_does_it(sign_in: SignIn, clara: User, pair: tuple[Patient, Patient]) -> None:
    one, other = pair
    before = make_case(clara, other, title="Fingers")
    merge_patients(by=clara, survivor=one, duplicate=other, reason="seen at the desk")
    record_finding(clara, before, "ssc", answer="yes")
    make_case(clara, other, title="Elbows")
    browser, address = sign_in(clara), at("unmerge", one, other)

    page = browser.get(address)
    assert page.context["unmerging"].goes["duplicate"] == [before]
    assert [case.title for case in page.context["unmerging"].goes["survivor"]] == ["Elbows"]
    assert "1 recorded, 1 of them since the merge" in page.text
    assert browser.post(address).status_code == 422

    for _ in range(2):
        assert browser.post(address, REASON)["Location"] == reverse("patients:patient", args=[other.pk])
    assert Merge.objects.get().unmerge_reason == "seen at the desk"
    assert browser.get(address).status_code == 404


def test_the_other_record_is_chosen_by_number(sign_in: SignIn, clara: User, sven: User, pair: tuple[Patient, Patient]) -> None:
    make_patient(sven, number="H-1")
    browser, address = sign_in(clara), reverse("desk:choose_other", args=[pair[0].pk])

    assert "Compare" in browser.get(address).text
    assert browser.post(address, {"number": " B-9 "})["Location"] == at("compare", *pair)
    for number, said in (("H-1", "No patient of your clinic"), ("A-17", "of this very record"), ("", "The number is missing")):
        page = browser.post(address, {"number": number})
        assert page.status_code == 422
        assert said in page.text


@pytest.mark.parametrize("name", ["compare", "merge", "not_same", "unmerge"])
def test_doors(client: Client, sign_in: SignIn, karl: User, sven: User, clara: User, pair: tuple[Patient, Patient], name: str) -> None:
    method = "get" if name == "compare" else "post"
    stranger = make_patient(sven)

    assert getattr(client, method)(at(name, *pair)).status_code == 302
    assert getattr(sign_in(karl), method)(at(name, *pair)).status_code == 403
    assert getattr(sign_in(sven), method)(at(name, *pair)).status_code == 404
    assert getattr(sign_in(clara), method)(at(name, pair[0], stranger)).status_code == 404
    assert not NotSame.objects.exists()


def test_a_nurse_compares_and_does_not_merge(sign_in: SignIn, nadia: User, pair: tuple[Patient, Patient]) -> None:
    browser = sign_in(nadia)

    assert "Merge the two records" not in browser.get(at("compare", *pair)).text
    assert browser.post(at("merge", *pair), {**REASON, "stays": str(pair[0].pk)}).status_code == 403
