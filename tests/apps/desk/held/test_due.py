"""Whose record may be removed, and when."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from calcinosis_app.accounts.models import User
from calcinosis_app.desk.held.due import due_in, years_after
from calcinosis_app.desk.held.export import export_patient
from calcinosis_app.patients.actions import change_retention, hold_back, lift_hold, merge_patients
from calcinosis_app.patients.models import Patient
from tests.factories.case import make_case, record_finding
from tests.factories.emergency import transferred
from tests.factories.patient import make_patient
from tests.factories.reminder import make_reminders

THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
Ask = Callable[[date], list[str]]


@pytest.fixture
def numbers_due(clara: User) -> Ask:
    """The numbers that are due in Riverside on a day."""

    def asked(day: date) -> list[str]:
        assert clara.clinic
        with time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), tick=False):
            return [one.patient.number for one in due_in(clara.clinic)]

    return asked


def made(by: User, **known: object) -> Patient:
    with time_machine.travel(THEN, tick=False):
        return make_patient(by, number="A-17", **known)


def test_ten_years_after_the_last_activity(clara: User, numbers_due: Ask) -> None:
    vera = made(clara)
    assert numbers_due(date(2036, 2, 29)) == []
    assert numbers_due(date(2036, 3, 1)) == ["A-17"]

    with time_machine.travel(THEN + timedelta(days=400), tick=False):
        record_finding(clara, make_case(clara, vera), "phosphate", value="1.1", unit="mmol/L")

    assert numbers_due(date(2037, 4, 4)) == []
    assert numbers_due(date(2037, 4, 5)) == ["A-17"]


@pytest.mark.parametrize(
    ("born", "first"), [(date(2020, 6, 1), date(2048, 6, 1)), (None, date(2054, 3, 1)), (date(1950, 1, 1), date(2036, 3, 1))]
)
def test_never_before_an_age(clara: User, numbers_due: Ask, born: date | None, first: date) -> None:
    made(clara, birth_date=born)

    assert numbers_due(first - timedelta(days=1)) == []
    assert numbers_due(first) == ["A-17"]


def test_a_reminder_that_waits_keeps_the_record(clara: User, numbers_due: Ask) -> None:
    with time_machine.travel(THEN, tick=False):
        reminders = make_reminders(clara)
    last = max(one.until_on for one in reminders.values())

    assert last > date(2026, 3, 31)
    assert numbers_due(years_after(last, 10) - timedelta(days=1)) == []
    assert len(numbers_due(years_after(last, 10))) == 1


def test_a_duplicate_is_due_with_its_survivor_only(clara: User, numbers_due: Ask) -> None:
    duplicate = made(clara)
    with time_machine.travel(THEN + timedelta(days=366), tick=False):
        merge_patients(by=clara, survivor=make_patient(clara, number="B-9"), duplicate=duplicate, reason="x")

    assert numbers_due(date(2036, 3, 2)) == []
    assert numbers_due(date(2037, 3, 2)) == ["B-9"]


def test_taking_a_patient_over_is_activity(clara: User, sven: User) -> None:
    vera = made(clara)
    with time_machine.travel(THEN + timedelta(days=5000), tick=False):
        transferred(clara, vera, sven)

        assert sven.clinic and due_in(sven.clinic) == []

    with time_machine.travel(THEN + timedelta(days=5000 + 3653), tick=False):
        assert [one.patient for one in due_in(sven.clinic)] == [vera]


def test_the_clinics_own_years(clara: User, ada: User, numbers_due: Ask) -> None:
    made(clara)
    change_retention(by=ada, years=30, until_age=18)

    assert numbers_due(date(2056, 2, 29)) == []
    assert numbers_due(date(2056, 3, 1)) == ["A-17"]


def test_held_back_and_exported_are_said(clara: User, ada: User) -> None:
    vera = made(clara)
    with time_machine.travel(datetime(2040, 1, 1, tzinfo=UTC), tick=False):
        assert clara.clinic
        [one] = due_in(clara.clinic)
        assert (one.hold, one.exported, one.last, one.since) == (None, False, date(2026, 3, 1), date(2036, 3, 1))
        export_patient(by=clara, patient=vera)
        hold = hold_back(by=ada, patient=vera, reason="a dispute")
        [one] = due_in(clara.clinic)
        assert (one.hold, one.exported) == (hold, True)
        assert hold_back(by=ada, patient=vera, reason="another") == hold
        lift_hold(by=ada, hold=hold)
        assert due_in(clara.clinic)[0].hold is None


def test_29_february() -> None:
    assert years_after(date(2028, 2, 29), 10) == date(2038, 3, 1)
    assert years_after(date(2028, 2, 29), 4) == date(2032, 2, 29)
