"""Whose result it is: two identifiers must agree, and none may disagree."""

from collections.abc import Mapping
from datetime import date

from calcinosis_app.laboratory import columns
from calcinosis_app.laboratory.fates import Reason
from calcinosis_app.laboratory.refusal import Refusal
from calcinosis_app.patients.models import Patient
from calcinosis_app.patients.names import folded


def check_identity(cells: Mapping[str, str], born: date | None, patient: Patient | None) -> Patient:
    """The patient of the line's number, when birth date or family name agree and neither disagrees.

    A person whose duplicates were merged is known under several numbers, names and birth dates: each of them agrees.

    Raises Refusal, which names the columns and never repeats what is known of the patient.
    """
    if not cells.get(columns.NUMBER):
        raise Refusal(Reason.IDENTITY, "The patient number is missing.")
    name = cells.get(columns.FAMILY_NAME, "")
    if born is None and not name:
        raise Refusal(Reason.IDENTITY, "Birth date and family name are both missing: one of them must agree with the number.")
    if patient is None:
        raise Refusal(Reason.NO_PATIENT, "No patient of this clinic has this number. An import creates no patients.")
    group = [patient.survivor, *patient.survivor.duplicates.all()]
    known = {one.birth_date for one in group if one.birth_date is not None}
    disagreeing = []
    if born is not None and known and born not in known:
        disagreeing.append("birth date")
    if name and folded(name) not in {folded(one.family_name) for one in group}:
        disagreeing.append("family name")
    if disagreeing:
        verb = "do" if len(disagreeing) > 1 else "does"
        raise Refusal(
            Reason.IDENTITY, f"The {' and the '.join(disagreeing)} {verb} not agree with the patient of this number. Check the number."
        )
    if not name and not known:
        raise Refusal(Reason.IDENTITY, "The birth date of the patient of this number is not known here, and the line has no family name.")
    return patient
