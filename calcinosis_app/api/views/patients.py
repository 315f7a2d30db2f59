"""Patients, and what belongs to a patient."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from calcinosis_app.accounts.permissions import CASE_WRITE, PATIENT_READ, PATIENT_WRITE, REMINDER_WORK
from calcinosis_app.accounts.policy import may, require
from calcinosis_app.api.endpoint import Endpoint
from calcinosis_app.api.operation import Call, Made, operation
from calcinosis_app.api.paging import a_page
from calcinosis_app.api.shapes import findings, patients, reminders
from calcinosis_app.api.shapes.parts import PAGING, a_page_of, text
from calcinosis_app.core.once import MadeAndGone, once
from calcinosis_app.followups.selectors import reminders_of, today_in
from calcinosis_app.patients.access import enter_patient
from calcinosis_app.patients.actions import correct_patient, create_patient, open_case
from calcinosis_app.patients.selectors import cases_of, known_of, search_patients
from calcinosis_app.patients.typed import day

TAG = "patients"
MOST_FOUND = 50


class PatientsView(Endpoint):
    """All patients of the clinic."""

    @operation(
        "create_patient",
        "Take a patient into the clinic's care",
        tag=TAG,
        body=patients.NEW_PATIENT,
        gives=patients.PATIENT,
        status=201,
        also={200: "The patient that the first call with this key created"},
        refuses="A name is blank, the number belongs to another patient, or the birth date cannot be.",
        conflicts="Patients may be the same person, by the ids that the text names; or the key was used with other content.",
        once=True,
    )
    def post(self, call: Call) -> Any:
        """Of the caller's own clinic."""
        require(call.by, PATIENT_WRITE)
        sent = call.body
        made = once(
            by=call.by,
            key=call.key,
            purpose="patient.create",
            content=sent,
            act=lambda: create_patient(
                by=call.by,
                **_particulars(sent),
                somebody_else=[UUID(one) for one in sent.get("somebody_else") or ()],
            ),
        )
        if made.again and not may(call.by, PATIENT_WRITE, made.row):
            raise MadeAndGone("The patient that the first call created was transferred to another clinic since. Nobody was created now.")
        return Made(patients.patient(made.row), 200 if made.again else 201)


def _particulars(sent: Mapping[str, Any]) -> dict[str, Any]:
    born = sent.get("birth_date")
    given = {name: sent[name] for name in ("number", "family_name", "given_name")}
    return {**given, "birth_date": day(born) if born else None, "sex": sent.get("sex") or ""}


class PatientSearchView(Endpoint):
    """Finding a patient."""

    @operation(
        "search_patients",
        "Find patients of the clinic",
        "By family name, given name and number. At most 50 are sent, and whether there are more.",
        tag=TAG,
        body=patients.SEARCH,
        gives=patients.FOUND,
    )
    def post(self, call: Call) -> Any:
        """Nobody is opened by being found."""
        require(call.by, PATIENT_READ)
        found = search_patients(call.by, call.body["text"])[: MOST_FOUND + 1]
        return {"items": [patients.patient(one) for one in found[:MOST_FOUND]], "more": len(found) > MOST_FOUND}


class PatientView(Endpoint):
    """One patient."""

    @operation(
        "read_patient",
        "One patient",
        "It is written down that the person opened the patient, here and with everything below.",
        tag=TAG,
        gives=patients.PATIENT,
        places=["patient_id"],
    )
    def get(self, call: Call, patient_id: UUID) -> Any:
        """Who it is."""
        return patients.patient(enter_patient(by=call.by, permission=PATIENT_READ, patient_id=patient_id))

    @operation(
        "correct_patient",
        "Correct who the patient is",
        "What it was stays in the history. Another birth date or sex makes signed plans outdated.",
        tag=TAG,
        body=patients.CORRECTED,
        gives=patients.PATIENT,
        places=["patient_id"],
        refuses="A name is blank, the number belongs to another patient, or the birth date cannot be.",
        conflicts="Somebody else corrected it meanwhile, or it is a practice case.",
    )
    def put(self, call: Call, patient_id: UUID) -> Any:
        """Whole."""
        found = enter_patient(by=call.by, permission=PATIENT_WRITE, patient_id=patient_id)
        return patients.patient(correct_patient(by=call.by, patient=found, **_particulars(call.body), seen=call.body.get("seen")))


class PatientCasesView(Endpoint):
    """The cases of a patient."""

    @operation(
        "list_cases",
        "The patient's cases, newest first",
        tag=TAG,
        gives=a_page_of(patients.CASE_IN_LIST),
        query=PAGING,
        places=["patient_id"],
    )
    def get(self, call: Call, patient_id: UUID) -> Any:
        """In short."""
        found = enter_patient(by=call.by, permission=PATIENT_READ, patient_id=patient_id)
        return a_page(cases_of(found), call.query, patients.case_in_list)

    @operation(
        "open_case",
        "Open a case, with its first lesion L1",
        tag=TAG,
        body=patients.NEW_CASE,
        gives=patients.CASE_OF_PATIENT,
        status=201,
        also={200: "The case that the first call with this key opened"},
        places=["patient_id"],
        refuses="The title cannot be.",
        conflicts="The once-only key was used with other content before.",
        once=True,
    )
    def post(self, call: Call, patient_id: UUID) -> Any:
        """One presentation of calcinosis."""
        found = enter_patient(by=call.by, permission=CASE_WRITE, patient_id=patient_id)
        made = once(
            by=call.by,
            key=call.key,
            purpose=f"case.open {found.pk}",
            content=call.body,
            act=lambda: open_case(by=call.by, patient=found, title=call.body.get("title", "")),
        )
        return Made(patients.case(made.row), 200 if made.again else 201)


class PatientFindingsView(Endpoint):
    """What is known of the patient, in every case."""

    @operation(
        "list_patient_findings",
        "The patient's findings: laboratory results, and answers that count in every case; newest first",
        "Findings of lesions stand with their case. What was corrected is left out.",
        tag=TAG,
        gives=a_page_of(findings.FINDING),
        query={**PAGING, "key": text("Only of this fact, for example all results of phosphate.", most=100, least=1, example="phosphate")},
        places=["patient_id"],
    )
    def get(self, call: Call, patient_id: UUID) -> Any:
        """Read as on the day of each."""
        found = enter_patient(by=call.by, permission=PATIENT_READ, patient_id=patient_id)
        return a_page(known_of(found, key=call.query.get("key")), call.query, lambda one: findings.finding(one, found))


class PatientRemindersView(Endpoint):
    """Everything that was, is or will be due for a patient."""

    @operation(
        "list_patient_reminders",
        "The patient's reminders, by the day on which they are due",
        tag=TAG,
        gives=a_page_of(reminders.REMINDER),
        query=PAGING,
        places=["patient_id"],
    )
    def get(self, call: Call, patient_id: UUID) -> Any:
        """Open and closed."""
        found = enter_patient(by=call.by, permission=REMINDER_WORK, patient_id=patient_id)
        today = today_in(found.clinic)
        return a_page(reminders_of(found), call.query, lambda one: reminders.reminder(one, today))
