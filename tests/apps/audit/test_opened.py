"""Opening a patient is written down once per person, patient and 15 minutes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from calcinosis_app.accounts.models import User
from calcinosis_app.audit.actions import opened
from calcinosis_app.audit.models import Event
from tests.factories.patient import make_patient

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def written() -> int:
    return Event.objects.filter(action="patient.opened").count()


@pytest.mark.parametrize(("minutes", "events"), [(0, 1), (14, 1), (15, 2), (16, 2)])
def test_the_second_look_within_15_minutes_is_the_same_look(clara: User, minutes: int, events: int) -> None:
    patient = make_patient(clara)
    with time_machine.travel(NINE, tick=False):
        opened(by=clara, patient=patient)
    with time_machine.travel(NINE + timedelta(minutes=minutes), tick=False):
        opened(by=clara, patient=patient)

    assert written() == events


def test_each_person_and_each_patient_counts_alone(clara: User, nadia: User) -> None:
    one, other = make_patient(clara), make_patient(clara)

    for person, patient in ((clara, one), (clara, other), (nadia, one), (nadia, one)):
        opened(by=person, patient=patient)

    assert written() == 3


@pytest.mark.django_db(transaction=True)
def test_a_page_and_its_fragments_arriving_together_write_one_event(clara: User) -> None:
    patient = make_patient(clara)

    def look(_: int) -> None:
        try:
            opened(by=clara, patient=patient)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as together:
        list(together.map(look, range(8)))

    assert written() == 1
