"""A worked case opened in the entry form: an invented patient with its findings as a draft."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.desk.worked.cases import WorkedCase
from calcinosis_app.desk.worked.enter import born, type_into
from calcinosis_app.patients.actions import begin_practice, open_case
from calcinosis_app.patients.models import Case
from calcinosis_app.patients.selectors import cases_of


@transaction.atomic
def practise(*, by: User, worked: WorkedCase) -> Case:
    """The person's practice case of it, made with every finding as a draft when there is none."""
    today = timezone.localdate(timezone=by.clinic.zone) if by.clinic else timezone.localdate()
    person: dict[str, Any] = worked.document["patient"]
    patient, is_new = begin_practice(by=by, worked_case=worked.id, birth_date=born(person, today), sex=person.get("sex") or "")
    if not is_new:
        return cases_of(patient).last() or open_case(by=by, patient=patient, title=worked.title)
    case = open_case(by=by, patient=patient, title=worked.title)
    type_into(by=by, case=case, document=worked.document, on=today)
    return case
