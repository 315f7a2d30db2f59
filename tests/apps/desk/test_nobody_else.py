"""One patient is opened, and nobody else is met on the way: in an emergency, after a transfer, after a merge that was undone."""

from datetime import date

import pytest
from django.urls import reverse

from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.assessments.actions import assess_case, sign, start_review, write_note
from calcinosis_app.patients.actions import accept_transfer, begin_practice, merge_patients, unmerge_patients
from calcinosis_app.patients.models import Patient
from calcinosis_app.patients.selectors import like_offered
from tests.cast import SignIn
from tests.factories.assessment import make_sclerosis_case
from tests.factories.case import make_case, record_finding
from tests.factories.emergency import in_emergency, make_offer, transferred
from tests.factories.patient import make_patient
from tests.factories.user import make_clinic, make_user

pytestmark = pytest.mark.usefixtures("release")


def test_in_an_emergency_nobody_hears_who_else_is_alike(sign_in: SignIn, clara: User, sven: User) -> None:
    vera = make_patient(clara)
    other = make_patient(clara, number="A-4711", given_name="Verra")
    address = reverse("patients:patient", args=[vera.pk])
    in_emergency(sven, vera)

    assert other.number in sign_in(clara).get(address).text
    page = sign_in(sven).get(address).text
    assert "Emergency access" in page
    assert other.number not in page
    assert other.given_name not in page


def test_in_an_emergency_nothing_is_compared(sign_in: SignIn, clara: User, sven: User) -> None:
    vera, own, browser = make_patient(clara), make_patient(sven), sign_in(sven)
    in_emergency(sven, vera)

    for pair in ([vera.pk, own.pk], [own.pk, vera.pk]):
        assert browser.get(reverse("desk:compare", args=pair)).status_code == 404


def test_the_value_of_somebody_who_was_merged_once_is_not_shown(sign_in: SignIn, clara: User, sven: User) -> None:
    case, others = make_case(clara), make_case(clara)
    wrong = record_finding(clara, others, "phosphate", value="1.93", unit="mmol/L")
    merge_patients(by=clara, survivor=case.patient, duplicate=others.patient, reason="same name")
    record_finding(clara, case, "phosphate", value="1.17", unit="mmol/L", corrects=str(wrong.pk))
    pages = [reverse(name, args=[case.pk]) for name in ("desk:case_history", "patients:case")]
    assert all("1.93" in sign_in(clara).get(page).text for page in pages)

    unmerge_patients(by=clara, duplicate=others.patient, reason="two people")
    transferred(clara, Patient.objects.get(pk=case.patient_id), sven)

    for page in pages:
        shown = sign_in(sven).get(page).text
        assert "1.17" in shown
        assert "1.93" not in shown


def test_who_was_merged_once_is_named_in_the_own_clinic_alone(sign_in: SignIn, clara: User, sven: User) -> None:
    vera, other = make_patient(clara), make_patient(clara, number="A-4711")
    merge_patients(by=clara, survivor=vera, duplicate=other, reason="same name")
    unmerge_patients(by=clara, duplicate=other, reason="two people")
    address = reverse("desk:patient_history", args=[vera.pk])
    assert other.number in sign_in(clara).get(address).text

    in_emergency(sven, vera)
    page = sign_in(sven).get(address).text
    assert "Merge of two records" in page
    assert other.number not in page

    transferred(clara, Patient.objects.get(pk=vera.pk), sven)
    assert other.number not in sign_in(sven).get(address).text


def test_an_outdated_plan_does_not_say_in_an_emergency_who_was_merged_once(sign_in: SignIn, clara: User, sven: User) -> None:
    others = make_case(clara)
    record_finding(clara, others, "phosphate", value="1.93", unit="mmol/L")
    case = make_sclerosis_case(clara)
    merge_patients(by=clara, survivor=case.patient, duplicate=others.patient, reason="same name")
    review = start_review(by=clara, assessment=assess_case(by=clara, case=case))
    write_note(by=clara, review=review, note="Seen.")
    sign(by=clara, review=review)
    unmerge_patients(by=clara, duplicate=others.patient, reason="two people")
    address, number = reverse("desk:case", args=[case.pk]), f"Number {others.patient.number}"
    assert number in sign_in(clara).get(address).text

    in_emergency(sven, case.patient)
    page = sign_in(sven).get(address).text
    assert "Another record was merged with this one until" in page
    assert number not in page


def test_who_accepted_once_hears_nothing_of_the_number_elsewhere(clara: User, sven: User, hill: Clinic, sign_in: SignIn) -> None:
    third = make_user("tom", "Tom Vale", "clinician", clinic=make_clinic("Third clinic"))
    vera = make_patient(clara)
    offer = make_offer(clara, vera, hill)
    accept_transfer(by=sven, offer=offer, number="H-1")
    transferred(sven, Patient.objects.get(pk=vera.pk), third, number="T-9")

    address = reverse("access:accept", args=[offer.pk])
    answers = {sign_in(sven).post(address, {"number": number}).status_code for number in ("T-9", "T-8", "H-1")}

    assert answers == {409}


def test_an_invented_patient_is_nobodys_double_in_a_transfer(clara: User, sven: User, hill: Clinic) -> None:
    invented, _ = begin_practice(by=sven, worked_case="a", birth_date=date(1961, 5, 4), sex="female")
    vera = make_patient(clara, family_name=invented.family_name, given_name=invented.given_name, birth_date=invented.birth_date)

    assert like_offered(make_offer(clara, vera, hill)) == []
