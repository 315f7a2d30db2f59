"""Results of a laboratory become findings of their patients."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import LABORATORY_IMPORT
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import Recorded, record_all
from calcinosis_app.core.errors import Conflict
from calcinosis_app.patients.actions.locking import MOVED, hold_patients
from calcinosis_app.patients.models import Finding, Patient


@transaction.atomic
def record_results(*, by: User, findings: Sequence[Finding], source: UUID) -> None:
    """Records findings that `result_from` made, with one event for each patient; `source` is the import they came with.

    Raises PermissionDenied, and Http404 when one of the patients belongs to another clinic, or Conflict when one
    has just been transferred: nothing is recorded then.
    """
    require(by, LABORATORY_IMPORT)
    of_patient: dict[Patient, list[Finding]] = defaultdict(list)
    for finding in findings:
        of_patient[finding.patient].append(finding)
    for patient in of_patient:
        if patient.clinic_id != by.clinic_id:
            require(by, LABORATORY_IMPORT, patient)
    hold_patients(patient.pk for patient in of_patient)
    if Patient.objects.filter(pk__in=[patient.pk for patient in of_patient]).exclude(clinic=by.clinic_id).exists():
        raise Conflict(MOVED)
    now = timezone.now()
    for finding in findings:
        finding.recorded_by, finding.recorded_at = by, now
    Finding.objects.bulk_create(findings)
    record_all(
        by=by,
        action="results.imported",
        events=[
            Recorded(patient, {"source": source, "findings": [str(finding.pk) for finding in some]}) for patient, some in of_patient.items()
        ],
    )
