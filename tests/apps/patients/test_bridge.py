"""From what was typed and recorded to a case in the contract's format."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from calcinosis_app.accounts.models import User
from calcinosis_app.patients.actions import add_lesion, open_case, remove_lesion, save_entry
from calcinosis_app.patients.bridge import CaseError, case_document, check, enterable_fact, to_finding
from tests.factories.case import make_case, only_lesion, record_finding
from tests.factories.patient import make_patient

pytestmark = pytest.mark.usefixtures("release")


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    """The days typed below are past on any machine's clock."""
    with time_machine.travel(datetime(2026, 3, 20, 9, tzinfo=UTC)):
        yield


MARCH = date(2026, 3, 2)
MG = {"unit": "mg/dL", "date": "2026-03-01"}


@pytest.mark.parametrize(
    ("key", "raw", "finding"),
    [
        ("phosphate", {"value": "9.70", **MG}, {"value": 9.7, **MG}),
        ("phosphate", {"value": "<1", "unit": "mmol/L"}, {"value": 1, "comparator": "<", "unit": "mmol/L"}),
        (
            "phosphate",
            {"value": "4", **MG, "low": "2.5", "high": "4.5", "flag": "normal", "confirmed": True},
            {"value": 4, **MG, "low": 2.5, "high": 4.5, "flag": "normal", "confirmed": True},
        ),
        ("phosphate", {"flag": "high"}, {"flag": "high"}),
        ("phosphate", {"state": "not_done"}, {"state": "not_done"}),
        ("phosphate", {"value": "", "unit": "mg/dL"}, None),
        ("phosphate", {"date": "2026-03-01", "confirmed": True}, None),
        ("phosphate", {"value": "9.70", "unit": "mg/dL", "date": "1.3.2026"}, {"value": 9.7, **MG}),
        ("creatinine", {"value": "80", "unit": "µmol/L"}, {"value": 80, "unit": "umol/L"}),
        ("painful", {"answer": "yes"}, True),
        ("painful", {"answer": "no"}, False),
        ("painful", {"answer": "unknown"}, {"state": "unknown"}),
        ("painful", {"answer": "not_done"}, {"state": "not_done"}),
        ("side", {"code": "left"}, "left"),
    ],
)
def test_a_field_in_the_contracts_form(key: str, raw: dict[str, Any], finding: Any) -> None:
    assert to_finding(raw, enterable_fact(key)) == finding


@pytest.mark.parametrize(
    ("key", "raw", "remedy"),
    [
        ("phosphate", {"value": "9,8", **MG}, "write 9.8"),
        ("phosphate", {"low": "2.5", "date": "2026-03-01"}, "the value is missing"),
        ("phosphate", {"value": "9.8", "unit": "mg/dL", "date": "1/3/2026"}, "as in 2026-03-01"),
        ("painful", {"answer": "perhaps"}, "choose yes, no"),
    ],
)
def test_a_field_that_cannot_be_read_says_what_to_type(key: str, raw: dict[str, Any], remedy: str) -> None:
    with pytest.raises(CaseError, match=remedy) as caught:
        to_finding(raw, enterable_fact(key))
    assert caught.value.key == key


@pytest.mark.parametrize(("key", "remedy"), [("phosphat", "not a fact"), ("calcium_status", "worked out")])
def test_only_facts_that_a_person_can_find_out_are_entered(key: str, remedy: str) -> None:
    with pytest.raises(CaseError, match=remedy):
        enterable_fact(key)


def test_the_rules_check_a_field_as_it_is_left(clara: User) -> None:
    patient = make_patient(clara)

    assert check("phosphate", {"value": "", "unit": "mg/dL"}, patient, MARCH) is None
    preview = check("phosphate", {"value": "9.7", **MG}, patient, MARCH)
    assert preview is not None
    assert preview.canonical.startswith("3.13")
    with pytest.raises(CaseError, match="mg/dL"):
        check("ca_total", {"value": "9.8", "unit": "mmol/L"}, patient, MARCH)
    with pytest.raises(CaseError, match="lies in the future"):
        check("phosphate", {"value": "9.7", "unit": "mg/dL", "date": "2026-03-03"}, patient, MARCH)


def test_an_empty_case(clara: User) -> None:
    case = make_case(clara)

    assert case_document(case) == {
        "id": str(case.pk),
        "patient": {"birth_date": "1961-05-04", "sex": "female", "findings": {}},
        "lesions": [{"id": "L1", "findings": {}}],
    }


def test_an_unknown_birth_date_and_sex_stay_open(clara: User) -> None:
    case = make_case(clara, make_patient(clara, birth_date=None, sex=""))

    assert case_document(case)["patient"] == {"sex": None, "findings": {}}


def test_all_results_of_the_laboratory_count_and_the_newest_of_anything_else(clara: User) -> None:
    case = make_case(clara)
    lesion = only_lesion(case)
    record_finding(clara, case, "phosphate", value="9.7", **MG)
    record_finding(clara, case, "phosphate", value="1.4", unit="mmol/L", date="2026-02-01")
    record_finding(clara, case, "painful", lesion, answer="yes", date="2026-02-01")
    record_finding(clara, case, "painful", lesion, answer="no", date="2026-03-01")

    document = case_document(case)

    assert [result["value"] for result in document["patient"]["findings"]["phosphate"]] == [1.4, 9.7]
    assert document["lesions"][0]["findings"]["painful"] == {"value": False, "date": "2026-03-01"}


def test_what_is_known_of_the_patient_is_known_in_every_case_and_of_a_lesion_in_its_own(clara: User) -> None:
    patient = make_patient(clara)
    spring, autumn = open_case(by=clara, patient=patient), open_case(by=clara, patient=patient)
    record_finding(clara, spring, "phosphate", value="9.7", **MG)
    record_finding(clara, spring, "painful", only_lesion(spring), answer="yes", date="2026-02-01")

    document = case_document(autumn)

    assert "phosphate" in document["patient"]["findings"]
    assert document["lesions"] == [{"id": "L1", "findings": {}}]


def test_a_correction_replaces_what_it_corrects(clara: User) -> None:
    case = make_case(clara)
    wrong = record_finding(clara, case, "phosphate", value="9.7", **MG)
    record_finding(clara, case, "phosphate", value="7.9", corrects=str(wrong.pk), **MG)

    assert [result["value"] for result in case_document(case)["patient"]["findings"]["phosphate"]] == [7.9]


def test_a_result_entered_by_mistake_is_corrected_to_unknown(clara: User) -> None:
    case = make_case(clara)
    wrong = record_finding(clara, case, "phosphate", value="9.7", **MG)
    record_finding(clara, case, "phosphate", state="unknown", corrects=str(wrong.pk), date="2026-03-01")

    assert case_document(case)["patient"]["findings"]["phosphate"] == {"state": "unknown", "date": "2026-03-01"}


def test_the_draft_counts_only_when_asked_for_and_without_its_errors(clara: User) -> None:
    case = make_case(clara)
    save_entry(by=clara, case=case, key="phosphate", raw={"value": "9.7", **MG})
    save_entry(by=clara, case=case, key="albumin", raw={"value": "3,2", "unit": "g/dL"})

    assert case_document(case)["patient"]["findings"] == {}
    assert case_document(case, include_draft=True)["patient"]["findings"] == {"phosphate": [{"value": 9.7, **MG}]}


def test_a_typed_correction_replaces_what_it_corrects_before_it_is_recorded(clara: User) -> None:
    case = make_case(clara)
    wrong = record_finding(clara, case, "phosphate", value="9.7", **MG)
    save_entry(by=clara, case=case, key="phosphate", raw={"value": "7.9", "corrects": str(wrong.pk), **MG})

    assert case_document(case)["patient"]["findings"]["phosphate"] == [{"value": 9.7, **MG}]
    assert case_document(case, include_draft=True)["patient"]["findings"]["phosphate"] == [{"value": 7.9, **MG}]


def test_an_older_answer_typed_later_does_not_replace_a_newer_one(clara: User) -> None:
    case = make_case(clara)
    lesion = only_lesion(case)
    record_finding(clara, case, "painful", lesion, answer="no", date="2026-03-01")
    save_entry(by=clara, case=case, key="painful", lesion=lesion, raw={"answer": "yes", "date": "2026-02-01"})

    assert case_document(case, include_draft=True)["lesions"][0]["findings"]["painful"]["value"] is False


def test_a_removed_lesion_is_gone_from_the_document(clara: User) -> None:
    case = make_case(clara)
    add_lesion(by=clara, case=case)
    remove_lesion(by=clara, lesion=case.lesions.get(label="L1"))

    assert [lesion["id"] for lesion in case_document(case)["lesions"]] == ["L2"]
