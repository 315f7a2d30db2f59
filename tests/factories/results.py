"""Makes results of a laboratory over many years, through the same action as an import."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from calcinosis_app.accounts.models import User
from calcinosis_app.patients.actions import record_results
from calcinosis_app.patients.bridge import enterable_fact, result_from
from calcinosis_app.patients.models import Finding, Patient

UNITS = {
    "phosphate": ("mmol/L", 1.10),
    "ca_total": ("mmol/L", 2.30),
    "albumin": ("g/L", 40),
    "pth": ("pmol/L", 5.0),
    "creatinine": ("umol/L", 70),
    "alp": ("U/L", 80),
    "crp": ("mg/L", 3),
    "magnesium": ("mmol/L", 0.85),
    "potassium": ("mmol/L", 4.2),
    "haemoglobin": ("g/L", 130),
}


def record_result(by: User, patient: Patient, key: str, **raw: Any) -> Finding:
    """One result, as texts: value, unit, date, ..."""
    finding = result_from(patient, enterable_fact(key), raw, date.today())  # noqa: DTZ011
    record_results(by=by, findings=[finding], source=uuid4())
    return finding


def record_many(by: User, patient: Patient, *, last: date, days: Iterable[int]) -> int:
    """For each number of days before `last` one result of each of ten facts. Returns how many were recorded."""
    found = []
    for key, (unit, value) in UNITS.items():
        fact = enterable_fact(key)
        for place, ago in enumerate(days):
            said = f"{value * (0.8 + place % 7 / 10):.2f}"
            found.append(result_from(patient, fact, {"value": said, "unit": unit, "date": (last - timedelta(days=ago)).isoformat()}, last))
    record_results(by=by, findings=found, source=uuid4())
    return len(found)
