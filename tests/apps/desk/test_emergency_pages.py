"""Emergency access as people meet it: the form, the banner, the notice in the patient's clinic."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calcinosis_app.accounts.models import EmergencyAccess, User
from calcinosis_app.audit.models import Event
from calcinosis_app.patients.models import Patient
from tests.cast import SignIn
from tests.factories.assessment import make_assessment
from tests.factories.emergency import REASON, in_emergency
from tests.factories.patient import make_patient

FORM = reverse("access:emergency")
WATCH = reverse("access:list")


def typed(patient: Patient, **changes: str) -> dict[str, str]:
    born = patient.birth_date.isoformat() if patient.birth_date else ""
    known = {"number": patient.number, "family_name": patient.family_name, "birth_date": born}
    return {"clinic": str(patient.clinic_id), "reason": REASON, **known, **changes}


def test_exact_particulars_lead_to_the_patient_with_a_banner(sign_in: SignIn, clara: User, sven: User) -> None:
    vera, browser = make_patient(clara), sign_in(sven)

    answer = browser.post(FORM, typed(vera))

    assert answer["Location"] == reverse("patients:patient", args=[vera.pk])
    page = browser.get(answer["Location"]).text
    assert "Emergency access: reading only." in page
    assert "A patient of Riverside clinic" in page
    assert reverse("access:end", args=[EmergencyAccess.objects.get().pk]) in page
    assert "Open a case" not in page
    assert "Transfer to another clinic" not in page


def test_the_banner_stands_nowhere_else(sign_in: SignIn, clara: User, sven: User) -> None:
    own, browser = make_patient(sven), sign_in(sven)
    in_emergency(sven, make_patient(clara))

    page = browser.get(reverse("patients:patient", args=[own.pk])).text
    assert "Emergency access: reading only." not in page
    assert "Open a case" in page


def test_a_wrong_particular_and_nobody_at_all_get_the_same_answer(sign_in: SignIn, clara: User, sven: User) -> None:
    vera, browser = make_patient(clara, number="A-17"), sign_in(sven)

    def answer(**changes: str) -> tuple[int, str]:
        got = browser.post(FORM, typed(vera, **changes))
        return got.status_code, got.text.partition("data-error-summary")[2].partition("</div>")[0]

    answers = {answer(family_name="Wrong"), answer(number="nobody"), answer(birth_date="1961-05-05")}

    assert len(answers) == 1
    ((status, said),) = answers
    assert status == 422
    assert "No patient of this clinic has exactly these particulars" in said


def test_guessing_ends_and_keeps_what_was_typed(sign_in: SignIn, clara: User, sven: User) -> None:
    vera, browser = make_patient(clara), sign_in(sven)
    for _ in range(5):
        browser.post(FORM, typed(vera, family_name="Guess"))

    answer = browser.post(FORM, typed(vera))

    assert answer.status_code == 429
    assert "call the patient" in answer.text
    assert REASON in answer.text
    assert not EmergencyAccess.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"birth_date": ""}, "The birth date is missing"),
        ({"birth_date_open": "on"}, "clear one of the two"),
        ({"birth_date": "31.2.1961"}, "This is not a day"),
        ({"reason": "help"}, "at least 10 letters"),
        ({"reason": ""}, "The reason is missing"),
        ({"clinic": "00000000-0000-0000-0000-000000000000"}, "no such other clinic"),
        ({"clinic": "x"}, "is not a valid UUID"),
        ({"number": ""}, "The number is missing"),
    ],
)
def test_what_is_missing_is_named_and_not_counted(sign_in: SignIn, clara: User, sven: User, changes: dict[str, str], said: str) -> None:
    answer = sign_in(sven).post(FORM, typed(make_patient(clara), **changes))

    assert answer.status_code == 422
    assert said in answer.text
    assert not Event.objects.filter(action="emergency.refused").exists()


def test_a_patient_without_a_birth_date_on_record(sign_in: SignIn, clara: User, sven: User) -> None:
    vera = make_patient(clara, birth_date=None)

    assert sign_in(sven).post(FORM, typed(vera, birth_date_open="on")).status_code == 302


def test_it_is_ended_sooner_and_nobody_ends_anothers(sign_in: SignIn, clara: User, sven: User) -> None:
    vera, browser = make_patient(clara), sign_in(sven)
    access = in_emergency(sven, vera)
    url = reverse("access:end", args=[access.pk])

    assert sign_in(clara).post(url).status_code == 404
    assert browser.post(url).status_code == 302
    assert browser.get(reverse("patients:patient", args=[vera.pk])).status_code == 404


def test_when_the_time_is_up_the_patient_is_not_there(sign_in: SignIn, clara: User, sven: User, settings: Any) -> None:
    settings.EMERGENCY_HOURS = 1
    vera, now = make_patient(clara), timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        in_emergency(sven, vera)
        browser = sign_in(sven)
        clock.shift(timedelta(minutes=59))
        assert browser.get(reverse("patients:patient", args=[vera.pk])).status_code == 200
        clock.shift(timedelta(minutes=1))
        assert browser.get(reverse("patients:patient", args=[vera.pk])).status_code == 404


def test_each_thing_that_was_opened_is_told_to_the_patients_clinic(sign_in: SignIn, clara: User, ada: User, sven: User) -> None:
    assessment = make_assessment(clara)
    case, vera = assessment.case, assessment.case.patient
    access, browser = in_emergency(sven, vera), sign_in(sven)
    for url in ("patients:patient", vera), ("desk:case", case), ("patients:case", case), ("desk:assessment", assessment):
        assert browser.get(reverse(url[0], args=[url[1].pk])).status_code == 200

    page = sign_in(clara).get(WATCH).text
    for said in ("Sven Holt", "Hill clinic", "Lind, Vera", REASON, "the patient&#x27;s page, 1 case, 1 assessment"):
        assert said in page
    administrator = sign_in(ada).get(WATCH).text
    assert "Lind" not in administrator
    assert f"patient number {vera.number}" in administrator
    events = Event.objects.filter(action="patient.opened", actor_id=str(sven.pk))
    assert {event.detail["emergency"] for event in events} == {str(access.pk)}


def test_the_notice_stands_on_the_first_page_until_somebody_there_has_seen_it(sign_in: SignIn, clara: User, ada: User, sven: User) -> None:
    access = in_emergency(sven, make_patient(clara))

    assert "opened by another clinic" in sign_in(clara).get("/").text
    assert "opened by another clinic" in sign_in(ada).get("/").text
    assert "Your emergency access" in sign_in(sven).get("/").text
    assert "opened by another clinic" not in sign_in(sven).get("/").text

    url = reverse("access:mark_seen", args=[access.pk])
    assert sign_in(sven).post(url).status_code == 404
    assert sign_in(ada).post(url).status_code == 302
    assert "opened by another clinic" not in sign_in(clara).get("/").text
    assert "Ada Moss, " in sign_in(clara).get(WATCH).text


def test_whose_particulars_did_not_fit_both_clinics_read(sign_in: SignIn, clara: User, sven: User) -> None:
    sign_in(sven).post(FORM, typed(make_patient(clara), family_name="Guess"))

    for reader in (clara, sven):
        refused = sign_in(reader).get(WATCH).text.partition('id="refused"')[2]
        assert "Sven Holt" in refused
        assert "Guess" not in refused


def test_who_may_come_here(sign_in: SignIn, nadia: User, ada: User, karl: User) -> None:
    assert sign_in(nadia).get(FORM).status_code == 403
    assert sign_in(ada).get(FORM).status_code == 403
    assert sign_in(nadia).get(WATCH).status_code == 403
    assert sign_in(karl).get(WATCH).status_code == 403
    assert Client().get(WATCH).status_code == 302


def test_in_an_emergency_no_other_patient_is_named(sign_in: SignIn, clara: User, sven: User) -> None:
    vera = make_patient(clara, family_name="Lind", given_name="Vera", number="A-1")
    make_patient(clara, family_name="Lind", given_name="Vera", number="A-2")
    in_emergency(sven, vera)
    url = reverse("patients:patient", args=[vera.pk])

    assert "A-2" in sign_in(clara).get(url).text
    page = sign_in(sven).get(url).text
    assert "A-1" in page
    assert "A-2" not in page
