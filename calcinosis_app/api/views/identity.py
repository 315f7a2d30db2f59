"""Two records of what may be one person: compared, merged, unmerged, or said to be of two."""

from typing import Any
from uuid import UUID

from django.http import Http404

from calcinosis_app.accounts.permissions import PATIENT_MERGE, PATIENT_WRITE
from calcinosis_app.api.endpoint import Endpoint
from calcinosis_app.api.errors import Mistake, Mistakes
from calcinosis_app.api.operation import Call, operation
from calcinosis_app.api.paging import a_page
from calcinosis_app.api.shapes import identity as shapes
from calcinosis_app.api.shapes.parts import PAGING, a_page_of, answered, listed
from calcinosis_app.core.errors import Conflict
from calcinosis_app.desk.comparing import Comparison
from calcinosis_app.patients.access import enter_patient
from calcinosis_app.patients.actions import merge_patients, say_not_same, unmerge_patients
from calcinosis_app.patients.look_alikes import may_be_same_as
from calcinosis_app.patients.pairs import merge_into
from calcinosis_app.patients.selectors import merges_of

TAG = "identity"


class LookAlikesView(Endpoint):
    """Who may be the same person."""

    @operation(
        "list_look_alikes",
        "Patients of the clinic who may be the same person",
        "The most alike first, without those of whom somebody said that they are not.",
        tag=TAG,
        gives=answered(items=listed(shapes.LOOK_ALIKE)),
        places=["patient_id"],
    )
    def get(self, call: Call, patient_id: UUID) -> Any:
        """Names, numbers and birth dates are compared."""
        # Others of the clinic are named, so that whoever may read this one patient alone is not shown them.
        found = enter_patient(by=call.by, permission=PATIENT_WRITE, patient_id=patient_id)
        return {"items": [shapes.look_alike(one) for one in may_be_same_as(found)]}


class CompareView(Endpoint):
    """Two records side by side."""

    @operation(
        "compare_patients",
        "Two records side by side, and what merging them would change",
        tag=TAG,
        gives=shapes.COMPARISON,
        places=["patient_id", "other_id"],
    )
    def get(self, call: Call, patient_id: UUID, other_id: UUID) -> Any:
        """Both are opened."""
        one = enter_patient(by=call.by, permission=PATIENT_WRITE, patient_id=patient_id)
        return shapes.comparison(Comparison(one, enter_patient(by=call.by, permission=PATIENT_WRITE, patient_id=other_id)))


class NotSameView(Endpoint):
    """Two people."""

    @operation(
        "say_not_same",
        "Say that two patients who look alike are two people",
        "Said again it changes nothing.",
        tag=TAG,
        gives=None,
        places=["patient_id", "other_id"],
        conflicts="The two are merged.",
    )
    def put(self, call: Call, patient_id: UUID, other_id: UUID) -> Any:
        """Nobody is asked again."""
        one = enter_patient(by=call.by, permission=PATIENT_WRITE, patient_id=patient_id)
        other = enter_patient(by=call.by, permission=PATIENT_WRITE, patient_id=other_id)
        if one.pk == other.pk:
            raise Conflict("The two records are merged, or one and the same. Unmerge them first if they are of two people.")
        say_not_same(by=call.by, patient=one, other=other)


class MergesView(Endpoint):
    """What was merged."""

    @operation(
        "list_merges",
        "Every merge in which the patient's records took part, also those that were undone; oldest first",
        tag=TAG,
        gives=a_page_of(shapes.MERGE),
        query=PAGING,
        places=["patient_id"],
    )
    def get(self, call: Call, patient_id: UUID) -> Any:
        """With the reasons."""
        found = enter_patient(by=call.by, permission=PATIENT_MERGE, patient_id=patient_id)
        return a_page(merges_of(found), call.query, lambda one: shapes.merge(one, call.by))

    @operation(
        "merge_patients",
        "Merge a duplicate into this patient",
        "Nothing is moved, so that it can be undone. Merged already, the answer is the first merge.",
        tag=TAG,
        body=shapes.NEW_MERGE,
        gives=shapes.MERGE,
        places=["patient_id"],
        refuses="The duplicate is no patient of your clinic, or the reason is blank.",
        conflicts="They cannot be merged as they are: one is merged elsewhere, offered to another clinic, or has duplicates itself.",
    )
    def post(self, call: Call, patient_id: UUID) -> Any:
        """The duplicate must be of the same clinic."""
        stays = enter_patient(by=call.by, permission=PATIENT_MERGE, patient_id=patient_id)
        duplicate_id = UUID(call.body["duplicate"])
        try:
            goes = enter_patient(by=call.by, permission=PATIENT_MERGE, patient_id=duplicate_id)
        except Http404 as error:
            raise Mistakes(422, [Mistake("is no patient of your clinic: search for it", "duplicate", str(duplicate_id))]) from error
        if goes.pk == stays.pk and (known := merge_into(stays, duplicate_id)):
            return shapes.merge(known, call.by)
        return shapes.merge(merge_patients(by=call.by, survivor=stays, duplicate=goes, reason=call.body["reason"]), call.by)


class UnmergeView(Endpoint):
    """Undoing it."""

    @operation(
        "unmerge_patients",
        "Make a duplicate a patient of its own again, with all that was ever entered under it",
        tag=TAG,
        body=shapes.UNMERGE,
        gives=shapes.MERGE,
        places=["patient_id", "duplicate_id"],
        refuses="The reason is blank.",
        conflicts="The two are no longer merged.",
    )
    def post(self, call: Call, patient_id: UUID, duplicate_id: UUID) -> Any:
        """Both are as they were."""
        stays = enter_patient(by=call.by, permission=PATIENT_MERGE, patient_id=patient_id)
        other = enter_patient(by=call.by, permission=PATIENT_MERGE, patient_id=duplicate_id)
        found = merge_into(stays, duplicate_id)
        if found is None:
            if other.pk == stays.pk:
                raise Http404
            raise Conflict("These two are not merged, or were unmerged already. Read the list of merges again.")
        undone = unmerge_patients(by=call.by, duplicate=found.duplicate, reason=call.body["reason"])
        if undone is None:
            raise Conflict("The two were unmerged a moment ago. Read the list of merges again.")
        return shapes.merge(merges_of(found.duplicate).get(pk=undone.pk), call.by)
