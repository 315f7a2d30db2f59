"""Saying that two patients who look alike are two people."""

from collections.abc import Iterable

from django.db import transaction

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import PATIENT_WRITE
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.patients.models import NotSame, Patient


@transaction.atomic
def say_not_same(*, by: User, patient: Patient, other: Patient) -> None:
    """Remembers it, so that nobody is asked again; said twice it changes nothing."""
    require(by, PATIENT_WRITE, patient)
    require(by, PATIENT_WRITE, other)
    write_not_same(by=by, patient=patient, others=[other])


def write_not_same(*, by: User, patient: Patient, others: Iterable[Patient]) -> None:
    """The rows and the event of it, within the transaction of whoever has checked who may say so."""
    pairs = [sorted((patient.pk, other.pk)) for other in others if other.pk != patient.pk]
    known = set(
        NotSame.objects.filter(one__in=[low for low, _ in pairs], other__in=[high for _, high in pairs]).values_list("one", "other")
    )
    new = [NotSame(one_id=low, other_id=high, said_by=by) for low, high in pairs if (low, high) not in known]
    NotSame.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        others_said = sorted(str(one.other_id if one.one_id == patient.pk else one.one_id) for one in new)
        record(by=by, action="patient.not_same", subject=patient, others=others_said)
