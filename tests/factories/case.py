"""Makes cases, and what is typed and recorded in them, through the same actions as the product."""

from typing import Any

from calcinosis_app.accounts.models import User
from calcinosis_app.patients.actions import open_case, record, save_entry
from calcinosis_app.patients.models import Case, Finding, Lesion, Patient
from calcinosis_app.patients.selectors import lesions_of
from tests.factories.patient import make_patient


def make_case(by: User, patient: Patient | None = None, title: str = "Fingertips") -> Case:
    """A case with one lesion, of a new patient unless one is given."""
    return open_case(by=by, patient=patient or make_patient(by), title=title)


def only_lesion(case: Case) -> Lesion:
    """The lesion of a case that has one."""
    return lesions_of(case).get()


def record_finding(by: User, case: Case, key: str, lesion: Lesion | None = None, **raw: Any) -> Finding:
    """Types one field and records it."""
    save_entry(by=by, case=case, key=key, raw=raw, lesion=lesion)
    return record(by=by, case=case)[0]
