"""One function decides; it knows the clinic's border and nothing opens by itself."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import ALL, OVERRIDE_ABSOLUTE, PATIENT_READ, RULES_READ
from calcinosis_app.accounts.policy import may, require
from tests.factories.patient import make_patient
from tests.factories.user import make_user


def test_a_clinician_reads_patients_of_the_own_clinic(clara: User) -> None:
    patient = make_patient(clara)

    assert may(clara, PATIENT_READ, patient)
    require(clara, PATIENT_READ, patient)


def test_another_clinics_patient_does_not_exist(clara: User, sven: User) -> None:
    patient = make_patient(clara)

    assert may(sven, PATIENT_READ)
    assert not may(sven, PATIENT_READ, patient)
    with pytest.raises(Http404):
        require(sven, PATIENT_READ, patient)


def test_the_wrong_role_hears_so_whoever_the_patient_belongs_to(clara: User, karl: User) -> None:
    patient = make_patient(clara)

    assert not may(karl, PATIENT_READ, patient)
    with pytest.raises(PermissionDenied, match="open a patient"):
        require(karl, PATIENT_READ, patient)


def test_nobody_signed_in_may_nothing() -> None:
    assert not any(may(AnonymousUser(), permission) for permission in ALL)


def test_a_closed_account_may_nothing(clara: User) -> None:
    clara.is_active = False

    assert not any(may(clara, permission) for permission in ALL)


@pytest.mark.django_db
def test_without_a_clinic_there_are_no_patients_to_read() -> None:
    rover = make_user("rover", "Rover", "clinician", clinic=None)

    assert not may(rover, PATIENT_READ)
    assert may(rover, RULES_READ)


@pytest.mark.django_db
def test_djangos_superuser_mark_opens_nothing() -> None:
    root = User(username="root", display_name="Root", is_superuser=True, is_staff=True)
    root.save()

    assert not any(may(root, permission) for permission in ALL)


def test_a_permission_that_does_not_exist_is_a_mistake_in_the_code(clara: User) -> None:
    with pytest.raises(ValueError, match="no permission 'fly'"):
        may(clara, "fly")


def test_an_absolute_gate_is_passed_only_with_a_grant(clara: User) -> None:
    assert not may(clara, OVERRIDE_ABSOLUTE)
