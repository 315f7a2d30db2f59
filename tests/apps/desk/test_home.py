"""What needs me now: each role sees its own, the gravest first."""

import pytest
from django.urls import reverse

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions import assess_case, start_review
from calcinosis_app.patients.actions import save_entry
from calcinosis_app.patients.models import Case
from tests.cast import SignIn
from tests.factories.case import make_case, only_lesion, record_finding
from tests.factories.patient import make_patient


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
    assert "calciphylaxis" in page


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


def test_nobody_signed_in_is_asked_to(client: object, release: object) -> None:
    response = client.get("/")  # type: ignore[attr-defined]
    assert response["Location"].startswith("/sign-in/")
