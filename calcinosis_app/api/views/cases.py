"""One case: its lesions, draft, findings and assessments."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import ASSESS, CASE_WRITE, PATIENT_READ
from calcinosis_app.api.endpoint import Endpoint
from calcinosis_app.api.errors import Mistake, Mistakes
from calcinosis_app.api.operation import Call, Made, operation
from calcinosis_app.api.paging import a_page
from calcinosis_app.api.schema import ASSESSMENT
from calcinosis_app.api.shapes import assessments, findings, patients
from calcinosis_app.api.shapes.parts import PAGING, a_page_of
from calcinosis_app.assessments.actions import assess_case
from calcinosis_app.assessments.bridge import judge
from calcinosis_app.assessments.selectors import assessments_of, newest_assessment
from calcinosis_app.core.once import once
from calcinosis_app.patients.access import enter_case, enter_lesion
from calcinosis_app.patients.actions import Turn, add_lesion, discard_entry, record, remove_lesion, save_entry
from calcinosis_app.patients.bridge import CaseError, case_document
from calcinosis_app.patients.models import Case, DraftEntry, Lesion
from calcinosis_app.patients.selectors import draft_of, findings_of
from calcinosis_app.patients.typed import day
from calcinosis_app.rulebooks.bridge import current

TAG = "cases"


class CaseView(Endpoint):
    """One case."""

    @operation("read_case", "One case, with its lesions", tag=TAG, gives=patients.CASE_OF_PATIENT, places=["case_id"])
    def get(self, call: Call, case_id: UUID) -> Any:
        """Findings and assessments have lists of their own."""
        return patients.case(enter_case(by=call.by, permission=PATIENT_READ, case_id=case_id))


class LesionsView(Endpoint):
    """The lesions of a case."""

    @operation(
        "add_lesion",
        "Add a lesion",
        "It gets the next label, which no other lesion of the case ever had.",
        tag=TAG,
        gives=patients.LESION,
        status=201,
        also={200: "The lesion that the first call with this key added"},
        places=["case_id"],
        conflicts="The case has as many lesions as it may have.",
        once=True,
    )
    def post(self, call: Call, case_id: UUID) -> Any:
        """One deposit or group of deposits more."""
        case = enter_case(by=call.by, permission=CASE_WRITE, case_id=case_id)
        made = once(by=call.by, key=call.key, purpose=f"lesion.add {case.pk}", content=None, act=lambda: add_lesion(by=call.by, case=case))
        return Made(patients.lesion(made.row), 200 if made.again else 201)


class LesionView(Endpoint):
    """One lesion."""

    @operation(
        "remove_lesion",
        "Remove a lesion that was entered by mistake",
        "What was recorded of it stays on record and no longer counts; what was typed and not recorded is discarded.",
        tag=TAG,
        gives=None,
        places=["case_id", "lesion_id"],
        conflicts="It is the only lesion of the case, and a case needs one.",
    )
    def delete(self, call: Call, case_id: UUID, lesion_id: UUID) -> Any:
        """Out of the case."""
        case = enter_case(by=call.by, permission=CASE_WRITE, case_id=case_id)
        remove_lesion(by=call.by, lesion=enter_lesion(by=call.by, permission=CASE_WRITE, case=case, lesion_id=lesion_id))


class DraftView(Endpoint):
    """What is typed and not recorded."""

    @operation(
        "list_draft",
        "What is typed and not recorded",
        "In the order in which it was typed, each field with what the rules make of it.",
        tag=TAG,
        gives=a_page_of(findings.DRAFT_ENTRY),
        query=PAGING,
        places=["case_id"],
    )
    def get(self, call: Call, case_id: UUID) -> Any:
        """Right or wrong."""
        case = enter_case(by=call.by, permission=CASE_WRITE, case_id=case_id)
        return a_page(draft_of(case).select_related("saved_by"), call.query, findings.draft_entry)

    @operation(
        "save_entry",
        "Keep one field as it was typed",
        "Right or wrong: nothing typed is lost, and only recording refuses. The same place (fact, lesion, slot) holds one entry, so "
        "sending it again changes nothing.",
        tag=TAG,
        body=findings.SAVE_ENTRY,
        gives=findings.SAVED,
        places=["case_id"],
        refuses="The fact cannot be entered, or not there.",
        conflicts="Somebody else changed the field meanwhile: both versions.",
    )
    def put(self, call: Call, case_id: UUID) -> Any:
        """One field."""
        case = enter_case(by=call.by, permission=CASE_WRITE, case_id=case_id)
        sent = call.body
        lesion = lesion_of(call.by, CASE_WRITE, case, sent.get("lesion"))
        with refusing("key", sent["key"]):
            kept = save_entry(
                by=call.by,
                case=case,
                key=sent["key"],
                raw=sent["entry"],
                lesion=lesion,
                slot=sent.get("slot", 0),
                turn=Turn(seen=sent.get("seen")),
            )
        return {"entry": findings.draft_entry(kept) if kept else None}


class DraftEntryView(Endpoint):
    """One field of the draft."""

    @operation("discard_entry", "Forget one field of the draft", tag=TAG, gives=None, places=["case_id", "entry_id"])
    def delete(self, call: Call, case_id: UUID, entry_id: int) -> Any:
        """As if it had not been typed."""
        case = enter_case(by=call.by, permission=CASE_WRITE, case_id=case_id)
        entry = draft_of(case).filter(pk=entry_id).first()
        if entry is None:
            raise Http404
        discard_entry(by=call.by, case=case, key=entry.key, lesion=entry.lesion, slot=entry.slot)


class CaseFindingsView(Endpoint):
    """What is recorded."""

    @operation(
        "list_findings",
        "What counts in the case, newest first",
        "Facts about the patient count in each of the patient's cases, those about a lesion in its own. What was corrected is left out.",
        tag=TAG,
        gives=a_page_of(findings.FINDING),
        query=PAGING,
        places=["case_id"],
    )
    def get(self, call: Call, case_id: UUID) -> Any:
        """As the rules read it."""
        case = enter_case(by=call.by, permission=PATIENT_READ, case_id=case_id)
        return a_page(findings_of(case).reverse(), call.query, lambda one: findings.finding(one, case.patient.survivor))

    @operation(
        "record_draft",
        "Record the draft: its fields become findings",
        "All or nothing. The draft is empty afterwards, so a call that is repeated records nothing. Findings are never changed: a later "
        "one corrects an earlier one.",
        tag=TAG,
        body=findings.RECORD,
        gives=findings.RECORDED,
        places=["case_id"],
        refuses="Fields are in error. Each is named, and nothing was recorded.",
        conflicts="The draft was changed meanwhile.",
    )
    def post(self, call: Call, case_id: UUID) -> Any:
        """All of it, or what is named."""
        case = enter_case(by=call.by, permission=CASE_WRITE, case_id=case_id)
        named = call.body.get("entries")
        only = None if named is None else list(DraftEntry.objects.filter(case=case, pk__in=named))
        made = record(by=call.by, case=case, only=only)
        return {"items": [findings.finding(one, case.patient.survivor) for one in made]}


class PreviewView(Endpoint):
    """What would be said of the case as it stands."""

    @operation(
        "preview_case",
        "What the rules say of findings and draft together; nothing is stored",
        "Fields of the draft that are in error are left out. It is what stands beside case entry.",
        tag=TAG,
        gives=ASSESSMENT,
        places=["case_id"],
        refuses="The case cannot be judged as it stands.",
    )
    def get(self, call: Call, case_id: UUID) -> Any:
        """Today, for the clinic's jurisdiction."""
        case = enter_case(by=call.by, permission=CASE_WRITE, case_id=case_id)
        clinic = case.patient.clinic
        document = case_document(case, include_draft=True)
        return judge(document, current(), on=timezone.localdate(timezone=clinic.zone), jurisdiction=clinic.jurisdiction).as_json()


class CaseAssessmentsView(Endpoint):
    """The assessments of a case."""

    @operation(
        "list_assessments",
        "The case's assessments, newest first",
        tag=TAG,
        gives=a_page_of(assessments.ASSESSMENT_IN_LIST),
        query=PAGING,
        places=["case_id"],
    )
    def get(self, call: Call, case_id: UUID) -> Any:
        """In short."""
        case = enter_case(by=call.by, permission=PATIENT_READ, case_id=case_id)
        return a_page(assessments_of(case), call.query, assessments.assessment_in_list)

    @operation(
        "assess_case",
        "Have what is recorded assessed",
        "Under the current release, for the clinic's jurisdiction. While nothing has changed it answers with the same assessment, so "
        "repeating it makes nothing twice.",
        tag=TAG,
        body=assessments.NEW_ASSESSMENT,
        gives=assessments.STORED,
        status=201,
        also={200: "Nothing has changed since the newest assessment, which is sent"},
        places=["case_id"],
        refuses="The case cannot be judged as it is recorded, or not for this day.",
        conflicts="The case is being changed.",
    )
    def post(self, call: Call, case_id: UUID) -> Any:
        """And keep the result."""
        case = enter_case(by=call.by, permission=ASSESS, case_id=case_id)
        before = newest_assessment(case)
        made = assess_case(by=call.by, case=case, on=day(call.body["on"]) if "on" in call.body else None)
        return Made(assessments.assessment(made), 200 if made == before else 201)


@contextmanager
def refusing(key: str, value: str) -> Iterator[None]:
    """What an action says of a thing that no page of ours sends is an answer here: a program may well send it."""
    try:
        yield
    except CaseError:
        raise
    except ValueError as error:
        raise Mistakes(HTTPStatus.UNPROCESSABLE_ENTITY, [Mistake(str(error), key, value)]) from error


def lesion_of(by: User, permission: str, case: Case, lesion_id: str | None) -> Lesion | None:
    """The lesion that is named; nothing for what belongs to the patient. Raises Http404."""
    return enter_lesion(by=by, permission=permission, case=case, lesion_id=UUID(lesion_id)) if lesion_id else None
