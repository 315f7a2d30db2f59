"""Every address about one patient, from the URL map: each opening is written down, in an emergency with a mark.

A new address with a new kind of place fails here until somebody says what it is about. Who is let in where stands in
tests/everywhere/matrix.txt.
"""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.audit.models import Event
from calcinosis_app.followups.models import Reminder
from calcinosis_app.patients.actions import save_entry
from calcinosis_app.patients.models import Patient
from calcinosis_app.rulebooks.models import Release
from tests.cast import SignIn
from tests.factories.case import only_lesion
from tests.factories.emergency import in_emergency, make_offer
from tests.factories.patient import make_patient
from tests.factories.reminder import ONCE, make_reminders
from tests.factories.user import make_clinic, make_user
from tests.url_map import addresses

# What an address may name, and whether that is about one patient.
ABOUT_A_PATIENT = {
    "patient_id",
    "case_id",
    "lesion_id",
    "assessment_id",
    "review_id",
    "reminder_id",
    "offer_id",
    "entry_id",
    "other_id",
    "duplicate_id",
}
ABOUT_NO_PATIENT = {
    "alarm_id",  # an answer to one of the release's own cases
    "form",  # of a file of the rules
    "access_id",  # a notice or one's own emergency: whose it is stands on pages of its own
    "hold_id",  # a record that is kept from removal: named by its number only
    "import_id",  # a file of many: opening it leaves an event of its own
    "number",
    "key",
    "name",
    "path",
    "pk",
    "row",
    "secret",
    "table",
    "treatment",
    "content_type_id",
    "object_id",
    "app_label",
    "url",
    "delimiter",
    "lesion",  # a label; the review beside it is the patient's
    "line_id",  # a line of a file
    "permission",
    "person_id",
    "session_id",
    "token_id",
}
# The interface refuses a body that it cannot read before it looks for the patient: the same answer for everybody, and about nobody.
UNREAD = 400


ALL = sorted(((one.name, one.places) for one in addresses() if one.places), key=lambda one: one[0])
PAGES = [(name, sorted(places)) for name, places in ALL if places & ABOUT_A_PATIENT]


@pytest.fixture
def tom(release: Release) -> User:
    """A clinician of a third clinic, to which nothing was offered."""
    return make_user("tom", "Tom Third", "clinician", clinic=make_clinic("Third clinic"))


@pytest.fixture
def places(clara: User, hill: Clinic) -> dict[str, Any]:
    """Something of one patient in each of the places."""
    reminder: Reminder = make_reminders(clara)[ONCE]
    case = reminder.review.assessment.case
    entry = save_entry(by=clara, case=case, key="albumin", raw={"value": "40"})
    assert entry is not None
    return {
        "patient_id": case.patient_id,
        "case_id": case.pk,
        "entry_id": entry.pk,
        "lesion_id": only_lesion(case).pk,
        "assessment_id": reminder.review.assessment_id,
        "review_id": reminder.review_id,
        "reminder_id": reminder.pk,
        "offer_id": make_offer(clara, case.patient, hill).pk,
        "other_id": make_patient(clara).pk,
        "duplicate_id": make_patient(clara).pk,
    }


def test_every_place_is_known() -> None:
    unknown = {(name, place) for name, places in ALL for place in places - ABOUT_A_PATIENT - ABOUT_NO_PATIENT}
    assert not unknown, f"Say in this file whether these are about one patient: {sorted(unknown)}"
    assert len(PAGES) > 25


def asked(browser: Client, name: str, named: list[str], places: dict[str, Any]) -> int:
    """The status of the page, or of what can be sent where the address has no page."""
    url = reverse(name, kwargs={place: places.get(place, "L1") for place in named})
    sent: dict[str, Any] = {"data": {}, "content_type": "application/json"} if name.startswith("api:") else {}
    for method, with_what in (("get", {}), ("post", sent), ("put", sent), ("delete", {})):
        answer = getattr(browser, method)(url, **with_what)
        if answer.status_code != 405:
            return int(answer.status_code)
    raise AssertionError(f"{name} answers to no method")


def test_every_opening_is_written_down(sign_in: SignIn, clara: User, places: dict[str, Any]) -> None:
    opened = Event.objects.filter(action="patient.opened", subject_id=str(places["patient_id"]), actor_id=str(clara.pk))
    silent = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for name, named in PAGES:
            clock.shift(timedelta(minutes=16))  # within a quarter of an hour it would be the same look
            before = opened.count()
            status = asked(sign_in(clara), name, named, places)
            if opened.count() == before and status != UNREAD:
                silent.append(f"{name}: {status}")
    assert not silent


def test_a_stranger_finds_nothing_anywhere(sign_in: SignIn, tom: User, places: dict[str, Any]) -> None:
    found = {name: status for name, named in PAGES if (status := asked(sign_in(tom), name, named, places)) not in (404, UNREAD)}

    assert not found
    assert not Event.objects.filter(action="patient.opened", actor_id=str(tom.pk)).exists()


def test_whatever_is_read_in_an_emergency_is_marked_and_nothing_else_is_done(sign_in: SignIn, tom: User, places: dict[str, Any]) -> None:
    access = in_emergency(tom, Patient.objects.get(pk=places["patient_id"]))
    before = set(Event.objects.values_list("pk", flat=True))

    statuses = {name: asked(sign_in(tom), name, named, places) for name, named in PAGES}

    assert set(statuses.values()) == {200, 404, UNREAD}
    events = Event.objects.exclude(pk__in=before)
    assert {(event.action, event.detail["emergency"]) for event in events} == {("patient.opened", str(access.pk))}
