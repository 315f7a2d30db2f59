"""Signing makes a review final: for the application, and for the database."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions import assess_case, decide_step, override_type, sign, start_review, write_note
from calcinosis_app.assessments.errors import Refused
from calcinosis_app.assessments.models import Review
from calcinosis_app.assessments.selectors import newest_plan, outdated, outdated_by, signed_review
from calcinosis_app.audit.selectors import events_about
from calcinosis_app.core.errors import Conflict
from tests.factories.assessment import OFFERED, make_assessment, make_plan, make_review
from tests.factories.case import record_finding
from tests.factories.user import make_user


def test_a_review_is_signed(clara: User) -> None:
    review = make_review(clara)
    decide_step(by=clara, review=review, decision="accept", **OFFERED)

    signed = sign(by=clara, review=review)

    assert signed.is_signed
    assert signed_review(review.assessment) == newest_plan(review.assessment.case) == signed
    assert next(event.action for event in events_about(review)) == "review.signed"


def test_a_note_or_a_type_alone_is_enough(clara: User) -> None:
    noted, typed = make_review(clara), make_review(clara)
    write_note(by=clara, review=noted, note="Nothing to be done now.")
    override_type(by=clara, review=typed, lesion="L1", type="mixed", reason_group="disagrees", text="seen on histology")

    assert sign(by=clara, review=noted).is_signed
    assert sign(by=clara, review=typed).is_signed


def test_nothing_decided_is_not_signed(clara: User) -> None:
    with pytest.raises(Refused, match="nothing to sign"):
        sign(by=clara, review=make_review(clara))


def test_a_second_press_changes_nothing(clara: User) -> None:
    plan = make_plan(clara)

    assert sign(by=clara, review=plan).signed_at == plan.signed_at
    assert [event.action for event in events_about(plan)].count("review.signed") == 1


def test_an_older_assessment_is_not_signed_past_a_newer_one(clara: User) -> None:
    review = make_review(clara)
    decide_step(by=clara, review=review, decision="accept", **OFFERED)
    assess_case(by=clara, case=review.assessment.case, on=review.assessment.on + timedelta(days=400))

    with pytest.raises(Conflict, match="newer assessment"):
        sign(by=clara, review=review)


def test_what_changed_since_the_assessment_is_assessed_first(clara: User) -> None:
    review = make_review(clara)
    decide_step(by=clara, review=review, decision="accept", **OFFERED)
    record_finding(clara, review.assessment.case, "jdm", answer="no")

    with pytest.raises(Conflict, match="has changed since it was assessed"):
        sign(by=clara, review=review)


def test_what_has_grown_old_since_is_assessed_again(clara: User) -> None:
    review = make_review(clara)
    decide_step(by=clara, review=review, decision="accept", **OFFERED)

    with (
        time_machine.travel(timezone.now() + timedelta(days=400)),
        pytest.raises(Conflict, match="grown too old"),
    ):
        sign(by=clara, review=review)


def test_what_reads_the_same_a_day_later_is_signed(clara: User) -> None:
    review = make_review(clara)
    decide_step(by=clara, review=review, decision="accept", **OFFERED)

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert sign(by=clara, review=review).is_signed


def test_one_plan_per_assessment(clara: User) -> None:
    other = make_user("ines", "Dr Ines Roth", "clinician", clinic=clara.clinic)
    assessment = make_assessment(clara)
    hers = start_review(by=other, assessment=assessment)
    decide_step(by=other, review=hers, decision="accept", **OFFERED)
    make_plan(clara, assessment)

    with pytest.raises(Conflict, match="Dr Clara Winter has signed"):
        sign(by=other, review=hers)


def test_nobody_signs_for_another(clara: User) -> None:
    other = make_user("ines", "Dr Ines Roth", "clinician", clinic=clara.clinic)

    with pytest.raises(Conflict, match="Dr Clara Winter's review"):
        sign(by=other, review=make_review(clara))


def test_a_nurse_cannot(clara: User, nadia: User) -> None:
    with pytest.raises(PermissionDenied):
        sign(by=nadia, review=make_review(clara))


def test_the_stranger_finds_nothing(clara: User, sven: User) -> None:
    with pytest.raises(Http404):
        sign(by=sven, review=make_review(clara))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments_review SET note = 'later' WHERE id = %s",
        "UPDATE assessments_review SET signed_at = NULL WHERE id = %s",
        "DELETE FROM assessments_review WHERE id = %s",
        "UPDATE assessments_step SET decision = 'decline', reason_group = 'outcome' WHERE review_id = %s",
        "DELETE FROM assessments_step WHERE review_id = %s",
        (
            "INSERT INTO assessments_step (review_id, treatment, row, lesion, status, decision, reason_group, text, details, is_override, "
            "decided_at) VALUES (%s, 'diltiazem', '', '', '', 'accept', '', '', '', false, now())"
        ),
        (
            "INSERT INTO assessments_typeoverride (review_id, lesion, says, type, reason_group, text, at) "
            "VALUES (%s, 'L1', '', 'mixed', 'outcome', 'later', now())"
        ),
    ],
)
def test_the_database_holds_what_was_signed(clara: User, statement: str) -> None:
    plan = make_plan(clara)

    with pytest.raises(IntegrityError, match="is signed and final"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [plan.pk])


def test_a_step_cannot_slip_into_a_signed_review(clara: User) -> None:
    plan, other = make_plan(clara), make_review(clara)
    step = decide_step(by=clara, review=other, decision="accept", row="work_up.radiograph")

    step.review = plan
    with pytest.raises(IntegrityError, match="is signed and final"), transaction.atomic():
        step.save()


@pytest.mark.parametrize("wrong", [{"reviewer": None}, {"assessment": None}])
def test_a_review_is_never_without_reviewer_or_assessment(clara: User, wrong: dict[str, None]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(**{"assessment": make_assessment(clara), "reviewer": clara, **wrong})


def test_a_finding_recorded_afterwards_makes_it_outdated(clara: User, nadia: User) -> None:
    plan = make_plan(clara)
    assert not outdated(plan)

    finding = record_finding(nadia, plan.assessment.case, "jdm", answer="no")

    assert outdated(plan)
    assert list(outdated_by(plan)) == [finding]


def test_an_open_review_is_not_outdated(clara: User) -> None:
    review = make_review(clara)
    record_finding(clara, review.assessment.case, "jdm", answer="no")

    assert not outdated(review)


def test_after_a_new_assessment_the_plan_is_made_anew(clara: User) -> None:
    plan = make_plan(clara)
    case = plan.assessment.case
    record_finding(clara, case, "jdm", answer="no")

    anew = make_plan(clara, assess_case(by=clara, case=case))

    assert newest_plan(case) == anew
    assert not outdated(anew)
    assert outdated(plan)
