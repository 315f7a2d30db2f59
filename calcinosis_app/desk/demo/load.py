"""Fills an empty demo through the same actions as everybody's work."""

import json
from datetime import date, timedelta
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
from calcinosis_app.desk.demo.cast import CASES, HILL, PEOPLE, RIVERSIDE, YEAR, DemoCase
from calcinosis_app.desk.demo.long_story import tell
from calcinosis_app.desk.demo.typed import as_typed
from calcinosis_app.followups.actions import sweep
from calcinosis_app.patients.actions import add_lesion, create_patient, open_case, record, save_entry
from calcinosis_app.patients.bridge import enterable_fact
from calcinosis_app.patients.models import Case, Lesion
from calcinosis_app.patients.selectors import lesions_of

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
    person = content["patient"]
    patient = create_patient(
        by=by,
        number=demo.number,
        family_name=demo.family_name,
        given_name=demo.given_name,
        birth_date=_born(person, by),
        sex=person.get("sex") or "",
    )
    case = open_case(by=by, patient=patient, title=content["title"])
    lesions = [*lesions_of(case), *(add_lesion(by=by, case=case) for _ in content["lesions"][1:])]
    for lesion, block in zip(lesions, content["lesions"], strict=True):
        _type_findings(case, block["findings"], lesion, by)
    _type_findings(case, person.get("findings", {}), lesions[0], by)
    return case


def _type_findings(case: Case, findings: dict[str, Any], lesion: Lesion, by: User) -> None:
    for key, slot, raw in as_typed(findings):
        is_local = enterable_fact(key).scope == "lesion"
        save_entry(by=by, case=case, key=key, slot=slot, raw=raw, lesion=lesion if is_local else None)


def _born(person: dict[str, Any], by: User) -> date | None:
    """A birthday that gives the published age today; open where the source gives none."""
    today = timezone.localdate(timezone=by.clinic.zone) if by.clinic else timezone.localdate()
    if "age_days" in person:
        return today - timedelta(days=int(person["age_days"]))
    if "age_years" in person:
        return today - float(person["age_years"]) * YEAR - timedelta(days=40)
    return None


def _sign(assessment: Assessment, by: User) -> None:
    """Accepts what the rules offer, and signs."""
    review = start_review(by=by, assessment=assessment)
    for option in assessment.outcome["options"]:
        if option["status"] in TO_BE_TAKEN_UP:
            decide_step(by=by, review=review, decision="accept", treatment=option["treatment"], lesion=option["lesion"] or "")
    sign(by=by, review=review)
