"""A case is judged from what was recorded, and the result is kept with everything it rests on."""

import json
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import Http404

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions import assess_case
from calcinosis_app.assessments.models import Assessment
from calcinosis_app.audit.actors import System
from calcinosis_app.audit.selectors import events_about
from calcinosis_app.core.written_once import WrittenForGood
from calcinosis_app.patients.actions import save_entry
from calcinosis_app.rulebooks.actions import load_release
from calcinosis_app.rulebooks.bridge import ENGINE, Rules, shipped
from calcinosis_app.rulebooks.models import Release
from tests.factories.assessment import make_assessment, make_sclerosis_case
from tests.factories.case import make_case, record_finding


def test_it_keeps_findings_result_release_engine_and_hash(clara: User, release: Release) -> None:
    case = make_sclerosis_case(clara)

    assessment = assess_case(by=clara, case=case)

    assert assessment.document["patient"]["findings"]["phosphate"][0]["value"] == 1.1
    assert assessment.outcome["lesions"][0]["leading"]["type"] == "dystrophic"
    assert assessment.outcome["release"] == assessment.release.number == release.number
    assert (assessment.engine, assessment.jurisdiction) == (ENGINE, "eu")
    assert assessment.sha256 == sha256(assessment.result.encode()).hexdigest()
    assert json.loads(assessment.result)["jurisdiction"] == "eu"


def test_it_is_an_event(clara: User) -> None:
    assessment = make_assessment(clara)

    (event,) = events_about(assessment)
    assert (event.action, event.actor_id, event.detail["release"]) == ("assessment.made", str(clara.pk), 1)


def test_the_day_is_today_on_the_clinics_calendar(clara: User) -> None:
    case = make_sclerosis_case(clara)

    with time_machine.travel(datetime(2027, 1, 31, 23, 30, tzinfo=UTC), tick=False):
        assessment = assess_case(by=clara, case=case)

    assert assessment.on == date(2027, 2, 1)  # half past midnight in Berlin


def test_another_day_may_be_asked_for(clara: User) -> None:
    assessment = assess_case(by=clara, case=make_sclerosis_case(clara), on=date(2027, 3, 1))

    assert assessment.on == date(2027, 3, 1)
    assert assessment.outcome["on"] == "2027-03-01"


def test_what_is_only_typed_does_not_count(clara: User) -> None:
    case = make_sclerosis_case(clara)
    save_entry(by=clara, case=case, key="magnesium", raw={"value": "0.8", "unit": "mmol/L"})

    assert "magnesium" not in assess_case(by=clara, case=case).document["patient"]["findings"]


def test_asked_twice_it_gives_one_answer(clara: User) -> None:
    case = make_sclerosis_case(clara)

    first, second = assess_case(by=clara, case=case), assess_case(by=clara, case=case)

    assert first == second
    assert Assessment.objects.count() == 1


def test_a_new_finding_or_a_new_release_makes_a_new_assessment(clara: User) -> None:
    case = make_sclerosis_case(clara)
    first = assess_case(by=clara, case=case)
    record_finding(clara, case, "jdm", answer="no")
    second = assess_case(by=clara, case=case)
    load_release(by=System("tests"), rules=Rules({**shipped().content, "evidence": "more"}))
    third = assess_case(by=clara, case=case)

    assert len({first.pk, second.pk, third.pk}) == 3
    assert third.release.number == 2
    assert first.release.number == 1


def test_an_empty_case_is_judged_too_and_offers_nothing(clara: User) -> None:
    outcome = make_assessment(clara, make_case(clara)).outcome

    assert outcome["status"] == "open"
    assert not [option for option in outcome["options"] if option["status"] == "offered"]


def test_a_nurse_cannot(clara: User, nadia: User) -> None:
    with pytest.raises(PermissionDenied):
        assess_case(by=nadia, case=make_sclerosis_case(clara))


def test_the_stranger_finds_nothing(clara: User, sven: User) -> None:
    with pytest.raises(Http404):
        assess_case(by=sven, case=make_sclerosis_case(clara))


def test_it_cannot_be_changed_or_deleted(clara: User) -> None:
    assessment = make_assessment(clara)
    assessment.result = "{}"
    for forbidden in (
        assessment.save,
        assessment.delete,
        Assessment.objects.all().delete,
        lambda: Assessment.objects.update(result="{}"),
    ):
        with pytest.raises(WrittenForGood):
            forbidden()


@pytest.mark.parametrize("statement", ["UPDATE assessments_assessment SET result = '{}'", "DELETE FROM assessments_assessment"])
def test_neither_by_the_database_role(clara: User, statement: str) -> None:
    make_assessment(clara)

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("missing", ["findings", "result", "engine", "sha256"])
def test_the_database_refuses_one_that_is_not_whole(clara: User, missing: str) -> None:
    whole = make_assessment(clara)
    fields = ("case", "release", "on", "jurisdiction", "engine", "findings", "result", "sha256", "made_by")

    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.create(**{name: getattr(whole, name) for name in fields} | {missing: ""})
