"""A once-only key tells what it made, but not where that went."""

import json

import pytest
from django.test import Client

from calcinosis_app.accounts.models import User
from calcinosis_app.patients.models import Patient
from tests.api.calls import only_error
from tests.cast import SignIn
from tests.factories.emergency import transferred

pytestmark = pytest.mark.django_db
NEW = {"number": "A-17", "family_name": "Lind", "given_name": "Vera", "birth_date": "1961-05-04", "sex": "female"}


def create(browser: Client) -> tuple[int, dict[str, object], str]:
    answer = browser.post(
        "/api/v1/patients", json.dumps(NEW), content_type="application/json", headers={"Idempotency-Key": "our-import-line-1"}
    )
    say = only_error(answer)["say"] if answer.status_code >= 400 else ""
    return answer.status_code, answer.json(), say


def test_a_patient_who_left_the_clinic_is_not_read_by_the_key(sign_in: SignIn, clara: User, nadia: User, sven: User) -> None:
    browser = sign_in(nadia)
    status, made, _ = create(browser)
    assert (status, create(browser)[0]) == (201, 200)

    transferred(clara, Patient.objects.get(pk=str(made["id"])), sven, number="H-4711")

    status, shown, say = create(browser)
    assert status == 409
    assert "was transferred to another clinic since" in say
    assert "H-4711" not in str(shown)
