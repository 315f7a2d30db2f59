"""Results of somebody who has come from another clinic: what that clinic had imported came along, and is not taken a second time."""

import pytest

from calcinosis_app.accounts.models import User
from calcinosis_app.patients.actions import merge_patients
from calcinosis_app.patients.models import Finding, Patient
from tests.factories.emergency import transferred
from tests.factories.laboratory import csv_of, fates, imported, result_of
from tests.factories.patient import make_patient

pytestmark = pytest.mark.usefixtures("release")


@pytest.fixture
def moved(clara: User, sven: User) -> Patient:
    """A patient with two imported results, one of a known sample, who then goes to Sven's clinic."""
    patient = make_patient(clara)
    imported(clara, csv_of(result_of(patient), result_of(patient, sample_id="S-1", value="1.30")))
    return transferred(clara, patient, sven, number="H-7")


def test_the_same_results_in_the_new_clinic_change_nothing(sven: User, moved: Patient) -> None:
    again = imported(sven, csv_of(result_of(moved), result_of(moved, sample_id="S-1", value="1.30")))

    assert fates(again) == [(2, "ignored", "again"), (3, "ignored", "again")]
    assert Finding.objects.count() == 2


def test_also_when_the_patient_comes_back(clara: User, sven: User, moved: Patient) -> None:
    imported(sven, csv_of(result_of(moved, value="1.40")))
    back = transferred(sven, moved, clara, number="A-99")

    again = imported(clara, csv_of(result_of(back), result_of(back, value="1.40")))

    assert fates(again) == [(2, "ignored", "again"), (3, "ignored", "again")]


def test_also_under_the_number_of_a_duplicate_that_the_new_clinic_merged(sven: User, moved: Patient) -> None:
    known_there = make_patient(sven, number="H-1")
    merge_patients(by=sven, survivor=known_there, duplicate=moved, reason="the same person")

    again = imported(sven, csv_of(result_of(known_there), result_of(known_there, sample_id="S-1", value="1.30")))

    assert fates(again) == [(2, "ignored", "again"), (3, "ignored", "again")]


def test_what_the_sample_says_otherwise_now_is_refused(sven: User, moved: Patient) -> None:
    assert fates(imported(sven, csv_of(result_of(moved, sample_id="S-1", value="1.70")))) == [(2, "refused", "changed")]


def test_another_patient_of_the_new_clinic_may_have_a_sample_of_the_same_name(sven: User, moved: Patient) -> None:
    somebody = make_patient(sven, number="H-2", family_name="Berg")

    assert fates(imported(sven, csv_of(result_of(somebody, sample_id="S-1")))) == [(2, "imported", "")]
