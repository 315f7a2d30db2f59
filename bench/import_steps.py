"""The product's side of the import's measurement. Loaded when its settings are in place."""

import time
from datetime import date, timedelta

from calcinosis_app.accounts.actions import create_clinic, create_user, give_role
from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.audit.actors import System
from calcinosis_app.laboratory.actions import commit_import, receive_file, work_off
from calcinosis_app.laboratory.files.written import Written
from calcinosis_app.laboratory.models import Import
from calcinosis_app.laboratory.selectors import counts_of
from calcinosis_app.patients.models import Patient

BENCH = System("bench")


def make(count: int) -> list[tuple[str, str, str]]:
    """Number, family name and birth date of each patient."""
    clinic = create_clinic(by=BENCH, name="Bench clinic", time_zone="Europe/Berlin", jurisdiction="eu")
    person = create_user(by=BENCH, username="bench", display_name="Bench", password="a long walk by the river", clinic=clinic)  # noqa: S106
    give_role(by=BENCH, user=person, role="clinician")
    people = [_patient(clinic, number) for number in range(count)]
    Patient.objects.bulk_create(people)
    return [(one.number, one.family_name, str(one.birth_date)) for one in people]


def steps(content: bytes) -> dict[str, float]:
    """Seconds of a dry run, of the commit, and of trying the same file once more."""
    by = User.objects.get(username="bench")
    seconds = {}
    start = time.perf_counter()
    source = work_off(_received(by, content))
    seconds["read and dry run"] = time.perf_counter() - start
    start = time.perf_counter()
    counts = counts_of(work_off(commit_import(by=by, source=source)))
    seconds["commit"] = time.perf_counter() - start
    assert counts.imported == counts.total, counts
    start = time.perf_counter()
    counts = counts_of(work_off(_received(by, content)))
    seconds["read and dry run of the same file again"] = time.perf_counter() - start
    assert counts.ignored == counts.total, counts
    return seconds


def _received(by: User, content: bytes) -> Import:
    return receive_file(by=by, content=content, file_name="bench.csv", written=Written())


def _patient(clinic: Clinic, number: int) -> Patient:
    return Patient(
        clinic=clinic,
        number=f"B{number}",
        family_name=f"Family {number}",
        given_name="Given",
        birth_date=date(1950, 1, 1) + timedelta(days=number),
        sex="female",
    )
