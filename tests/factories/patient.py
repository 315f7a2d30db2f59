"""Makes patients, through the same actions as the product."""

from datetime import date
from itertools import count
from typing import Any

from calcinosis_app.accounts.models import User
from calcinosis_app.patients.actions import create_patient
from calcinosis_app.patients.models import Patient

numbers = count(1001)


def make_patient(by: User, **changes: Any) -> Patient:
    """Vera Lind, born 4 May 1961, unless `changes` say otherwise."""
    usual = {
        "number": str(next(numbers)),
        "family_name": "Lind",
        "given_name": "Vera",
        "birth_date": date(1961, 5, 4),
        "sex": "female",
        "somebody_else": None,
    }
    return create_patient(by=by, **{**usual, **changes})
