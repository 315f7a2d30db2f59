"""Rows are counted as a slow count by hand counts them: each case once, people only, with what was said last."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import timezone

from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.assessments.actions import assess_case, decide_step, override_type, sign, start_review
from calcinosis_app.assessments.models import Assessment, Review
from calcinosis_app.desk.worked.cases import worked_case
from calcinosis_app.desk.worked.enter import born, type_into
from calcinosis_app.desk.worked.practice import practise
from calcinosis_app.patients.actions import accept_transfer, merge_patients, offer_transfer, record
from calcinosis_app.rulebooks.bridge import current, rules_of
from calcinosis_app.rulebooks.models import Release
from calcinosis_app.watching.actions import count_rows
from calcinosis_app.watching.actions.count import count_share, stale
from calcinosis_app.watching.models import RowCount, Share
from calcinosis_app.watching.rows import against_rows, fired, held_in
from calcinosis_app.watching.selectors import Counted, counts, shares, totals
from tests.factories.assessment import BLOCKED, OFFERED, OTHER_STEP, UNASSESSABLE, let_override, make_assessment, make_plan, make_review
from tests.factories.case import make_case, record_finding
from tests.factories.patient import make_patient
from tests.past_our_doors import tamper

JANUARY = datetime(2027, 1, 31, 23, 30, tzinfo=UTC)  # in Berlin it is February


def counted(clinic: Clinic | None = None, release: Release | None = None) -> dict[str, Counted]:
    return counts(shares(release, clinic, None))


def fired_now() -> dict[str, int]:
    return {row: one.fired for row, one in counted().items() if one.fired}


def by_hand() -> dict[str, int]:
    """The obvious count: the newest assessment of each case and release, read in Python."""
    newest: dict[object, Assessment] = {}
    for one in Assessment.objects.filter(case__patient__practice__isnull=True).order_by("made_at", "-pk"):
        newest[one.case_id, one.release_id] = one
    return dict(Counter(row for one in newest.values() for row in fired(one.outcome, against_rows(rules_of(one.release)))))


@pytest.fixture
def plan(clara: User) -> Review:
    return make_plan(clara)


def test_the_database_counts_what_a_count_by_hand_counts(clara: User, sven: User, plan: Review) -> None:
    make_assessment(clara)
    make_assessment(sven)
    assert count_rows() == 2
    assert fired_now() == by_hand()
    assert max(fired_now().values()) == 3


def test_counting_again_changes_nothing_and_finds_nothing_to_do(clara: User, plan: Review) -> None:
    count_rows()
    before = list(RowCount.objects.order_by("row", "what", "reason").values_list("row", "what", "reason", "cases"))
    assert count_rows() == 0
    [share] = Share.objects.all()
    assert count_share(share.release_id, share.clinic_id, share.month)
    assert list(RowCount.objects.order_by("row", "what", "reason").values_list("row", "what", "reason", "cases")) == before


def test_a_case_that_is_assessed_again_or_corrected_counts_once_with_what_was_said_last(clara: User) -> None:
    first = make_assessment(clara)
    count_rows()
    gone = set(fired(first.outcome, against_rows(rules_of(first.release))))
    record_finding(clara, first.case, "ssc", answer="no")
    second = assess_case(by=clara, case=first.case)
    gone -= fired(second.outcome, against_rows(rules_of(second.release)))
    count_rows()
    assert totals(shares(None, None, None)).assessed == 1
    assert set(fired_now().values()) == {1}
    assert gone, "the correction changed nothing: this shows nothing"
    assert not gone & fired_now().keys()


def test_a_practice_case_does_not_count(clara: User) -> None:
    case = practise(by=clara, worked=worked_case(current(), "G01"))
    record(by=clara, case=case)
    assess_case(by=clara, case=case)
    assert count_rows() == 0
    assert not Share.objects.exists()


def test_a_merge_changes_no_count(clara: User) -> None:
    one, other = make_assessment(clara), make_assessment(clara)
    count_rows()
    before = fired_now()
    merge_patients(by=clara, survivor=one.case.patient, duplicate=other.case.patient, reason="The same person, registered twice")
    assert stale() == []
    assert fired_now() == before == by_hand()


def test_a_patient_who_goes_to_another_clinic_is_counted_there(clara: User, sven: User, riverside: Clinic, hill: Clinic) -> None:
    assessment = make_assessment(clara)
    count_rows()
    offer = offer_transfer(by=clara, patient=assessment.case.patient, clinic=hill, reason="Moves there")
    accept_transfer(by=sven, offer=offer, number="H-77")
    count_rows()
    assert counted(riverside) == {}
    assert {one.fired for one in counted(hill).values()} == {1}


def test_a_month_is_the_one_of_the_clinics_calendar(clara: User, sven: User) -> None:
    with time_machine.travel(JANUARY, tick=False):
        make_assessment(clara)
        make_assessment(sven)
    count_rows()
    months = dict(Share.objects.values_list("clinic__name", "month"))
    assert months == {"Riverside clinic": date(2027, 2, 1), "Hill clinic": date(2027, 1, 1)}


def test_a_count_that_was_spoilt_is_mended_when_what_it_rests_on_changes_or_it_is_lost(clara: User, plan: Review) -> None:
    count_rows()
    right = fired_now()
    tamper("DELETE FROM watching_rowcount")
    tamper("DELETE FROM watching_share")
    assert count_rows() == 1
    assert fired_now() == right


# --- what was decided -----------------------------------------------------------------------------
def decided(assessment: Assessment) -> Counted:
    """What is counted of the one row by which wound care was put forward."""
    option = next(one for one in assessment.outcome["options"] if one["treatment"] == OFFERED["treatment"])
    [row] = held_in(option, against_rows(rules_of(assessment.release)))
    return counted()[row]


@pytest.mark.parametrize(
    ("step", "what", "reason"),
    [
        ({"decision": "accept"}, "accepted", ""),
        ({"decision": "ordered_already"}, "accepted", ""),
        ({"decision": "change", "reason_group": "not_feasible", "details": "at home"}, "changed", "not_feasible"),
        ({"decision": "defer", "reason_group": "bad_moment"}, "deferred", "bad_moment"),
        ({"decision": "decline", "reason_group": "disagrees"}, "declined", "disagrees"),
    ],
)
def test_what_was_decided_about_an_option_is_counted_for_the_row_that_put_it_forward(
    clara: User, step: dict[str, str], what: str, reason: str
) -> None:
    review = make_review(clara)
    decide_step(by=clara, review=review, **OFFERED, **step)
    count_rows()
    assert decided(review.assessment).decided == 0, "nothing is decided before it is signed"
    sign(by=clara, review=review)
    count_rows()
    found = decided(review.assessment)
    assert found.of == {"fired": 1, "decided": 1, what: 1, **({"against": 1} if what == "declined" else {})}
    assert dict(found.reasons) == ({(what, reason): 1} if reason else {})


def test_will_review_is_a_decision_for_neither(clara: User) -> None:
    review = make_review(clara)
    decide_step(by=clara, review=review, decision="will_review", **OFFERED)
    sign(by=clara, review=review)
    count_rows()
    assert decided(review.assessment).of == {"fired": 1, "decided": 1}


def test_a_row_of_a_list_is_decided_about_itself(clara: User) -> None:
    review = make_review(clara)
    decide_step(by=clara, review=review, decision="decline", reason_group="not_applicable", **OTHER_STEP)
    sign(by=clara, review=review)
    count_rows()
    found = counted()[OTHER_STEP["row"]]
    assert (found.fired, found.decided, found.against) == (1, 1, 1)
    assert dict(found.reasons) == {("declined", "not_applicable"): 1}


def test_a_gate_that_is_overridden_counts_against_the_gate(clara: User, ada: User) -> None:
    let_override(clara, ada)
    review = make_review(clara)
    decide_step(
        by=clara, review=review, decision="accept", override=True, reason_group="not_applicable", text="needed for a valve", **BLOCKED
    )
    sign(by=clara, review=review)
    count_rows()
    [option] = [one for one in review.assessment.outcome["options"] if one["treatment"] == BLOCKED["treatment"]]
    for row in option["because"]:
        assert (counted()[row].against, counted()[row].of["overridden"]) == (1, 1)
        assert dict(counted()[row].reasons) == {("overridden", "not_applicable"): 1}


def test_a_gate_is_followed_by_leaving_what_it_forbids(clara: User) -> None:
    review = make_review(clara)
    decide_step(by=clara, review=review, decision="decline", reason_group="disagrees", **BLOCKED)
    sign(by=clara, review=review)
    count_rows()
    [option] = [one for one in review.assessment.outcome["options"] if one["treatment"] == BLOCKED["treatment"]]
    for row in option["because"]:
        assert counted()[row].of == {"fired": 1, "decided": 1, "accepted": 1}


def test_an_open_gate_neither_fired_nor_was_decided_about(clara: User) -> None:
    review = make_review(clara)
    decide_step(by=clara, review=review, decision="decline", reason_group="disagrees", **UNASSESSABLE)
    sign(by=clara, review=review)
    count_rows()
    [option] = [one for one in review.assessment.outcome["options"] if one["treatment"] == UNASSESSABLE["treatment"]]
    gates = [row for row in option["because"] if row in against_rows(rules_of(review.assessment.release))]
    assert gates
    assert not set(gates) & counted().keys()


def test_another_type_given_by_the_reviewer_counts_against_the_rows_that_typed(clara: User) -> None:
    assessment = _dystrophic(clara)
    [lesion] = assessment.outcome["lesions"]
    review = start_review(by=clara, assessment=assessment)
    override_type(
        by=clara, review=review, lesion="L1", type="idiopathic", reason_group="disagrees", text="No disease behind it, seen twice"
    )
    sign(by=clara, review=review)
    count_rows()
    for row in lesion["fired"]:
        assert (counted()[row].against, dict(counted()[row].reasons)) == (1, {("overridden", "disagrees"): 1})


def test_a_type_that_was_signed_counts_for_the_rows_that_typed(clara: User) -> None:
    assessment = _dystrophic(clara)
    review = start_review(by=clara, assessment=assessment)
    decide_step(by=clara, review=review, decision="accept", **OTHER_STEP)
    sign(by=clara, review=review)
    count_rows()
    for row in assessment.outcome["lesions"][0]["fired"]:
        assert counted()[row].of == {"fired": 1, "decided": 1, "accepted": 1}


def test_of_two_signed_reviews_of_a_case_the_later_counts(clara: User, plan: Review) -> None:
    later = make_review(clara, assess_case(by=clara, case=plan.assessment.case, on=date(2030, 1, 1)))
    decide_step(by=clara, review=later, decision="decline", reason_group="outcome", **OTHER_STEP)
    sign(by=clara, review=later)
    count_rows()
    assert totals(shares(None, None, None)).signed == 1
    assert counted()[OTHER_STEP["row"]].of == {"fired": 1, "decided": 1, "declined": 1, "against": 1}


def _dystrophic(clara: User) -> Assessment:
    """A case whose one lesion is decided: G06 of the release, as somebody's."""
    document = next(one for one in current().content["cases"] if one["id"] == "G06")
    day = timezone.localdate(timezone=clara.clinic.zone)
    person = document["patient"]
    case = make_case(clara, make_patient(clara, birth_date=born(person, day), sex=person["sex"]))
    type_into(by=clara, case=case, document=document, on=day)
    record(by=clara, case=case)
    assessment = assess_case(by=clara, case=case)
    assert assessment.outcome["lesions"][0]["status"] == "decided"
    return assessment
