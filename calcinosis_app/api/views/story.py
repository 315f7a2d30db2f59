"""Who changed what and when, who has seen a patient, and the chart: what the pages of the same names tell."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase, QueryDict

from calcinosis_app.accounts.access import enter_person
from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import ACCESS_WATCH, LABORATORY_IMPORT, PATIENT_READ, PEOPLE_MANAGE
from calcinosis_app.accounts.policy import require
from calcinosis_app.api.endpoint import Endpoint
from calcinosis_app.api.operation import Call, operation
from calcinosis_app.api.paging import LIMIT
from calcinosis_app.api.shapes import story as shapes
from calcinosis_app.api.shapes.parts import PAGING, a_page_of, text
from calcinosis_app.api.shapes.parts import day as a_day
from calcinosis_app.assessments.access import enter_assessment
from calcinosis_app.desk.chart.page import Chart
from calcinosis_app.desk.history import pages
from calcinosis_app.desk.history.moments import Told, moments
from calcinosis_app.desk.pathway import Page
from calcinosis_app.desk.seen import seen_by
from calcinosis_app.followups.access import enter_reminder
from calcinosis_app.patients.access import enter_case, enter_patient
from calcinosis_app.patients.typed import day

TAG = "history"


def of_patient(by: User, patient_id: UUID) -> list[Told]:
    """Who the patient is, the cases, merges, transfers, and what a laboratory sent."""
    found = enter_patient(by=by, permission=PATIENT_READ, patient_id=patient_id)
    return pages.of_patient(found, alone=by.emergency is not None)


def of_case(by: User, case_id: UUID) -> list[Told]:
    """The case with its lesions; what was typed, recorded and corrected; what was made of it."""
    return pages.of_case(enter_case(by=by, permission=PATIENT_READ, case_id=case_id))


def of_assessment(by: User, assessment_id: UUID) -> list[Told]:
    """Its reviews with every decision, also those that were changed, withdrawn or carried over."""
    found = enter_assessment(by=by, permission=PATIENT_READ, assessment_id=assessment_id)
    return pages.of_assessment(found, Page(found, by).titles)


def of_reminder(by: User, reminder_id: UUID) -> list[Told]:
    """The reminder, and the plan from which it was written."""
    return pages.of_reminder(enter_reminder(by=by, reminder_id=reminder_id))


def of_person(by: User, person_id: UUID) -> list[Told]:
    """Details, roles and permissions; links, second factors and tokens, without their secrets."""
    return pages.of_person(enter_person(by=by, pk=person_id))


def of_people(by: User) -> list[Told]:
    """The clinic, its people and their rights."""
    require(by, PEOPLE_MANAGE)
    return pages.of_clinic(by.clinic) if by.clinic else []


def of_laboratory(by: User) -> list[Told]:
    """What the clinic has said of codes and units, and its imports."""
    require(by, LABORATORY_IMPORT)
    return pages.of_laboratory(by.clinic) if by.clinic else []


def history_view(told: Callable[..., list[Told]], of: str, place: str = "") -> Callable[..., HttpResponseBase]:
    """The history of one kind of thing. `place` is the name in the address, where it has one."""

    class HistoryView(Endpoint):
        """Who changed what and when."""

        @operation(
            f"history_of_{of}",
            f"Who changed what and when: {of.replace('_', ' ')}, newest first",
            f"{told.__doc__} The database keeps this itself, also of changes past the application.",
            tag=TAG,
            gives=a_page_of(shapes.MOMENT),
            query=PAGING,
            places=[place] if place else [],
        )
        def get(self, call: Call, **named: Any) -> Any:
            """Gathered by person and time."""
            found = moments(told(call.by, **named))
            limit, offset = call.query.get("limit", LIMIT), call.query.get("offset", 0)
            items = [shapes.moment_told(one) for one in found[offset : offset + limit]]
            return {"items": items, "total": len(found), "limit": limit, "offset": offset}

    view: Callable[..., HttpResponseBase] = HistoryView.as_view()
    return view


class SeenView(Endpoint):
    """Who has seen a patient."""

    @operation(
        "seen_by",
        "Who has seen the patient, and what each did",
        tag=TAG,
        gives=shapes.SEEN_BY,
        query={
            "person": text("Only what this person did, by the id that the answer gives.", most=64, least=1),
            "since": a_day("From this day on.", example="2026-03-01"),
            "until": a_day("Up to this day.", example="2026-03-31"),
        },
        places=["patient_id"],
    )
    def get(self, call: Call, patient_id: UUID) -> Any:
        """Days are the clinic's."""
        found = enter_patient(by=call.by, permission=ACCESS_WATCH, patient_id=patient_id)
        since, until = (day(call.query[name]) if name in call.query else None for name in ("since", "until"))
        return shapes.seen_by(seen_by(found, found.clinic, person=call.query.get("person", ""), since=since, until=until))


class ChartView(Endpoint):
    """The measurements over time."""

    @operation("read_chart", "The patient's measurements over time", tag=TAG, gives=shapes.CHART, places=["patient_id"])
    def get(self, call: Call, patient_id: UUID) -> Any:
        """All of them; lesions, assessments and reminders have addresses of their own."""
        found = enter_patient(by=call.by, permission=PATIENT_READ, patient_id=patient_id)
        return shapes.chart(Chart(found, call.by, QueryDict()))
