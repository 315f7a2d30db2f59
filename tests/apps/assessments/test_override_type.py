"""A reviewer may give a lesion another type than the rules, with a reason that others can read."""

import pytest

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions import override_type, withdraw_type_override
from calcinosis_app.assessments.errors import Refused
from calcinosis_app.assessments.models import Review
from calcinosis_app.assessments.selectors import type_overrides_of
from calcinosis_app.audit.selectors import events_about
from calcinosis_app.core.errors import Conflict
from tests.factories.assessment import make_assessment, make_plan, make_review
from tests.factories.case import make_case, only_lesion, record_finding

WELL = {"lesion": "L1", "type": "dystrophic", "reason_group": "disagrees", "text": "typical fingertips"}


@pytest.fixture
def review(clara: User) -> Review:
    return make_review(clara)


def test_it_is_kept_with_what_the_rules_said(clara: User, review: Review) -> None:
    override = override_type(by=clara, review=review, **WELL)

    assert (override.says, override.type) == ("", "dystrophic")
    assert events_about(review)[0].action == "type.overridden"


def test_calciphylaxis_and_cannot_say_are_types_to_give(clara: User, review: Review) -> None:
    assert override_type(by=clara, review=review, **{**WELL, "type": "calciphylaxis"}).type == "calciphylaxis"

    case = make_case(clara)
    record_finding(clara, case, "infusion_site", lesion=only_lesion(case), code="same")
    decided = make_review(clara, make_assessment(clara, case))
    assert override_type(by=clara, review=decided, **{**WELL, "type": "cannot_say"}).says == "iatrogenic"


def test_a_later_one_replaces_it_and_it_is_taken_back(clara: User, review: Review) -> None:
    override_type(by=clara, review=review, **WELL)
    override_type(by=clara, review=review, **{**WELL, "type": "mixed"})
    assert [override.type for override in type_overrides_of(review)] == ["mixed"]

    withdraw_type_override(by=clara, review=review, lesion="L1")
    withdraw_type_override(by=clara, review=review, lesion="L1")
    assert not type_overrides_of(review).exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"lesion": "L7"}, "no lesion 'L7'"),
        ({"type": "calcified"}, "Choose a type: dystrophic, metastatic"),
        ({"reason_group": ""}, "A reason is missing"),
        ({"text": "  "}, "Say in a few words"),
        ({"type": "cannot_say"}, "cannot say, either"),
    ],
)
def test_it_is_refused_with_the_reason(clara: User, review: Review, wrong: dict[str, str], says: str) -> None:
    with pytest.raises(Refused, match=says):
        override_type(by=clara, review=review, **{**WELL, **wrong})


def test_not_after_signing(clara: User) -> None:
    with pytest.raises(Conflict):
        override_type(by=clara, review=make_plan(clara), **WELL)
