"""What needs me now: each role sees its own, the gravest first."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions import assess_case, start_review
from calcinosis_app.patients.actions import save_entry
from calcinosis_app.patients.models import Case
from tests.cast import SignIn
from tests.factories.case import make_case, only_lesion, record_finding
from tests.factories.patient import make_patient
from tests.factories.reminder import ONCE, make_reminders


def home(user: User, sign_in: SignIn) -> str:
    response = sign_in(user).get("/")
    assert response.status_code == 200
    return response.content.decode()


def necrotic(case: Case, clara: User) -> None:
    record_finding(clara, case, "vessel_calcification_on_histology", lesion=only_lesion(case), answer="yes")
    assess_case(by=clara, case=case)


def test_emergencies_stand_before_everything_else(clara: User, sign_in: SignIn) -> None:
    calm = make_case(clara, make_patient(clara, family_name="Calm"))
    record_finding(clara, calm, "painful", lesion=only_lesion(calm), answer="yes")
    grave = make_case(clara, make_patient(clara, family_name="Grave"))
    necrotic(grave, clara)
    assess_case(by=clara, case=calm)

    page = home(clara, sign_in)
    assert page.index("Grave") < page.index("Calm")
    assert "Calciphylaxis" in page
    assert page.index("Emergencies, not signed") < page.index("Assessed and not signed")


def test_a_lesion_is_named_by_its_place(clara: User, sign_in: SignIn) -> None:
    for name in ("Amsel", "Birke", "Carow"):
        case = make_case(clara, make_patient(clara, family_name=name))
        record_finding(clara, case, "site", lesion=only_lesion(case), code="thigh")
        record_finding(clara, case, "side", lesion=only_lesion(case), code="left")
        assess_case(by=clara, case=case)

    with CaptureQueriesContext(connection) as read:
        page = home(clara, sign_in)
    heavy = [one["sql"] for one in read if '"findings"' in one["sql"] or '"rulebooks_release"."content"' in one["sql"]]
    assert len(heavy) <= 3, "however many wait, what they rest on is read at once"
    assert page.count("L1 \u00b7 left thigh: ") == 3
    assert "L1 \u00b7 left thigh: " in sign_in(clara).get(reverse("desk:case", args=[case.pk])).content.decode()


def test_an_open_review_and_a_draft_are_named_once(clara: User, sign_in: SignIn) -> None:
    case = make_case(clara)
    record_finding(clara, case, "painful", lesion=only_lesion(case), answer="yes")
    start_review(by=clara, assessment=assess_case(by=clara, case=case))
    save_entry(by=clara, case=case, key="albumin", raw={"value": "40"})

    page = home(clara, sign_in)
    assert "Your open reviews" in page
    assert "Assessed and not signed" not in page
    assert "1 typed, not recorded" in page
    assert reverse("desk:entry", args=[case.pk]) in page


def test_an_emergency_stays_on_top_when_its_review_was_begun(clara: User, sign_in: SignIn) -> None:
    grave = make_case(clara, make_patient(clara, family_name="Grave"))
    necrotic(grave, clara)
    start_review(by=clara, assessment=assess_case(by=clara, case=grave))

    page = home(clara, sign_in)
    assert page.count("Grave") == 1
    assert "Emergencies, not signed" in page
    assert "your review begun" in page


def test_a_reminder_is_one_line_that_begins_with_a_capital(clara: User, nadia: User, sign_in: SignIn) -> None:
    make_reminders(clara)

    said = re.findall(r'home-item__says">([^<]*)<', home(nadia, sign_in))
    assert said
    for one in said:
        assert one[0].isupper()
        assert len(one) <= 80


def test_an_outdated_plan_is_said_with_its_reminders(clara: User, nadia: User, sign_in: SignIn) -> None:
    case = make_reminders(clara)[ONCE].review.assessment.case
    record_finding(clara, case, "phosphate", value="2.4", unit="mmol/L")

    assert "plan outdated" in home(nadia, sign_in)
    assert "Plans outdated" in home(clara, sign_in)


def test_where_nothing_waits_it_says_so(nadia: User, ada: User, clara: User, sign_in: SignIn) -> None:
    assert "Nothing needs you now" in home(ada, sign_in)
    assert "Nothing needs you now" in home(nadia, sign_in)
    make_reminders(clara)
    assert "What needs you now" in home(nadia, sign_in)


def test_a_stranger_sees_nothing_of_another_clinic(clara: User, sven: User, sign_in: SignIn) -> None:
    necrotic(make_case(clara), clara)

    assert "Lind" not in home(sven, sign_in)


@pytest.mark.parametrize(
    ("who", "sees", "not_this"),
    [
        ("karl", "Release 1", "Reminders"),
        ("ada", "People of your clinic", "Patients"),
        ("nadia", "Nothing is due today", "People of your clinic"),
    ],
)
def test_each_role_sees_its_own(request: pytest.FixtureRequest, sign_in: SignIn, who: str, sees: str, not_this: str) -> None:
    page = home(request.getfixturevalue(who), sign_in)

    assert sees in page
    assert not_this not in page


def test_nobody_signed_in_is_asked_to(client: Client, release: object) -> None:
    response = client.get("/")
    assert response["Location"].startswith("/sign-in/")


def test_days_are_those_of_the_clinics_calendar(clara: User, sign_in: SignIn) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), tick=False):  # the 23rd in Berlin
        case = make_case(clara, make_patient(clara))
        record_finding(clara, case, "painful", lesion=only_lesion(case), answer="yes")
        start_review(by=clara, assessment=assess_case(by=clara, case=case))
        page = home(clara, sign_in)

    assert "begun 23 Nov 2026" in page
