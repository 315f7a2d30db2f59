"""The small world in which the interface is tried with whatever fits its document, and with what does not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.test import Client
from django.utils import timezone

from calcinosis_app.accounts.actions import make_token, open_emergency
from calcinosis_app.accounts.models import User
from calcinosis_app.followups.actions import sweep
from calcinosis_app.followups.models import Reminder
from calcinosis_app.laboratory.models import Line
from calcinosis_app.patients.actions import add_lesion, hold_back, merge_patients, offer_transfer, save_entry
from calcinosis_app.patients.models import DraftEntry
from tests.factories.assessment import let_override, make_assessment, make_plan, make_review, make_sclerosis_case
from tests.factories.laboratory import csv_of, dry_run, result_of
from tests.factories.patient import make_patient
from tests.factories.release import stored_release
from tests.factories.user import make_clinic, make_user

NAMES = {"/worked-cases/": "G01", "/tables/": "classification", "/treatments/": "diltiazem", "/lists/": "follow_up"}
OF_ADMINISTRATORS = ("/people", "/health", "/retention")


@dataclass
class World:
    """Who calls, and what stands in the places of addresses."""

    tokens: dict[str, str] = field(default_factory=dict)
    places: dict[str, Any] = field(default_factory=dict)

    def token(self, path: str) -> str:
        """Of somebody who may call it."""
        if "/emergency-notices" in path:
            return self.tokens["ada"]
        return self.tokens["ada" if any(one in path for one in OF_ADMINISTRATORS) else "nadia" if "/laboratory" in path else "clara"]

    def place(self, path: str, name: str, value: Any) -> Any:
        """Something that is there, in the place of something that is not."""
        if name == "name":
            return next((one for part, one in NAMES.items() if part in path), value)
        return self.places.get(name, value)


@contextmanager
def small_world() -> Iterator[World]:
    """One clinic with a case in every state; all of it is gone afterwards."""
    with transaction.atomic():
        yield made()
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def made() -> World:
    """The same, to be kept."""
    stored_release()
    riverside = make_clinic("Riverside clinic")
    cast = {
        "clara": make_user("clara", "Dr Clara Winter", "clinician", clinic=riverside),
        "nadia": make_user("nadia", "Nadia Brook", "nurse", clinic=riverside),
        "ada": make_user("ada", "Ada Moss", "administrator", clinic=riverside),
    }
    hill = make_clinic("Hill clinic", time_zone="Europe/London", jurisdiction="uk")
    sven = make_user("sven_of_hill", "Sven Holt", "clinician", clinic=hill)
    guest = make_user("gil", "Gil Aster", "clinician", clinic=riverside)
    world = World(tokens={name: make_token(by=user, label="fuzz")[1] for name, user in cast.items()})
    clara = cast["clara"]
    let_override(clara, cast["ada"])
    case = make_sclerosis_case(clara)
    lesion = add_lesion(by=clara, case=case)
    save_entry(by=clara, case=case, key="phosphate", raw={"value": "9,7", "unit": "mg/dL"})
    review = make_review(clara, make_assessment(clara, case))
    make_plan(clara)
    sweep()
    source = dry_run(clara, csv_of(result_of(case.patient), result_of(case.patient, value="900")))
    # Not into the patient of the case, who is offered to another clinic below, and merged records are not.
    other, duplicate = make_patient(clara, given_name="Wilma"), make_patient(clara, given_name="Wera")
    merge_patients(by=clara, survivor=other, duplicate=duplicate, reason="identity card seen")
    world.places = {
        "patient_id": case.patient_id,
        "other_id": other.pk,
        "duplicate_id": duplicate.pk,
        "hold_id": hold_back(by=cast["ada"], patient=case.patient, reason="a complaint is pending").pk,
        "case_id": case.pk,
        "lesion_id": lesion.pk,
        "entry_id": DraftEntry.objects.get(case=case).pk,
        "assessment_id": review.assessment_id,
        "review_id": review.pk,
        "lesion": "L1",
        "reminder_id": Reminder.objects.first(),
        "import_id": source.pk,
        "line_id": Line.objects.filter(source=source).first(),
        "number": 1,
        "row": "c1.1",
        "permission": "override_absolute",
        "person_id": guest.pk,
        "token_id": make_token(by=guest, label="bridge")[0].pk,
        "session_id": _session(guest),
        "offer_id": offer_transfer(by=clara, patient=case.patient, clinic=hill, reason="moved away").pk,
        "access_id": open_emergency(by=sven, clinic=riverside, record_id=case.patient.record_id, reason="brought in unconscious").pk,
    }
    world.places = {name: str(getattr(one, "pk", one)) for name, one in world.places.items()}
    return world


def _session(user: User) -> int:
    browser = Client()
    browser.force_login(user)
    known = UserSession.objects.create(
        user=user, session_key=browser.session.session_key, ip="10.1.2.3", user_agent="test", last_seen_at=timezone.now()
    )
    return int(known.pk)
