"""The worked cases of the release in force: read, and practised on."""

from typing import Any
from uuid import UUID

from django.http import Http404

from calcinosis_app.accounts.permissions import CASE_WRITE, RULES_READ
from calcinosis_app.accounts.policy import require
from calcinosis_app.api.endpoint import Endpoint
from calcinosis_app.api.operation import Call, operation
from calcinosis_app.api.shapes import worked as shapes
from calcinosis_app.api.shapes.parts import answered, listed
from calcinosis_app.desk.worked.cases import WorkedCase, worked_case, worked_cases
from calcinosis_app.desk.worked.practice import practise
from calcinosis_app.patients.access import enter_patient
from calcinosis_app.patients.actions import put_practice_away
from calcinosis_app.rulebooks.bridge import current

TAG = "worked cases"


def found(name: str) -> WorkedCase:
    """The one of that name. Raises Http404."""
    one = worked_case(current(), name)
    if one is None:
        raise Http404
    return one


class WorkedCasesView(Endpoint):
    """All of them."""

    @operation(
        "list_worked_cases",
        "The worked cases of the release in force, the published ones first",
        tag=TAG,
        gives=answered(items=listed(shapes.IN_LIST)),
    )
    def get(self, call: Call) -> Any:
        """With what the rules say of each."""
        require(call.by, RULES_READ)
        return {"items": [shapes.in_list(one) for one in worked_cases(current())]}


class WorkedCaseView(Endpoint):
    """One of them."""

    @operation("read_worked_case", "One worked case", tag=TAG, gives=shapes.WORKED, places=["name"])
    def get(self, call: Call, name: str) -> Any:
        """As it can be sent to be assessed."""
        require(call.by, RULES_READ)
        return shapes.worked(found(name))


class PractiseView(Endpoint):
    """Practising."""

    @operation(
        "practise",
        "Open a worked case as a practice case of one's own",
        "Begun already, the answer is that one.",
        tag=TAG,
        gives=shapes.PRACTICE,
        places=["name"],
    )
    def post(self, call: Call, name: str) -> Any:
        """Nobody is behind the patient."""
        require(call.by, CASE_WRITE)
        return shapes.practice(practise(by=call.by, worked=found(name)), name)


class PutAwayView(Endpoint):
    """Ending a practice."""

    @operation(
        "put_practice_away",
        "Put a practice of one's own away",
        "From then on its patient is nowhere to be found.",
        tag=TAG,
        gives=None,
        places=["patient_id"],
        conflicts="This is no practice case, or somebody else's.",
    )
    def post(self, call: Call, patient_id: UUID) -> Any:
        """What was written down of it stays written."""
        put_practice_away(by=call.by, patient=enter_patient(by=call.by, permission=CASE_WRITE, patient_id=patient_id))
