"""Looking through a clinic for somebody who may be the same person."""

from datetime import date

from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from calcinosis_app.patients.actions import merge_patients, say_not_same
from calcinosis_app.patients.alike import Typed
from calcinosis_app.patients.look_alikes import look_alikes, may_be_same_as
from calcinosis_app.patients.models import NotSame
from tests.cast import SignIn
from tests.factories.patient import make_patient

NEW = Typed("99", "Linde", "Vera", date(1961, 5, 4), "female")


def test_only_the_own_clinic_is_looked_through(clara: User, sven: User) -> None:
    vera = make_patient(clara)
    make_patient(sven)
    make_patient(clara, family_name="Moreau", given_name="Ann")

    assert [one.patient for one in look_alikes(NEW, clara.clinic_id)] == [vera]


def test_each_key_finds(clara: User) -> None:
    by_birth_date = make_patient(clara, number="a", family_name="Lindt")
    by_name = make_patient(clara, number="b", family_name="LINDE", birth_date=None)
    by_number = make_patient(clara, number="0099", family_name="Moreau", given_name="Ann", birth_date=date(1990, 1, 1))

    assert {one.patient for one in look_alikes(NEW, clara.clinic_id)} == {by_birth_date, by_name, by_number}


def test_a_merged_duplicate_is_found_as_its_survivor_once(clara: User) -> None:
    survivor = make_patient(clara, family_name="Moreau", given_name="Ann")
    duplicate = make_patient(clara)
    merge_patients(by=clara, survivor=survivor, duplicate=duplicate, reason="same identity card")

    assert [one.patient for one in look_alikes(NEW, clara.clinic_id)] == [survivor]
    assert may_be_same_as(survivor) == []


def test_who_was_said_to_be_somebody_else_is_not_named_again(clara: User) -> None:
    vera, again = make_patient(clara), make_patient(clara)
    assert [one.patient for one in may_be_same_as(vera)] == [again]

    for _ in range(2):
        say_not_same(by=clara, patient=again, other=vera)

    assert may_be_same_as(vera) == may_be_same_as(again) == []
    assert NotSame.objects.count() == 1
    event = Event.objects.get(action="patient.not_same")
    assert (event.subject_id, event.detail) == (str(again.pk), {"others": [str(vera.pk)]})


def test_the_patients_page_names_them_quietly(sign_in: SignIn, clara: User) -> None:
    vera, again = make_patient(clara, number="A-1"), make_patient(clara, number="A-2")
    browser = sign_in(clara)
    page = browser.get(reverse("patients:patient", args=[vera.pk]))
    assert "May be the same person as Lind, Vera, number A-2: same birth date, same name." in page.text

    browser.post(reverse("desk:not_same", args=[vera.pk, again.pk]))

    assert "May be the same person" not in browser.get(reverse("patients:patient", args=[vera.pk])).text
