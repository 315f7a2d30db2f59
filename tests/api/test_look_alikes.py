"""A program that creates a patient hears of look-alikes, as a person does."""

import json

from calcinosis_app.accounts.models import User
from calcinosis_app.patients.models import NotSame, Patient
from tests.cast import SignIn
from tests.factories.patient import make_patient

NEW = {"number": "R-1", "family_name": "Linde", "given_name": "Vera", "birth_date": "1961-05-04"}


def test_it_is_told_by_id_and_says_that_it_is_somebody_else(sign_in: SignIn, clara: User) -> None:
    known, client = make_patient(clara), sign_in(clara)

    def create(**more: object) -> tuple[int, str]:
        answer = client.post("/api/v1/patients", json.dumps({**NEW, **more}), content_type="application/json")
        return answer.status_code, answer.text

    status, said = create()
    assert status == 409
    assert str(known.pk) in said
    assert "Lind" not in said
    assert create(somebody_else=["not an id"])[0] in (400, 422)
    assert Patient.objects.count() == 1
    assert create(somebody_else=[str(known.pk)])[0] == 201
    assert NotSame.objects.count() == 1
