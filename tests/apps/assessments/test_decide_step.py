"""What may be decided about a step, and what each decision asks for."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions import decide_step, withdraw_step
from calcinosis_app.assessments.errors import Refused
from calcinosis_app.assessments.models import Assessment, Review
from calcinosis_app.assessments.selectors import steps_of
from calcinosis_app.audit.selectors import events_about
from calcinosis_app.core.errors import Conflict
from tests.factories.assessment import (
    BLOCKED,
    NOT_INDICATED,
    OFFERED,
    OTHER_STEP,
    UNASSESSABLE,
    let_override,
    make_assessment,
    make_plan,
    make_review,
)
from tests.factories.user import make_user

OVERRIDING: dict[str, Any] = {"decision": "accept", "override": True, "reason_group": "not_applicable", "text": "on it for a valve"}


@pytest.fixture
def review(clara: User) -> Review:
    return make_review(clara)


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        (OFFERED, {"decision": "accept"}),
        (OFFERED, {"decision": "change", "reason_group": "not_feasible", "details": "twice a week"}),
        (OFFERED, {"decision": "defer", "reason_group": "bad_moment"}),
        (OFFERED, {"decision": "decline", "reason_group": "patient_preference"}),
        (OFFERED, {"decision": "ordered_already"}),
        (OFFERED, {"decision": "will_review"}),
        (UNASSESSABLE, {"decision": "defer", "reason_group": "not_applicable"}),
        (BLOCKED, {"decision": "decline", "reason_group": "disagrees"}),
        (OTHER_STEP, {"decision": "accept"}),
    ],
)
def test_a_step_is_decided(clara: User, review: Review, place: dict[str, str], answer: dict[str, str]) -> None:
    step = decide_step(by=clara, review=review, **place, **answer)

    assert list(steps_of(review)) == [step]
    assert step.decision == answer["decision"]
    assert not step.is_override
    assert events_about(review)[0].action == "step.decided"


def test_a_later_decision_replaces_the_earlier(clara: User, review: Review) -> None:
    decide_step(by=clara, review=review, decision="accept", **OFFERED)
    decide_step(by=clara, review=review, decision="defer", reason_group="bad_moment", **OFFERED)

    assert [step.decision for step in steps_of(review)] == ["defer"]


def test_a_decision_is_taken_back(clara: User, review: Review) -> None:
    decide_step(by=clara, review=review, decision="accept", **OFFERED)

    withdraw_step(by=clara, review=review, **OFFERED)
    withdraw_step(by=clara, review=review, **OFFERED)

    assert not steps_of(review).exists()
    assert [event.action for event in events_about(review)] == ["step.withdrawn", "step.decided", "review.started"]


@pytest.mark.parametrize(
    ("place", "answer", "says"),
    [
        (OFFERED, {"decision": "decline"}, "A reason is missing"),
        (OFFERED, {"decision": "defer", "reason_group": "because"}, "is no reason of the list"),
        (OFFERED, {"decision": "maybe"}, "Choose one: accept, accept with changes, defer, decline, ordered already or will review"),
        (OFFERED, {"decision": "change", "reason_group": "not_feasible"}, "Say what is changed"),
        (OFFERED, {"decision": "accept", "text": "x" * 2001}, "shorten it"),
        (NOT_INDICATED, {"decision": "accept"}, "No row of the rules puts this option forward"),
        (UNASSESSABLE, {"decision": "accept"}, "Answer its open questions"),
        (BLOCKED, {"decision": "accept"}, "An absolute gate blocks this option"),
        ({"treatment": "aspirin"}, {"decision": "accept"}, "no option 'aspirin' for the patient"),
        ({"treatment": "wound_care_offload", "lesion": "L9"}, {"decision": "accept"}, "for lesion L9"),
        ({"row": "advice.unknown"}, {"decision": "accept"}, "no step 'advice.unknown'"),
        ({}, {"decision": "accept"}, "name one of the two"),
        ({**OFFERED, **OTHER_STEP}, {"decision": "accept"}, "name one of the two"),
    ],
)
def test_it_is_refused_with_the_reason(clara: User, review: Review, place: dict[str, str], answer: dict[str, str], says: str) -> None:
    with pytest.raises(Refused, match=says):
        decide_step(by=clara, review=review, **place, **answer)
    assert not steps_of(review).exists()


def test_an_unassessable_option_names_what_it_needs(clara: User, review: Review) -> None:
    with pytest.raises(Refused) as refused:
        decide_step(by=clara, review=review, decision="accept", **UNASSESSABLE)

    assert "sbp" in refused.value.needs
    assert "diltiazem.contraindication.3" in refused.value.because


def test_a_provisional_option_waits_for_its_assumptions(clara: User) -> None:
    stored = make_assessment(clara)
    fields = ("case", "release", "on", "jurisdiction", "engine", "findings", "sha256", "made_by")
    provisional = Assessment.objects.create(
        **{name: getattr(stored, name) for name in fields}, result=stored.result.replace('"status":"offered"', '"status":"provisional"')
    )

    with pytest.raises(Refused, match="leading type, which is assumed"):
        decide_step(by=clara, review=make_review(clara, provisional), decision="accept", **OFFERED)


def test_an_absolute_gate_is_overridden_with_permission_reason_and_text(clara: User, ada: User, review: Review) -> None:
    let_override(clara, ada)

    step = decide_step(by=clara, review=review, **BLOCKED, **OVERRIDING)

    assert step.is_override
    assert step.status == "blocked"
    assert events_about(review)[0].detail["override"] is True
    assert OVERRIDING["text"] not in str(events_about(review)[0].detail)


def test_without_the_permission_it_is_not(clara: User, review: Review) -> None:
    with pytest.raises(PermissionDenied, match="past an absolute gate"):
        decide_step(by=clara, review=review, **BLOCKED, **OVERRIDING)


@pytest.mark.parametrize(
    ("missing", "says"), [({"reason_group": ""}, "A reason is missing"), ({"text": "valve     "}, "at least 10 letters")]
)
def test_without_a_reason_or_a_text_it_is_not(clara: User, ada: User, review: Review, missing: dict[str, str], says: str) -> None:
    let_override(clara, ada)

    with pytest.raises(Refused, match=says):
        decide_step(by=clara, review=review, **BLOCKED, **{**OVERRIDING, **missing})


def test_nobody_decides_in_anothers_review(clara: User, review: Review) -> None:
    other = make_user("ines", "Dr Ines Roth", "clinician", clinic=clara.clinic)

    with pytest.raises(Conflict, match="Dr Clara Winter's review"):
        decide_step(by=other, review=review, decision="accept", **OFFERED)


def test_nothing_is_decided_after_signing(clara: User) -> None:
    with pytest.raises(Conflict, match="signed"):
        decide_step(by=clara, review=make_plan(clara), decision="accept", **OTHER_STEP)


def test_a_nurse_cannot(nadia: User, review: Review) -> None:
    with pytest.raises(PermissionDenied):
        decide_step(by=nadia, review=review, decision="accept", **OFFERED)


def test_the_stranger_finds_nothing(sven: User, review: Review) -> None:
    with pytest.raises(Http404):
        decide_step(by=sven, review=review, decision="accept", **OFFERED)
