"""What must hold, the database holds, whoever writes."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.core.written_once import WrittenForGood
from calcinosis_app.patients.models import Case, DraftEntry, Finding, Lesion, Patient
from tests.factories.case import make_case, only_lesion, record_finding
from tests.factories.patient import make_patient

pytestmark = pytest.mark.usefixtures("release")

NUMBER = {"number": Decimal("1.2"), "unit": "mmol/L"}
PERMITTED: list[dict[str, Any]] = [
    NUMBER,
    {**NUMBER, "flag": "high", "low": 1, "high": 1, "comparator": "<"},
    {"number": 3, "unit": "1"},
    {"flag": "normal"},
    {"answer": False},
    {"code": "finger"},
    {"day": "2026-03-01"},
    {"state": "not_done"},
]
REFUSED: list[dict[str, Any]] = [
    {},
    {"number": Decimal("1.2")},
    {"flag": "normal", "low": 1},
    {**NUMBER, "low": 2, "high": 1},
    {**NUMBER, "comparator": "~"},
    {"flag": "normal", "comparator": "<"},
    {**NUMBER, "answer": True},
    {"answer": True, "flag": "high"},
    {"answer": True, "code": "finger"},
    {"code": "finger", "state": "unknown"},
    {"state": "lost"},
    {"flag": "odd"},
    {"unit": "mmol/L"},
    {"answer": True, "key": ""},
]


def finding(case: Case, by: User, **columns: Any) -> Finding:
    return Finding(**{"patient": case.patient, "case": case, "key": "phosphate", "raw": {}, "recorded_by": by, **columns})


@pytest.mark.parametrize("columns", PERMITTED)
def test_a_finding_is_carried_by_one_thing(clara: User, columns: dict[str, Any]) -> None:
    finding(make_case(clara), clara, **columns).save()


@pytest.mark.parametrize("columns", REFUSED)
def test_a_finding_that_says_nothing_or_two_things_is_refused(clara: User, columns: dict[str, Any]) -> None:
    case = make_case(clara)

    with pytest.raises(IntegrityError, match="finding_"), transaction.atomic():
        finding(case, clara, **columns).save()


def test_only_a_finding_of_the_patient_may_have_no_case(clara: User) -> None:
    case = make_case(clara)
    of_patient, of_lesion = finding(case, clara, **NUMBER), finding(case, clara, **NUMBER, lesion=only_lesion(case))
    of_patient.case = of_lesion.case = None
    of_patient.save()

    with pytest.raises(IntegrityError, match="finding_of_a_lesion_never_without_case"), transaction.atomic():
        of_lesion.save()


def test_a_finding_is_corrected_once(clara: User) -> None:
    case = make_case(clara)
    first = record_finding(clara, case, "phosphate", value="9.7", unit="mg/dL")
    finding(case, clara, **NUMBER, corrects=first).save()

    with pytest.raises(IntegrityError), transaction.atomic():
        finding(case, clara, **NUMBER, corrects=first).save()


def test_a_finding_does_not_correct_itself(clara: User) -> None:
    itself = finding(make_case(clara), clara, **NUMBER)
    itself.corrects = itself

    with pytest.raises(IntegrityError, match="finding_does_not_correct_itself"), transaction.atomic():
        itself.save()


def test_a_finding_is_never_changed_or_deleted(clara: User) -> None:
    recorded = record_finding(clara, make_case(clara), "phosphate", value="9.7", unit="mg/dL")

    for attempt in (recorded.save, recorded.delete, Finding.objects.all().delete, Finding.objects.update):
        with pytest.raises(WrittenForGood):
            attempt()


@pytest.mark.parametrize("statement", ["UPDATE patients_finding SET key = 'x'", "DELETE FROM patients_finding"])
def test_the_application_has_no_right_to_change_findings(clara: User, statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_one_draft_entry_for_each_field(clara: User) -> None:
    case = make_case(clara)
    for lesion in (None, only_lesion(case)):
        DraftEntry.objects.create(case=case, lesion=lesion, key="phosphate", raw={}, saved_by=clara)
        with pytest.raises(IntegrityError, match="draft_entry_once_per_field"), transaction.atomic():
            DraftEntry.objects.create(case=case, lesion=lesion, key="phosphate", raw={}, saved_by=clara)


def test_a_lesion_is_removed_by_somebody_or_not_at_all(clara: User) -> None:
    lesion = only_lesion(make_case(clara))
    lesion.removed_at = timezone.now()

    with pytest.raises(IntegrityError, match="lesion_removed_by_somebody"), transaction.atomic():
        lesion.save()


def test_a_label_stands_once_in_a_case(clara: User) -> None:
    lesion = only_lesion(make_case(clara))

    with pytest.raises(IntegrityError, match="lesion_label_once_per_case"), transaction.atomic():
        Lesion.objects.create(case=lesion.case, label="L1", added_by=clara)


@pytest.mark.parametrize("wrong", [{"number": ""}, {"family_name": ""}, {"given_name": ""}, {"sex": "F"}])
def test_a_patient_has_number_names_and_a_known_or_open_sex(clara: User, wrong: dict[str, str]) -> None:
    right = {"clinic": clara.clinic, "number": "7", "family_name": "Lind", "given_name": "Vera", "sex": ""}

    with pytest.raises(IntegrityError, match="patient_"), transaction.atomic():
        Patient.objects.create(**{**right, **wrong})


def test_a_number_stands_once_in_a_clinic_and_again_in_another(clara: User, sven: User) -> None:
    make_patient(clara, number="7")
    make_patient(sven, number="7")

    with pytest.raises(IntegrityError, match="patient_number_once_per_clinic"), transaction.atomic():
        Patient.objects.create(clinic=clara.clinic, number="7", family_name="Lind", given_name="Vera")


def test_a_finding_belongs_to_the_patient_of_its_case(clara: User) -> None:
    stranger = finding(make_case(clara), clara, **NUMBER)
    stranger.patient = make_patient(clara, number="other")

    with pytest.raises(IntegrityError, match="finding_of_its_cases_patient"), transaction.atomic():
        stranger.save()
        check_now()


def test_a_finding_belongs_to_a_lesion_of_its_case(clara: User) -> None:
    case = make_case(clara)
    elsewhere = finding(case, clara, answer=True, lesion=only_lesion(make_case(clara, case.patient)))

    with pytest.raises(IntegrityError, match="finding_of_a_lesion_of_its_case"), transaction.atomic():
        elsewhere.save()
        check_now()


def test_a_number_is_a_number(clara: User) -> None:
    stored = record_finding(clara, make_case(clara), "phosphate", value="1.2", unit="mmol/L")

    with pytest.raises(IntegrityError, match="finding_numbers_are_numbers"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO patients_finding (id, number, patient_id, case_id, key, unit, comparator, flag, code, state, confirmed, raw, "
            "recorded_at, recorded_by_id) SELECT gen_random_uuid(), 'NaN', patient_id, case_id, key, unit, comparator, flag, code, "
            "state, confirmed, raw, recorded_at, recorded_by_id FROM patients_finding WHERE id = %s",
            [stored.pk],
        )


def check_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
