"""The demo: invented people, published cases, loaded once through the real actions."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.models import Assessment, Review
from calcinosis_app.desk.demo.cast import CASES, PEOPLE
from calcinosis_app.followups.models import Reminder
from calcinosis_app.patients.models import Case, DraftEntry


def load_demo() -> str:
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("release")
def test_the_demo_is_loaded_once_and_says_each_time_how_to_sign_in() -> None:
    first = load_demo()

    assert User.objects.count() == len(PEOPLE)
    assert Case.objects.count() == len(CASES)
    assert Assessment.objects.count() == sum(case.state in ("assessed", "signed") for case in CASES)
    assert DraftEntry.objects.exists()
    assert Review.objects.get().is_signed
    assert Reminder.objects.exists()
    password = first.split("password ")[1].split()[0]
    assert User.objects.get(username="nadia").check_password(password)

    assert load_demo() == first
    assert Case.objects.count() == len(CASES)


def test_invented_people_are_not_loaded_among_real_ones(settings: pytest.FixtureRequest) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="not a demo"):
        load_demo()
