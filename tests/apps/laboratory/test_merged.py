"""Results of somebody who is known by several numbers."""

from datetime import date

import pytest

from calcinosis_app.accounts.models import User
from calcinosis_app.patients.actions import merge_patients, unmerge_patients
from calcinosis_app.patients.models import Finding, Patient
from tests.factories.laboratory import csv_of, dry_run, fates, imported, result_of
from tests.factories.patient import make_patient

pytestmark = pytest.mark.usefixtures("release")
OTHER_DAY = date(1961, 5, 14)


@pytest.fixture
def pair(clara: User) -> tuple[Patient, Patient]:
    """Vera Lind, and the same person as Vera Moreau with another birth date, merged into her."""
    survivor = make_patient(clara, number="A-17")
    duplicate = make_patient(clara, number="B-9", family_name="Moreau", birth_date=OTHER_DAY)
    merge_patients(by=clara, survivor=survivor, duplicate=duplicate, reason="married")
    return survivor, duplicate


@pytest.mark.parametrize("number", ["A-17", "B-9"])
@pytest.mark.parametrize("name", ["Lind", "Moreau"])
@pytest.mark.parametrize("born", ["1961-05-04", "1961-05-14"])
def test_either_number_name_and_birth_date_agree(clara: User, pair: tuple[Patient, Patient], number: str, name: str, born: str) -> None:
    source = dry_run(clara, csv_of(result_of(pair[0], **{"patient number": number, "family name": name, "birth date": born})))

    assert fates(source) == [(2, "imported", "")]


def test_anything_else_does_not(clara: User, pair: tuple[Patient, Patient]) -> None:
    source = dry_run(clara, csv_of(result_of(pair[0], birth_date="1961-05-24"), result_of(pair[1], family_name="Berg")))

    assert fates(source) == [(2, "refused", "identity"), (3, "refused", "identity")]


def test_a_result_stays_with_the_number_under_which_it_came(clara: User, pair: tuple[Patient, Patient]) -> None:
    imported(clara, csv_of(result_of(pair[1])))

    assert Finding.objects.get().patient == pair[1]


@pytest.mark.parametrize("sample", ["", "S-1"])
def test_the_same_result_under_the_other_number_is_imported_once(clara: User, pair: tuple[Patient, Patient], sample: str) -> None:
    imported(clara, csv_of(result_of(pair[0], sample_id=sample)))
    again = imported(clara, csv_of(result_of(pair[1], sample_id=sample)))

    assert fates(again) == [(2, "ignored", "again")]
    assert Finding.objects.count() == 1


def test_after_unmerging_the_same_file_still_changes_nothing(clara: User, pair: tuple[Patient, Patient]) -> None:
    files = [csv_of(result_of(one)) for one in pair]
    imported(clara, files[0])
    unmerge_patients(by=clara, duplicate=pair[1], reason="two people after all")

    assert fates(imported(clara, files[0] + b"\r\n")) == [(2, "ignored", "again"), (3, "ignored", "empty")]
    assert fates(imported(clara, files[1])) == [(2, "imported", "")], "another person's result now"
