"""Creating a patient."""

from datetime import UTC, date, datetime
from unittest.mock import patch

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from calcinosis_app.patients.actions import MayBeSame
from calcinosis_app.patients.models import NotSame, Patient
from tests.at_once import together
from tests.cast import SignIn
from tests.factories.patient import make_patient

CREATE = reverse("patients:create")
VERA = {"number": "A-17", "family_name": "Lind", "given_name": "Vera", "birth_date": "1961-05-04", "sex": "female"}


def test_it_creates_and_goes_there(sign_in: SignIn, clara: User) -> None:
    response = sign_in(clara).post(CREATE, VERA)

    vera = Patient.objects.get()
    assert response["Location"] == reverse("patients:patient", args=[vera.pk])
    assert (vera.clinic, vera.number, vera.name, vera.birth_date, vera.sex) == (
        clara.clinic,
        "A-17",
        "Lind, Vera",
        date(1961, 5, 4),
        "female",
    )
    event = Event.objects.get(action="patient.created")
    assert (event.subject_id, event.detail) == (str(vera.pk), {})


def test_birth_date_and_sex_may_stay_open(sign_in: SignIn, nadia: User) -> None:
    sign_in(nadia).post(CREATE, {**VERA, "birth_date": "", "sex": ""})

    assert (Patient.objects.get().birth_date, Patient.objects.get().sex) == (None, "")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"family_name": " "}, "The family name is missing"),
        ({"given_name": ""}, "The given name is missing"),
        ({"number": ""}, "The number is missing"),
        ({"number": "1" * 33}, "at most 32 characters"),
        ({"birth_date": "05/04/1961"}, "Write it as in 1961-05-04"),
        ({"birth_date": "2999-01-01"}, "2999-01-01 lies in the future"),
        ({"sex": "x"}, "Select a valid choice"),
    ],
)
def test_wrong_input_says_what_to_mend_and_keeps_the_rest(sign_in: SignIn, clara: User, wrong: dict[str, str], said: str) -> None:
    page = sign_in(clara).post(CREATE, {**VERA, **wrong})

    assert page.status_code == 422
    assert said in page.text
    assert "Nothing was saved yet" in page.text
    assert page.text.count('value="Lind"') == ("family_name" not in wrong)
    assert not Patient.objects.exists()


def test_today_is_todays_date_in_the_clinic(sign_in: SignIn, clara: User) -> None:
    with time_machine.travel(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), tick=False):
        sign_in(clara).post(CREATE, {**VERA, "birth_date": "2026-03-02"})

    assert Patient.objects.get().birth_date == date(2026, 3, 2)  # half past midnight in Berlin


def test_a_number_that_is_taken_is_named(sign_in: SignIn, clara: User, sven: User) -> None:
    make_patient(clara, number="A-17")

    assert "Number A-17 belongs to another patient" in sign_in(clara).post(CREATE, VERA).text
    assert sign_in(sven).post(CREATE, VERA).status_code == 302


def test_a_failed_audit_creates_nobody(sign_in: SignIn, clara: User) -> None:
    browser = sign_in(clara)
    with patch.object(Event.objects, "create", side_effect=RuntimeError), pytest.raises(RuntimeError):
        browser.post(CREATE, VERA)

    assert not Patient.objects.exists()


def test_not_signed_in(client: Client, db: None) -> None:
    assert client.post(CREATE, VERA)["Location"] == f"{reverse('accounts:sign_in')}?next={CREATE}"
    assert not Patient.objects.exists()


def test_wrong_role(sign_in: SignIn, karl: User) -> None:
    assert sign_in(karl).get(CREATE).status_code == 403
    assert sign_in(karl).post(CREATE, VERA).status_code == 403
    assert not Patient.objects.exists()


def test_somebody_who_may_be_the_same_person_is_shown_first(sign_in: SignIn, clara: User) -> None:
    known = make_patient(clara, number="A-16", family_name="Linde")
    page = sign_in(clara).post(CREATE, VERA)

    assert page.status_code == 422
    assert Patient.objects.get() == known
    assert [one.patient for one in page.context["alike"]] == [known]
    assert "same birth date, a similar name" in page.text
    assert "This is somebody else: create" in page.text
    assert reverse("patients:patient", args=[known.pk]) in page.text
    assert page.text.count('value="Lind"') == 1, "what was typed is kept"


def test_this_is_somebody_else_creates_and_is_written_down(sign_in: SignIn, clara: User) -> None:
    known = make_patient(clara, number="A-16", family_name="Linde")

    assert sign_in(clara).post(CREATE, {**VERA, "somebody_else": f"{known.pk} "}).status_code == 302

    created = Patient.objects.exclude(pk=known.pk).get()
    said = NotSame.objects.get()
    assert ({said.one, said.other}, said.said_by) == ({known, created}, clara)
    assert Event.objects.get(action="patient.not_same").detail == {"others": [str(known.pk)]}


def test_what_was_said_of_one_does_not_count_for_another(sign_in: SignIn, clara: User) -> None:
    known = make_patient(clara, number="A-16", family_name="Linde")
    other = make_patient(clara, number="A-15")
    page = sign_in(clara).post(CREATE, {**VERA, "somebody_else": str(known.pk)})

    assert page.status_code == 422
    assert {one.patient for one in page.context["alike"]} == {known, other}
    assert not NotSame.objects.exists()


def test_patients_in_no_form_of_ours(sign_in: SignIn, clara: User) -> None:
    assert sign_in(clara).post(CREATE, {**VERA, "somebody_else": "x' OR 1=1"}).status_code == 400


def test_the_action_itself_asks(clara: User) -> None:
    make_patient(clara, number="A-18", somebody_else=())

    with pytest.raises(MayBeSame):
        make_patient(clara, number="A-19", somebody_else=())


@pytest.mark.django_db(transaction=True)
def test_of_several_who_create_the_same_person_at_once_one_does(clara: User) -> None:
    def create(number: int) -> bool:
        try:
            make_patient(clara, number=f"A-{number}", somebody_else=())
        except MayBeSame:
            return False
        return True

    assert sum(together(6, create)) == 1
