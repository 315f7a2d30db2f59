"""The draft becomes findings: all of it, once, by somebody."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from unittest.mock import patch

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.models import Event
from calcinosis_app.patients.actions import EntriesRefused, record, save_entry
from calcinosis_app.patients.models import Finding
from calcinosis_app.patients.selectors import draft_of
from tests.factories.case import make_case, only_lesion, record_finding

pytestmark = pytest.mark.usefixtures("release")


@pytest.fixture(autouse=True)
def in_march() -> Iterator[None]:
    """The days typed below are past on any machine's clock."""
    with time_machine.travel(datetime(2026, 3, 20, 9, tzinfo=UTC)):
        yield


def test_what_was_typed_is_recorded_with_who_and_when(clara: User, nadia: User) -> None:
    case = make_case(clara)
    raw = {"value": "<9.70", "unit": "mg/dL", "date": "2026-03-01", "low": "2.5", "high": "4.5", "flag": "high", "confirmed": True}
    save_entry(by=clara, case=case, key="phosphate", raw=raw)

    (finding,) = record(by=nadia, case=case)

    finding.refresh_from_db()
    assert (finding.number, finding.comparator, finding.unit) == (Decimal("9.7"), "<", "mg/dL")
    assert (finding.low, finding.high, finding.flag) == (Decimal("2.5"), Decimal("4.5"), "high")
    assert (finding.taken_on, finding.confirmed, finding.raw) == (date(2026, 3, 1), True, raw)
    assert (finding.patient, finding.case, finding.lesion, finding.recorded_by) == (case.patient, case, None, nadia)
    assert not draft_of(case).exists()
    assert Event.objects.get(action="findings.recorded").detail == {"findings": [str(finding.pk)]}


def test_answers_codes_and_states(clara: User) -> None:
    case = make_case(clara)
    lesion = only_lesion(case)

    assert record_finding(clara, case, "painful", lesion, answer="no").answer is False
    assert record_finding(clara, case, "side", lesion, code="left").code == "left"
    assert record_finding(clara, case, "phosphate", state="not_done").state == "not_done"
    assert record_finding(clara, case, "phosphate", flag="normal").flag == "normal"


def test_what_came_without_a_day_counts_from_the_day_it_was_typed_on_the_clinics_calendar(clara: User) -> None:
    with time_machine.travel(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), tick=False):
        case = make_case(clara)
        finding = record_finding(clara, case, "phosphate", flag="normal")

    assert finding.taken_on == date(2026, 3, 2)  # half past midnight in Berlin


def test_one_field_in_error_holds_everything_back_and_is_named(clara: User) -> None:
    case = make_case(clara)
    save_entry(by=clara, case=case, key="ca_total", raw={"value": "9.8", "unit": "mmol/L"})
    save_entry(by=clara, case=case, key="albumin", raw={"value": "3,2", "unit": "g/dL"})
    save_entry(by=clara, case=case, key="phosphate", raw={"flag": "normal"})

    with pytest.raises(EntriesRefused) as caught:
        record(by=clara, case=case)

    said = {refused.entry.key: refused.error.say for refused in caught.value.refused}
    assert set(said) == {"ca_total", "albumin"}
    assert "mg/dL" in said["ca_total"]
    assert "write 3.2" in said["albumin"]
    assert draft_of(case).count() == 3
    assert not Finding.objects.exists()


def test_pressing_twice_records_once(clara: User) -> None:
    case = make_case(clara)
    save_entry(by=clara, case=case, key="phosphate", raw={"flag": "normal"})

    assert len(record(by=clara, case=case)) == 1
    assert record(by=clara, case=case) == []
    assert Event.objects.filter(action="findings.recorded").count() == 1


@pytest.mark.django_db(transaction=True)
def test_pressing_twice_at_the_same_moment_records_once(clara: User) -> None:
    case = make_case(clara)
    save_entry(by=clara, case=case, key="phosphate", raw={"flag": "normal"})

    def press(_: int) -> int:
        try:
            return len(record(by=clara, case=case))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as together:
        recorded = list(together.map(press, range(4)))

    assert sorted(recorded) == [0, 0, 0, 1]
    assert Finding.objects.count() == 1
    assert Event.objects.filter(action="findings.recorded").count() == 1


def test_what_was_corrected_already_cannot_be_corrected_again(clara: User) -> None:
    case = make_case(clara)
    wrong = record_finding(clara, case, "phosphate", value="9.7", unit="mg/dL")
    record_finding(clara, case, "phosphate", value="7.9", unit="mg/dL", corrects=str(wrong.pk))

    with pytest.raises(EntriesRefused) as caught:
        record_finding(clara, case, "phosphate", value="8.9", unit="mg/dL", corrects=str(wrong.pk))
    assert "corrected already" in caught.value.refused[0].error.say


def test_a_failed_audit_records_nothing(clara: User) -> None:
    case = make_case(clara)
    save_entry(by=clara, case=case, key="phosphate", raw={"flag": "normal"})

    with patch.object(Event.objects, "create", side_effect=RuntimeError), pytest.raises(RuntimeError):
        record(by=clara, case=case)

    assert draft_of(case).count() == 1
    assert not Finding.objects.exists()


def test_wrong_role_and_other_clinic(clara: User, karl: User, sven: User) -> None:
    case = make_case(clara)

    with pytest.raises(PermissionDenied):
        record(by=karl, case=case)
    with pytest.raises(Http404):
        record(by=sven, case=case)


@pytest.mark.parametrize(
    ("raw", "say"),
    [
        ({"flag": "normal", "unit": "mmol/L", "low": "1.45", "high": "0.84"}, "low stands above its high"),
        ({"flag": "normal", "unit": "stone"}, "unit not known"),
        ({"flag": "normal", "low": "0.84", "high": "1.45"}, "a unit is required"),
        ({"value": "1.2", "unit": "mmol/L", "date": "1849-01-01"}, "from 1850"),
    ],
)
def test_what_the_database_would_refuse_is_refused_with_its_remedy(clara: User, raw: dict[str, str], say: str) -> None:
    case = make_case(clara)
    save_entry(by=clara, case=case, key="phosphate", raw=raw)

    with pytest.raises(EntriesRefused) as refused:
        record(by=clara, case=case)
    assert say in str(refused.value.refused[0].error)


def test_an_answer_of_an_impossible_day_is_refused(clara: User) -> None:
    case = make_case(clara)
    save_entry(by=clara, case=case, key="on_dialysis", raw={"answer": "yes", "date": "1849-01-01"})

    with pytest.raises(EntriesRefused):
        record(by=clara, case=case)


def test_two_lines_cannot_correct_the_same_result(clara: User) -> None:
    case = make_case(clara)
    first = record_finding(clara, case, "phosphate", value="1.2", unit="mmol/L")
    for slot, value in enumerate(("1.3", "1.4")):
        save_entry(by=clara, case=case, key="phosphate", raw={"value": value, "unit": "mmol/L", "corrects": str(first.pk)}, slot=slot)

    with pytest.raises(EntriesRefused) as refused:
        record(by=clara, case=case)
    assert "keep one of the two" in str(refused.value.refused[0].error)
