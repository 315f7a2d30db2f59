"""Fills an empty demo through the same actions as everybody's work."""

import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from calcinosis_app.accounts.actions import create_clinic, create_user, give_role
from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.selectors import clinics
from calcinosis_app.assessments.actions import assess_case, decide_step, sign, start_review
from calcinosis_app.assessments.models import Assessment
from calcinosis_app.audit.actors import System
from calcinosis_app.desk.demo.cast import CASES, HILL, PEOPLE, RIVERSIDE, DemoCase
from calcinosis_app.desk.demo.long_story import tell
from calcinosis_app.desk.worked.enter import born, type_into
from calcinosis_app.followups.actions import sweep
from calcinosis_app.patients.actions import create_patient, open_case, record
from calcinosis_app.patients.models import Case

DEMO = System("demo")
TO_BE_TAKEN_UP = ("offered", "caution")


@transaction.atomic
def load(*, password: str) -> bool:
    """Makes clinics, people and cases. Returns False, and changes nothing, when they are there already."""
    if clinics().filter(name=RIVERSIDE["name"]).exists():
        return False
    places = {one["name"]: create_clinic(by=DEMO, **one) for one in (RIVERSIDE, HILL)}
    people: dict[str, User] = {}
    for person in PEOPLE:
        user = create_user(
            by=DEMO, username=person.username, display_name=person.display_name, password=password, clinic=places[person.clinic]
        )
        give_role(by=DEMO, user=user, role=person.role)
        people[person.username] = user
    for case in CASES:
        _load_case(case, people[case.by])
    tell(people["clara"])
    sweep()
    return True


def _load_case(demo: DemoCase, by: User) -> None:
    content = json.loads((settings.BASE_DIR / "clinical_rules" / "knowledge" / "cases" / f"{demo.file}.json").read_text(encoding="utf-8"))
    case = _type(demo, content, by)
    if demo.state == "typed":
        return
    record(by=by, case=case)
    if demo.state == "recorded":
        return
    assessment = assess_case(by=by, case=case)
    if demo.state == "signed":
        _sign(assessment, by)


def _type(demo: DemoCase, content: dict[str, Any], by: User) -> Case:
    """A new patient and case with everything typed, nothing recorded."""
    person, today = content["patient"], timezone.localdate(timezone=by.clinic.zone) if by.clinic else timezone.localdate()
    patient = create_patient(
        by=by,
        number=demo.number,
        family_name=demo.family_name,
        given_name=demo.given_name,
        birth_date=born(person, today),
        sex=person.get("sex") or "",
        somebody_else=None,
    )
    case = open_case(by=by, patient=patient, title=content["title"])
    type_into(by=by, case=case, document=content, on=today)
    return case


def _sign(assessment: Assessment, by: User) -> None:
    """Accepts what the rules offer, and signs."""
    review = start_review(by=by, assessment=assessment)
    for option in assessment.outcome["options"]:
        if option["status"] in TO_BE_TAKEN_UP:
            decide_step(by=by, review=review, decision="accept", treatment=option["treatment"], lesion=option["lesion"] or "")
    sign(by=by, review=review)
