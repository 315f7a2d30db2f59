"""Taking everything out that is held on a patient, and the rule by which it is removed in the end."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse

from calcinosis_app.accounts.models import Clinic
from calcinosis_app.accounts.permissions import PATIENT_EXPORT, RETENTION_MANAGE
from calcinosis_app.accounts.policy import require
from calcinosis_app.api.endpoint import Endpoint
from calcinosis_app.api.errors import Mistake, Mistakes
from calcinosis_app.api.operation import JSON, Call, operation
from calcinosis_app.api.paging import LIMIT, a_page
from calcinosis_app.api.shapes import records as shapes
from calcinosis_app.api.shapes.parts import PAGING, a_page_of
from calcinosis_app.desk.held.due import due_in, rule_of
from calcinosis_app.desk.held.export import export_patient
from calcinosis_app.patients.access import enter_patient
from calcinosis_app.patients.actions import change_retention, hold_back, lift_hold
from calcinosis_app.patients.models import RecordHold
from calcinosis_app.patients.selectors import patient_numbered

TAG = "records"


def clinic_of(call: Call) -> Clinic:
    """The clinic whose records the caller looks after. Raises PermissionDenied."""
    require(call.by, RETENTION_MANAGE)
    if call.by.clinic is None:
        raise PermissionDenied("Records are kept by a clinic, and you belong to none.")
    return call.by.clinic


class ExportView(Endpoint):
    """Everything on one patient."""

    @operation(
        "export_patient",
        "Everything that is held on the patient, of one moment",
        "The part for machines of the file that the page hands over. It is written down who took it out.",
        tag=TAG,
        gives=shapes.RECORD,
        places=["patient_id"],
    )
    def post(self, call: Call, patient_id: UUID) -> Any:
        """With the duplicates."""
        found = enter_patient(by=call.by, permission=PATIENT_EXPORT, patient_id=patient_id)
        return HttpResponse(export_patient(by=call.by, patient=found).data, content_type=JSON)


class RetentionView(Endpoint):
    """The clinic's years."""

    @operation("read_retention", "How long the clinic keeps a record", tag=TAG, gives=shapes.YEARS)
    def get(self, call: Call) -> Any:
        """The default where it has set nothing."""
        return shapes.years(rule_of(clinic_of(call)))

    @operation(
        "change_retention",
        "Set how long the clinic keeps a record",
        tag=TAG,
        body=shapes.NEW_YEARS,
        gives=shapes.YEARS,
        refuses="The years cannot be.",
    )
    def put(self, call: Call) -> Any:
        """The same again changes nothing."""
        clinic_of(call)
        return shapes.years(change_retention(by=call.by, years=call.body["years"], until_age=call.body["until_age"]))


class DueView(Endpoint):
    """Whose time has come."""

    @operation(
        "list_records_due",
        "The records that may be removed today, the longest due first",
        "Those held back stand here as well.",
        tag=TAG,
        gives=a_page_of(shapes.DUE),
        query=PAGING,
    )
    def get(self, call: Call) -> Any:
        """By number alone."""
        found = due_in(clinic_of(call))
        limit, offset = call.query.get("limit", LIMIT), call.query.get("offset", 0)
        items = [shapes.due(one) for one in found[offset : offset + limit]]
        return {"items": items, "total": len(found), "limit": limit, "offset": offset}


class HoldsView(Endpoint):
    """What is held back."""

    @operation("list_holds", "The records that are held back from removal", tag=TAG, gives=a_page_of(shapes.HOLD), query=PAGING)
    def get(self, call: Call) -> Any:
        """The standing ones."""
        found = RecordHold.objects.filter(patient__clinic=clinic_of(call), lifted_at__isnull=True)
        return a_page(found.select_related("patient", "held_by", "lifted_by"), call.query, shapes.hold)

    @operation(
        "hold_back",
        "Keep the record of a patient from removal, whatever its age",
        "Held already, the earlier hold stays and is the answer.",
        tag=TAG,
        body=shapes.NEW_HOLD,
        gives=shapes.HOLD,
        refuses="Nobody of your clinic has this number, or the reason is blank.",
    )
    def post(self, call: Call) -> Any:
        """By number, as on the page."""
        clinic_of(call)
        patient = patient_numbered(call.by, call.body["number"])
        if patient is None:
            raise Mistakes(422, [Mistake("is no number of a patient of your clinic: check it", "number", call.body["number"])])
        return shapes.hold(hold_back(by=call.by, patient=patient, reason=call.body["reason"]))


class LiftHoldView(Endpoint):
    """Letting go."""

    @operation("lift_hold", "Lift a hold", "Lifted again it stays lifted.", tag=TAG, gives=shapes.HOLD, places=["hold_id"])
    def post(self, call: Call, hold_id: int) -> Any:
        """The record is removed when its time has come."""
        require(call.by, RETENTION_MANAGE)
        holds = RecordHold.objects.select_related("patient", "held_by", "lifted_by")
        found = holds.filter(pk=hold_id).first()
        if found is None:
            raise Http404
        require(call.by, RETENTION_MANAGE, found.patient)
        lift_hold(by=call.by, hold=found)
        return shapes.hold(holds.get(pk=hold_id))
