"""Correcting who a patient is: a slip of the pen, a birth date that became known."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.selectors import outdated, plan_outdated
from calcinosis_app.audit.models import Event
from calcinosis_app.core.errors import Conflict
from calcinosis_app.core.past import KEPT
from calcinosis_app.followups.models import Reminder
from calcinosis_app.patients.actions import begin_practice, correct_patient, create_patient, merge_patients, version_of_particulars
from calcinosis_app.patients.models import Patient
from tests.cast import SignIn
from tests.factories.assessment import make_plan
from tests.factories.case import make_case, record_finding
from tests.factories.patient import make_patient
from tests.factories.reminder import make_reminders


@pytest.fixture
def patient(clara: User) -> Patient:
    return make_patient(clara, number="1001")


def correct(by: User, patient: Patient, **changes: Any) -> Patient:
    names = ("number", "family_name", "given_name", "birth_date", "sex")
    return correct_patient(by=by, patient=patient, **{**{name: getattr(patient, name) for name in names}, **changes})


def test_the_old_name_stays_in_the_history(clara: User, patient: Patient) -> None:
    correct(clara, patient, family_name=" Linde ")

    patient.refresh_from_db()
    assert patient.family_name == "Linde"
    past = KEPT[Patient].past.objects.filter(pgh_obj_id=patient.pk, pgh_label="changed")
    assert [one.family_name for one in past] == ["Lind"]
    event = Event.objects.get(action="patient.corrected")
    assert event.detail == {"changed": ["family_name"]}, "no identity in the log"


def test_nothing_corrected_writes_nothing(clara: User, patient: Patient) -> None:
    correct(clara, patient)
    assert not Event.objects.filter(action="patient.corrected").exists()


def test_an_old_number_is_given_to_nobody_else(clara: User, patient: Patient) -> None:
    correct(clara, patient, number="1002")
    with pytest.raises(ValidationError, match="Number 1001"):
        make_patient(clara, number="1001", family_name="Amsel", birth_date=None)
    assert correct(clara, Patient.objects.get(pk=patient.pk), number="1001").number == "1001", "and back again"


def test_a_number_of_somebody_else_is_refused(clara: User, patient: Patient) -> None:
    make_patient(clara, number="2002", family_name="Amsel", birth_date=None)
    with pytest.raises(ValidationError, match="2002 belongs to another patient"):
        correct(clara, patient, number="2002")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("birth_date", date(2999, 1, 1), "lies in the future"),
        ("family_name", " ", "cannot be blank"),
        ("given_name", "Ve\u202era", r"unseen character, U\+202E at place 3"),
        ("number", "10\u200b01", r"unseen character, U\+200B"),
        ("sex", "other", "not a valid choice"),
    ],
)
def test_what_cannot_be_is_refused(clara: User, patient: Patient, field: str, value: Any, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        correct(clara, patient, **{field: value})


def test_nobody_is_created_with_a_character_that_nobody_sees(clara: User) -> None:
    with pytest.raises(ValidationError, match="unseen character"):
        create_patient(by=clara, number="7", family_name="Li\u200bnd", given_name="Vera", birth_date=None, sex="")


def test_who_may(clara: User, karl: User, sven: User, patient: Patient) -> None:
    with pytest.raises(PermissionDenied):
        correct(karl, patient, given_name="Wera")
    with pytest.raises(Http404):
        correct(sven, patient, given_name="Wera")


def test_a_practice_case_stays_as_it_was_invented(clara: User) -> None:
    invented, _ = begin_practice(by=clara, worked_case="G01", birth_date=None, sex="")
    with pytest.raises(Conflict, match="practice case"):
        correct(clara, invented, given_name="Wera")


def test_a_plan_for_another_age_is_outdated(clara: User) -> None:
    plan = make_plan(clara)
    make_reminders(clara, plan)
    case = plan.assessment.case
    assert not outdated(plan)

    correct(clara, case.patient, given_name="Wera")
    assert not outdated(plan), "a name changes no range"

    correct(clara, Patient.objects.get(pk=case.patient_id), birth_date=date(2016, 5, 4))
    assert outdated(plan)
    rows = Reminder.objects.filter(review=plan)
    assert rows.filter(plan_outdated(case="review__assessment__case", patient="patient")).count() == rows.count() > 0


def test_an_unknown_sex_that_became_known_counts_as_well(clara: User) -> None:
    plan = make_plan(clara)
    correct(clara, plan.assessment.case.patient, sex="", birth_date=None)
    assert outdated(plan)


def test_the_page_shows_both_when_two_correct(clara: User, nadia: User, patient: Patient, sign_in: SignIn) -> None:
    address = reverse("patients:correct", args=[patient.pk])
    seen = version_of_particulars(patient)
    sent = {"number": "1001", "family_name": "Linde", "given_name": "Vera", "birth_date": "1961-05-04", "sex": "female", "seen": seen}
    assert sign_in(clara).post(address, sent).status_code == 302

    second = sign_in(nadia).post(address, {**sent, "family_name": "Lindt"})

    assert second.status_code == 409
    assert "Linde" in second.text
    assert "Lindt" in second.text
    patient.refresh_from_db()
    assert patient.family_name == "Linde"


def test_the_page_says_that_a_plan_is_outdated(clara: User, sign_in: SignIn) -> None:
    plan = make_plan(clara)
    case = plan.assessment.case
    client: Client = sign_in(clara)
    correct(clara, case.patient, birth_date=date(1991, 5, 4))
    for address in (case.get_absolute_url(), reverse("desk:assessment", args=[plan.assessment_id])):
        assert "judged for another birth date or sex" in client.get(address, follow=True).text
    assert "Birth date or sex were corrected" in client.get("/").text
    assert "judged for another birth date or sex" in client.get(reverse("desk:print", args=[plan.assessment_id])).text


def test_a_sheet_says_that_the_record_was_merged_since(clara: User, sign_in: SignIn) -> None:
    plan = make_plan(clara)
    patient = plan.assessment.case.patient
    other = make_patient(clara, given_name="Vera M.", birth_date=None)
    record_finding(clara, make_case(clara, other), "phosphate", value="1.9", unit="mmol/L")
    sheet = reverse("desk:print", args=[plan.assessment_id])
    client = sign_in(clara)
    assert "merged or unmerged since" not in client.get(sheet).text

    merge_patients(by=clara, survivor=patient, duplicate=other, reason="Registered twice")

    assert "merged or unmerged since" in client.get(sheet).text
