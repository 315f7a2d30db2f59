"""The once-only key: one person's action happens once for one key, whatever happens around it."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.core import once as mechanism
from calcinosis_app.core.models import OnceKey
from calcinosis_app.core.once import KeyRefused, KeyReused, Made, MadeAndGone, once
from calcinosis_app.core.tasks import sweep_once_keys
from calcinosis_app.patients.actions import create_patient, open_case
from calcinosis_app.patients.models import Case, Patient
from tests.at_once import together
from tests.factories.patient import make_patient

KEY = "0e0c39c4-8d9b-4a53-9f3e-3f1d2f8f7f51"


def open_once(by: User, patient: Patient, *, key: str | None = KEY, title: str = "fingertips") -> Made[Case]:
    return once(
        by=by,
        key=key,
        purpose=f"case.open {patient.pk}",
        content={"title": title},
        act=lambda: open_case(by=by, patient=patient, title=title),
    )


@pytest.mark.django_db(transaction=True)
def test_50_at_once_make_one_and_all_hear_of_it(clara: User) -> None:
    patient = make_patient(clara)

    made = together(50, lambda _: open_once(clara, patient))

    case = Case.objects.get()
    assert {one.row.pk for one in made} == {case.pk}
    assert sum(not one.again for one in made) == 1


@pytest.mark.django_db(transaction=True)
def test_without_a_key_each_one_counts(clara: User) -> None:
    patient = make_patient(clara)
    together(3, lambda _: open_once(clara, patient, key=None))
    assert Case.objects.count() == 3


@pytest.mark.django_db
def test_later_it_is_still_the_first_ones(clara: User) -> None:
    patient = make_patient(clara)
    first, second = open_once(clara, patient), open_once(clara, patient)
    assert (first.again, second.again, second.row) == (False, True, first.row)


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_one_that_fails_becomes_the_first(clara: User) -> None:
    """A server that dies between the key and the end of the action leaves nothing, and the next request acts."""
    patient = make_patient(clara)
    inside, die = Event(), Event()

    def dies() -> Case:
        open_case(by=clara, patient=patient, title="fingertips")
        inside.set()
        die.wait(timeout=30)
        raise ConnectionError

    def first() -> None:
        try:
            once(by=clara, key=KEY, purpose=f"case.open {patient.pk}", content={"title": "fingertips"}, act=dies)
        finally:
            connection.close()

    def second() -> Made[Case]:
        try:
            return open_once(clara, patient)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        failing = pool.submit(first)
        assert inside.wait(timeout=30)
        waiting = pool.submit(second)
        time.sleep(0.3)
        assert not waiting.done(), "the second waits for the first's end"
        die.set()
        with pytest.raises(ConnectionError):
            failing.result(timeout=30)
        made = waiting.result(timeout=30)

    assert not made.again
    assert Case.objects.get() == made.row


@pytest.mark.django_db
def test_a_refused_form_leaves_the_key_free(clara: User) -> None:
    def create(number: str) -> Made[Patient]:
        typed: dict[str, Any] = {"number": number, "family_name": "Lind", "given_name": "Vera", "birth_date": None, "sex": ""}
        return once(
            by=clara, key=KEY, purpose="patient.create", content=typed, act=lambda: create_patient(by=clara, somebody_else=None, **typed)
        )

    make_patient(clara, number="7")
    with pytest.raises(ValidationError, match="another patient"):
        create("7")
    assert not create("8").again


@pytest.mark.django_db
def test_another_persons_same_key_is_another_key(clara: User, nadia: User) -> None:
    patient = make_patient(clara)
    assert open_once(clara, patient).row != open_once(nadia, patient).row


@pytest.mark.django_db
def test_the_same_key_on_another_thing_is_another_key(clara: User) -> None:
    assert open_once(clara, make_patient(clara)).row != open_once(clara, make_patient(clara)).row


@pytest.mark.django_db
def test_a_key_with_other_content_is_refused(clara: User) -> None:
    patient = make_patient(clara)
    open_once(clara, patient, title="fingertips")
    with pytest.raises(KeyReused, match="with other content"):
        open_once(clara, patient, title="elbow")
    assert Case.objects.get().title == "fingertips"


@pytest.mark.django_db
def test_what_was_made_and_taken_away_is_said(clara: User) -> None:
    """Cases are never deleted; a dry run of the laboratory may be. Any row that is gone stands for it."""
    patient = make_patient(clara)
    open_once(clara, patient)
    OnceKey.objects.update(made="00000000-0000-0000-0000-000000000000")
    with pytest.raises(MadeAndGone):
        open_once(clara, patient)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", " ", "a b", "a\x00b", "a\nb", "é", "\u202eabc", "x" * 256])
def test_what_cannot_be_a_key_is_refused_before_anything_happens(clara: User, key: str) -> None:
    with pytest.raises(KeyRefused, match="1 to 255 visible"):
        open_once(clara, make_patient(clara), key=key)
    assert not Case.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["1", "x" * 255, "order#7/8?~", KEY])
def test_what_can_be_a_key(clara: User, key: str) -> None:
    patient = make_patient(clara)
    assert open_once(clara, patient, key=key).row == open_once(clara, patient, key=key).row


def test_the_order_of_names_does_not_matter_and_bytes_count() -> None:
    assert mechanism.fingerprint({"a": 1, "b": {"c", "d"}}) == mechanism.fingerprint({"b": {"d", "c"}, "a": 1})
    assert mechanism.fingerprint({"file": b"one"}) != mechanism.fingerprint({"file": b"two"})
    assert mechanism.fingerprint("\ud800") != mechanism.fingerprint("")


@pytest.mark.django_db
def test_keys_are_kept_for_a_week_and_then_swept(clara: User) -> None:
    patient = make_patient(clara)
    open_once(clara, patient)
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
        sweep_once_keys()
        assert open_once(clara, patient).again
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        sweep_once_keys()
        assert not open_once(clara, patient).again


@pytest.mark.django_db
def test_the_database_itself_keeps_a_key_once() -> None:
    row = {"person": "p", "purpose": "x", "key": "k", "fingerprint": "f"}
    OnceKey.objects.create(**row)
    with pytest.raises(IntegrityError, match="once_key_once_per_person_and_purpose"), transaction.atomic():
        OnceKey.objects.create(**row)
