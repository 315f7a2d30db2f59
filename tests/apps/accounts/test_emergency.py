"""Emergency access: one person, one patient, reading only, for a limited time; and the database keeps what was said."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from calcinosis_app.accounts import actions, permissions
from calcinosis_app.accounts.actions import TooManyTries, deactivate, end_emergency, mark_emergency_seen, reactivate
from calcinosis_app.accounts.models import Clinic, EmergencyAccess, User
from calcinosis_app.accounts.permissions import OF_A_CLINIC, PATIENT_READ, READING
from calcinosis_app.accounts.policy import may
from calcinosis_app.audit.models import Event
from calcinosis_app.patients.actions import break_glass
from calcinosis_app.patients.models import Patient
from tests.at_once import at_once
from tests.factories.case import make_case
from tests.factories.emergency import REASON, in_emergency
from tests.factories.patient import make_patient
from tests.factories.user import make_user


def typed(patient: Patient, **changes: Any) -> dict[str, Any]:
    """What somebody says who knows the patient, but for `changes`."""
    known = {"number": patient.number, "family_name": patient.family_name, "birth_date": patient.birth_date}
    return {"clinic": patient.clinic, "reason": REASON, **known, **changes}


def test_it_opens_reading_and_nothing_else(clara: User, sven: User) -> None:
    case = make_case(clara)
    assert not may(sven, PATIENT_READ, case)

    in_emergency(sven, case.patient)

    assert may(sven, PATIENT_READ, case)
    assert may(sven, PATIENT_READ, case.patient)
    assert not any(may(sven, permission, case) for permission in permissions.ALL - {PATIENT_READ})
    assert {PATIENT_READ} == READING
    assert READING < OF_A_CLINIC


def test_it_is_for_this_person_and_this_patient_alone(clara: User, sven: User, hill: Clinic) -> None:
    vera, other = make_patient(clara), make_patient(clara, family_name="Other")
    colleague = make_user("sara", "Sara Holt", "clinician", clinic=hill)

    in_emergency(sven, vera)

    assert not may(sven, PATIENT_READ, other)
    assert not may(colleague, PATIENT_READ, vera)


def test_it_ends_in_the_very_second(clara: User, sven: User) -> None:
    vera = make_patient(clara)
    begun = timezone.now().replace(microsecond=0)
    with time_machine.travel(begun, tick=False) as clock:
        access = in_emergency(sven, vera)
        assert access.until == begun + timedelta(hours=4)
        clock.move_to(access.until - timedelta(microseconds=1))
        assert may(sven, PATIENT_READ, vera)
        clock.move_to(access.until)
        assert not may(sven, PATIENT_READ, vera)

        again = in_emergency(sven, vera)
        access.refresh_from_db()
        assert again.pk != access.pk
        assert (access.end, access.ended_at) == ("expired", access.until)


def test_asking_again_while_it_is_open_answers_with_the_same(clara: User, sven: User) -> None:
    vera = make_patient(clara)

    assert in_emergency(sven, vera) == in_emergency(sven, vera)
    assert Event.objects.filter(action="emergency.opened").count() == 1


def test_the_person_ends_it_sooner(clara: User, sven: User) -> None:
    access = in_emergency(sven, vera := make_patient(clara))

    end_emergency(by=sven, access=access)
    end_emergency(by=sven, access=access)

    assert not may(sven, PATIENT_READ, vera)
    assert Event.objects.filter(action="emergency.ended").count() == 1


def test_deactivation_ends_it_for_good(clara: User, sven: User, hill: Clinic) -> None:
    vera, ida = make_patient(clara), make_user("ida", "Ida Vale", "administrator", clinic=hill)
    access = in_emergency(sven, vera)

    deactivate(by=ida, user=sven)
    reactivate(by=ida, user=sven)

    sven.refresh_from_db()
    access.refresh_from_db()
    assert access.end == "deactivated"
    assert not may(sven, PATIENT_READ, vera)
    assert not may(User(pk=sven.pk, clinic=hill, is_active=False), PATIENT_READ, vera)


def test_whoever_loses_the_role_loses_it_too(clara: User, sven: User) -> None:
    vera = make_patient(clara)
    in_emergency(sven, vera)
    sven.roles_held.all().delete()

    assert not may(sven, PATIENT_READ, vera)


def test_a_restore_brings_none_back(clara: User, sven: User) -> None:
    access = in_emergency(sven, make_patient(clara))

    call_command("note_restore", as_of="2026-01-01T00:00:00+00:00", product="1")

    access.refresh_from_db()
    assert access.end == "restored"


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "unheard-of"},
        {"family_name": "Linde"},
        {"birth_date": datetime(1961, 5, 5, tzinfo=UTC).date()},
        {"birth_date": None},
    ],
)
def test_one_wrong_particular_opens_nothing_and_is_written_down_without_it(clara: User, sven: User, wrong: dict[str, Any]) -> None:
    vera = make_patient(clara, number="A-17")

    assert break_glass(by=sven, **typed(vera, **wrong)) is None

    assert not EmergencyAccess.objects.exists()
    event = Event.objects.get(action="emergency.refused")
    assert event.detail == {"at": str(vera.clinic_id)}
    assert event.subject_id == str(sven.pk)


def test_capitals_and_blanks_are_no_difference_and_no_birth_date_is_one_particular(clara: User, sven: User) -> None:
    vera = make_patient(clara, birth_date=None, family_name="Lind Öhr")

    assert break_glass(by=sven, **typed(vera, family_name=" lind  ÖHR", number=f" {vera.number} "))


def test_after_five_refusals_the_right_answer_opens_nothing_either(clara: User, sven: User) -> None:
    vera = make_patient(clara)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            assert break_glass(by=sven, **typed(vera, family_name="Guess")) is None
        with pytest.raises(TooManyTries):
            break_glass(by=sven, **typed(vera))
        clock.shift(timedelta(hours=1))
        assert break_glass(by=sven, **typed(vera))


def test_a_reason_is_needed_and_the_own_clinic_is_no_emergency(clara: User, sven: User) -> None:
    vera = make_patient(clara)

    with pytest.raises(ValidationError, match="at least 10 letters"):
        break_glass(by=sven, **typed(vera, reason="   please  "))
    with pytest.raises(ValidationError, match="your own clinic"):
        break_glass(by=clara, **typed(vera))
    assert not Event.objects.filter(action="emergency.refused").exists()


def test_only_clinicians_may(clara: User, hill: Clinic) -> None:
    nurse = make_user("nils", "Nils Wood", "nurse", clinic=hill)

    with pytest.raises(PermissionDenied):
        break_glass(by=nurse, **typed(make_patient(clara)))


def test_somebody_of_the_patients_clinic_marks_it_once_and_by_name(clara: User, ada: User, sven: User, nadia: User) -> None:
    access = in_emergency(sven, make_patient(clara))

    with pytest.raises(Http404):
        mark_emergency_seen(by=sven, access=access)
    with pytest.raises(PermissionDenied):
        mark_emergency_seen(by=nadia, access=access)
    mark_emergency_seen(by=ada, access=access)
    assert mark_emergency_seen(by=clara, access=access).seen_by == ada


def test_the_database_keeps_what_was_said(clara: User, sven: User) -> None:
    access = in_emergency(sven, make_patient(clara))
    end_emergency(by=sven, access=access)
    changes: tuple[dict[str, Any], ...] = (
        {"reason": "Another one."},
        {"until": access.until + timedelta(hours=1)},
        {"user": clara},
        {"ended_at": None, "end": ""},
    )
    for change in changes:
        with pytest.raises(IntegrityError, match="stays as it was"), transaction.atomic():
            EmergencyAccess.objects.filter(pk=access.pk).update(**change)


def test_the_database_holds_one_live_access_a_reason_and_a_day_at_most(clara: User, sven: User) -> None:
    access, now = in_emergency(sven, make_patient(clara)), timezone.now()
    row: dict[str, Any] = {"user": sven, "clinic": access.clinic, "record_id": access.pk, "reason": "x", "until": now + timedelta(hours=1)}
    for wrong in (
        {"record_id": access.record_id},
        {"reason": ""},
        {"until": now + timedelta(hours=25)},
        {"until": now - timedelta(hours=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            EmergencyAccess.objects.create(**{**row, "opened_at": now, **wrong})


@pytest.mark.django_db(transaction=True)
def test_two_at_once_open_one(clara: User, sven: User) -> None:
    vera = make_patient(clara)

    answers = at_once(*[lambda: in_emergency(sven, vera)] * 4)

    assert len({answer.pk for answer in answers if isinstance(answer, EmergencyAccess)}) == 1, answers
    assert EmergencyAccess.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_are_counted_one_by_one(clara: User, sven: User) -> None:
    vera = make_patient(clara)

    answers = at_once(*[lambda: break_glass(by=sven, **typed(vera, family_name="Guess"))] * 8)

    assert sum(answer is None for answer in answers) == 5
    assert sum(isinstance(answer, TooManyTries) for answer in answers) == 3


def test_the_administrators_are_told_once_by_mail_without_anybodys_name(clara: User, ada: User, sven: User, settings: Any) -> None:
    settings.RESET_BY_EMAIL, settings.ADDRESS = True, "https://calcinosis.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    User.objects.filter(pk=ada.pk).update(email="ada@riverside.example")
    User.objects.filter(pk=sven.pk).update(email="sven@hill.example")
    in_emergency(sven, make_patient(clara, number="A-17"))

    assert actions.mail_emergencies() == 1
    assert actions.mail_emergencies() == 0

    (sent,) = mail.outbox
    assert sent.recipients() == ["ada@riverside.example"]
    assert "https://calcinosis.example/access/" in sent.body
    assert not any(said in sent.body + sent.subject for said in ("Lind", "Vera", "A-17", "Sven", "Hill", REASON))


def test_without_a_mail_server_nothing_is_sent(clara: User, sven: User) -> None:
    in_emergency(sven, make_patient(clara))

    assert actions.mail_emergencies() == 0
    assert EmergencyAccess.objects.get().mailed_at is None
