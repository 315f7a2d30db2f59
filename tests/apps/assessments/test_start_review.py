"""A review is begun once, on the newest assessment; what still fits is carried over to the next."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions import assess_case, decide_step, override_type, start_review, write_note
from calcinosis_app.assessments.models import Review
from calcinosis_app.assessments.selectors import left_behind, steps_of, type_overrides_of, unsigned_of
from calcinosis_app.audit.selectors import events_about
from calcinosis_app.core.errors import Conflict
from tests.factories.assessment import BLOCKED, NOT_INDICATED, OFFERED, OTHER_STEP, make_assessment, make_plan, make_review
from tests.factories.case import only_lesion, record_finding
from tests.factories.user import make_user


def test_it_is_begun_once(clara: User) -> None:
    assessment = make_assessment(clara)

    assert start_review(by=clara, assessment=assessment) == start_review(by=clara, assessment=assessment)
    assert list(unsigned_of(clara)) == list(Review.objects.all())


def test_two_people_may_review_side_by_side(clara: User) -> None:
    other = make_user("ines", "Dr Ines Roth", "clinician", clinic=clara.clinic)
    assessment = make_assessment(clara)

    assert start_review(by=clara, assessment=assessment) != start_review(by=other, assessment=assessment)


def test_a_signed_assessment_is_assessed_again_first(clara: User) -> None:
    plan = make_plan(clara)

    with pytest.raises(Conflict, match="signed a review"):
        start_review(by=clara, assessment=plan.assessment)


def test_an_older_assessment_is_not_reviewed(clara: User) -> None:
    older = make_assessment(clara)
    record_finding(clara, older.case, "jdm", answer="no")
    assess_case(by=clara, case=older.case)

    with pytest.raises(Conflict, match="newer assessment"):
        start_review(by=clara, assessment=older)


def test_what_still_fits_is_carried_over(clara: User) -> None:
    review = make_review(clara)
    case = review.assessment.case
    decide_step(by=clara, review=review, decision="accept", **OFFERED)
    decide_step(by=clara, review=review, decision="accept", **OTHER_STEP)
    decide_step(by=clara, review=review, decision="decline", reason_group="disagrees", **NOT_INDICATED)
    override_type(by=clara, review=review, lesion="L1", type="dystrophic", reason_group="disagrees", text="typical fingertips")
    write_note(by=clara, review=review, note="Seen together with the hand surgeon.")
    record_finding(clara, case, "infection_at_site", lesion=only_lesion(case), answer="yes")

    after = start_review(by=clara, assessment=assess_case(by=clara, case=case))

    carried = {step.treatment or step.row for step in steps_of(after)}
    assert "work_up.radiograph" in carried
    assert "ceftriaxone" in carried
    assert after.note == "Seen together with the hand surgeon."
    assert [override.type for override in type_overrides_of(after)] == ["dystrophic"]
    assert list(unsigned_of(clara)) == [after]


def test_what_the_new_assessment_sees_differently_is_decided_anew(clara: User) -> None:
    review = make_review(clara)
    case = review.assessment.case
    decide_step(by=clara, review=review, decision="decline", reason_group="bad_moment", treatment="antibiotics_infected", lesion="L1")
    decide_step(by=clara, review=review, decision="decline", reason_group="disagrees", **BLOCKED)
    record_finding(clara, case, "infection_at_site", lesion=only_lesion(case), answer="yes")

    after = start_review(by=clara, assessment=assess_case(by=clara, case=case))

    assert [step.treatment for step in steps_of(after)] == ["warfarin_low_dose"]


def test_what_no_longer_fits_is_kept_until_it_is_decided_anew(clara: User) -> None:
    review = make_review(clara)
    case = review.assessment.case
    text = "Allergic as a child; ask the mother first."
    place = {"treatment": "antibiotics_infected", "lesion": "L1"}
    decide_step(by=clara, review=review, decision="decline", reason_group="bad_moment", text=text, **place)
    record_finding(clara, case, "infection_at_site", lesion=only_lesion(case), answer="yes")
    after = start_review(by=clara, assessment=assess_case(by=clara, case=case))

    (left,) = left_behind(after)
    assert (left.treatment, left.text) == ("antibiotics_infected", text)
    assert events_about(review)[0].detail["left_behind"] == [{"step": "antibiotics_infected", "lesion": "L1", "decision": "decline"}]
    with pytest.raises(Conflict, match="gone on with this review"):
        decide_step(by=clara, review=review, decision="defer", reason_group="bad_moment", **OFFERED)

    record_finding(clara, case, "painful", lesion=only_lesion(case), answer="yes")
    newest = start_review(by=clara, assessment=assess_case(by=clara, case=case))
    assert [step.text for step in left_behind(newest)] == [text]

    decide_step(by=clara, review=newest, decision="decline", reason_group="bad_moment", text=text, **place)
    assert left_behind(newest) == []


def test_a_nurse_cannot(clara: User, nadia: User) -> None:
    with pytest.raises(PermissionDenied):
        start_review(by=nadia, assessment=make_assessment(clara))


def test_the_stranger_finds_nothing(clara: User, sven: User) -> None:
    with pytest.raises(Http404):
        start_review(by=sven, assessment=make_assessment(clara))
