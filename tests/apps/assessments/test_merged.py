"""What was judged before a merge or an unmerge is outdated: other findings count now."""

import pytest

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions import assess_case, sign
from calcinosis_app.assessments.selectors import newest_plan, other_plans, outdated, plans_of, regrouped_after
from calcinosis_app.core.errors import Conflict
from calcinosis_app.followups.selectors import complete, reminders_of
from calcinosis_app.patients.actions import merge_patients, unmerge_patients
from calcinosis_app.patients.models import Patient
from tests.factories.assessment import OFFERED, decide_step, make_plan, make_review
from tests.factories.case import make_case, record_finding
from tests.factories.patient import make_patient
from tests.factories.reminder import make_reminders

pytestmark = pytest.mark.usefixtures("release")


def merge(by: User, survivor: Patient, duplicate: Patient) -> None:
    merge_patients(by=by, survivor=survivor, duplicate=duplicate, reason="same identity card")


def unmerge(by: User, duplicate: Patient) -> None:
    unmerge_patients(by=by, duplicate=duplicate, reason="two people after all")


def marked(patient: Patient) -> set[bool]:
    """Whether the reminders of the patient say that their plan is outdated."""
    return {bool(one.plan_outdated) for one in complete(reminders_of(patient)) if one.is_open}


@pytest.mark.parametrize("stays", ["the plan's patient", "the other"])
def test_a_plan_is_outdated_by_a_merge_and_no_longer_once_it_is_undone(clara: User, stays: str) -> None:
    plan, other = make_plan(clara), make_case(clara)
    record_finding(clara, other, "phosphate", value="1.9", unit="mmol/L")
    make_reminders(clara, plan)
    patient = plan.assessment.case.patient
    assert not outdated(plan)
    assert marked(patient) == {False}
    survivor, duplicate = (patient, other.patient) if stays == "the plan's patient" else (other.patient, patient)

    merge(clara, survivor, duplicate)

    assert outdated(plan)
    assert marked(patient) == marked(other.patient) == {True}
    unmerge(clara, duplicate)
    assert not outdated(plan)
    assert marked(patient) == {False}


def test_a_plan_signed_while_they_were_merged_is_outdated_by_the_unmerge(clara: User) -> None:
    other = make_case(clara)
    record_finding(clara, other, "phosphate", value="1.9", unit="mmol/L")
    review = make_review(clara)
    patient = review.assessment.case.patient
    merge(clara, patient, other.patient)
    again = make_review(clara, assess_case(by=clara, case=review.assessment.case))
    decide_step(by=clara, review=again, decision="accept", **OFFERED)
    plan = sign(by=clara, review=again)
    assert not outdated(plan)

    unmerge(clara, other.patient)

    assert outdated(plan)


def test_a_duplicate_of_which_nothing_is_known_outdates_nothing(clara: User) -> None:
    plan = make_plan(clara)
    merge(clara, plan.assessment.case.patient, make_patient(clara))

    assert not outdated(plan)


def test_another_age_outdates_the_duplicates_plan(clara: User) -> None:
    plan = make_plan(clara)
    merge(clara, make_patient(clara, birth_date=None), plan.assessment.case.patient)

    assert outdated(plan)


def test_an_open_review_cannot_be_signed_any_more(clara: User) -> None:
    review, other = make_review(clara), make_case(clara)
    decide_step(by=clara, review=review, decision="accept", **OFFERED)
    record_finding(clara, other, "phosphate", value="1.9", unit="mmol/L")
    merge(clara, review.assessment.case.patient, other.patient)

    assert regrouped_after(review).exists()
    with pytest.raises(Conflict, match="has changed since it was assessed"):
        sign(by=clara, review=review)


def test_two_live_plans_are_both_shown(clara: User) -> None:
    one, other = make_plan(clara), make_plan(clara)
    merge(clara, one.assessment.case.patient, other.assessment.case.patient)

    assert set(plans_of(other.assessment.case.patient)) == {one, other}
    assert other_plans(one.assessment.case) == [other]
    assert newest_plan(one.assessment.case) == one
