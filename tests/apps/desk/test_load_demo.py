"""The demo: invented people, published cases, loaded once through the real actions."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.models import Assessment, Review
from calcinosis_app.desk.demo.cast import CASES, PEOPLE
from calcinosis_app.desk.demo.long_story import PERSON, VISITS
from calcinosis_app.followups.models import Reminder
from calcinosis_app.patients.models import Case, DraftEntry, Finding


def load_demo() -> str:
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("release")
def test_the_demo_is_loaded_once_and_says_each_time_how_to_sign_in() -> None:
    first = load_demo()

    assert User.objects.count() == len(PEOPLE)
    assert Case.objects.count() == len(CASES) + 1
    assert Assessment.objects.count() == sum(case.state in ("assessed", "signed") for case in CASES) + len(VISITS)
    assert DraftEntry.objects.exists()
    assert all(review.is_signed for review in Review.objects.all())
    assert Review.objects.count() == 2
    assert Reminder.objects.exists()
    password = first.split("password ")[1].split()[0]
    assert User.objects.get(username="nadia").check_password(password)

    assert load_demo() == first
    assert Case.objects.count() == len(CASES) + 1


@pytest.mark.usefixtures("release")
def test_one_patient_has_two_years_of_values() -> None:
    load_demo()

    taken = Finding.objects.filter(patient__number=PERSON["number"], key="phosphate").values_list("taken_on", flat=True)
    assert (max(taken) - min(taken)).days > 700
    assert Finding.objects.filter(patient__number=PERSON["number"], corrects__isnull=False).count() == 1


def test_invented_people_are_not_loaded_among_real_ones(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="not a demo"):
        load_demo()
