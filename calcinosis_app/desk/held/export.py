"""The file that somebody is handed who asks for everything that is held on a patient."""

import io
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from django.db import transaction

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import PATIENT_EXPORT
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record as record_event
from calcinosis_app.desk.held import readable, results
from calcinosis_app.desk.held.record import as_json, record_of
from calcinosis_app.patients.actions.locking import hold_patients
from calcinosis_app.patients.models import Finding, Patient
from calcinosis_app.patients.selectors import in_group, survivor_of

# Neither the file nor its parts are called after the patient: names of files travel further than files.
NAME: Final = "patient-record.zip"
PAGE: Final = "record.html"
DATA: Final = "record.json"
TABLE: Final = "results.csv"
EXPORTED: Final = "patient.exported"


@dataclass(frozen=True)
class Export:
    """The file, its part for machines alone, and how many rows of each table it holds."""

    content: bytes
    data: str
    rows: dict[str, int]


@transaction.atomic
def export_patient(*, by: User, patient: Patient) -> Export:
    """Everything that is held on the patient and its duplicates, of one moment: readable, for machines, and as a table.

    The event says how much was taken out and the hash of the part for machines, never what. Raises as the policy does.
    """
    require(by, PATIENT_EXPORT, patient)
    hold_patients([patient.pk])
    survivor = survivor_of(patient.pk)
    made = record_of(survivor, by)
    data = as_json(made)
    rows = {name: len(found) for name, found in made["tables"].items()}
    record_event(by=by, action=EXPORTED, subject=survivor, rows=rows, sha256=sha256(data.encode()).hexdigest())
    findings = Finding.objects.filter(in_group(survivor.pk)).select_related("patient", "lesion", "recorded_by")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(PAGE, readable.page(made, survivor))
        file.writestr(DATA, data)
        file.writestr(TABLE, "\ufeff" + results.table(list(findings.order_by("taken_on", "recorded_at"))))
    return Export(packed.getvalue(), data, rows)
