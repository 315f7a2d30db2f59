"""A signed plan becomes reminders: of the accepted part, once each, however often and however late it is swept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import IntegrityError, connections, transaction

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.actions import assess_case, decide_step, sign, start_review
from calcinosis_app.assessments.models import Review
from calcinosis_app.audit.selectors import events_about
from calcinosis_app.followups.actions import close_reminder, sweep, write_plan
from calcinosis_app.followups.due import Occurrence, first_occurrences
from calcinosis_app.followups.models import Plan, Reminder
from calcinosis_app.followups.tasks import sweep as sweep_task
from tests.factories.assessment import BLOCKED, OFFERED, OTHER_STEP, let_override, make_plan, make_review
from tests.factories.case import record_finding
from tests.factories.reminder import OF_TREATMENT, ONCE, REPEATED, make_reminders


def rows(plan: Review) -> set[str]:
    return set(Reminder.objects.filter(review=plan).values_list("row", flat=True))


def plan_with(clara: User, **step: str) -> Review:
    review = make_review(clara)
    decide_step(by=clara, review=review, **step)
    return sign(by=clara, review=review)


def test_the_disease_and_what_was_accepted_are_followed(clara: User) -> None:
    plan = make_plan(clara)

    assert sweep() == 1

    assert {ONCE, REPEATED, OF_TREATMENT} <= rows(plan)
    of_treatment = Reminder.objects.get(row=OF_TREATMENT)
    assert (of_treatment.treatment, of_treatment.lesion) == ("wound_care_offload", "L1")
    assert of_treatment.step == plan.steps.get()
    assert Reminder.objects.get(row=ONCE).condition == "all"
    assert events_about(plan)[0].action == "plan.written"


def test_windows_are_those_of_the_schedule(clara: User) -> None:
    plan = make_plan(clara)
    sweep()

    for item in plan.assessment.outcome["schedule"]:
        reminder = Reminder.objects.get(row=item["row"], lesion=item["lesion"] or "")
        window = (reminder.opens_on, reminder.due_on, reminder.until_on)
        assert window == tuple(date.fromisoformat(item[name]) for name in ("from", "due", "until"))


def test_windows_count_from_the_day_of_signing(clara: User) -> None:
    with time_machine.travel(datetime(2027, 1, 10, 9, tzinfo=UTC), tick=False):
        review = make_review(clara)
        decide_step(by=clara, review=review, decision="accept", **OFFERED)
    with time_machine.travel(datetime(2027, 1, 13, 23, 30, tzinfo=UTC), tick=False):  # the 14th in Berlin
        sign(by=clara, review=review)
    sweep()

    assert Reminder.objects.get(row=ONCE).due_on == date(2027, 1, 14)
    assert Reminder.objects.get(row=OF_TREATMENT).due_on == date(2027, 1, 21)


@pytest.mark.parametrize("decision", ["defer", "decline", "will_review"])
def test_what_was_not_accepted_is_not_followed(clara: User, decision: str) -> None:
    reason = "" if decision == "will_review" else "bad_moment"
    plan = plan_with(clara, decision=decision, reason_group=reason, **OFFERED)
    sweep()

    assert ONCE in rows(plan)
    assert OF_TREATMENT not in rows(plan)


@pytest.mark.parametrize(
    "answer", [{"decision": "change", "reason_group": "not_feasible", "details": "at home"}, {"decision": "ordered_already"}]
)
def test_what_is_in_use_otherwise_is_followed_too(clara: User, answer: dict[str, str]) -> None:
    plan = plan_with(clara, **answer, **OFFERED)
    sweep()

    assert OF_TREATMENT in rows(plan)


def test_an_override_is_followed_although_nobody_expected_it(clara: User, ada: User) -> None:
    let_override(clara, ada)
    review = make_review(clara)
    decide_step(
        by=clara, review=review, decision="accept", override=True, reason_group="not_applicable", text="needed for a valve", **BLOCKED
    )
    plan = sign(by=clara, review=review)
    sweep()

    safety = Reminder.objects.get(review=plan, treatment="warfarin_low_dose")
    assert safety.due_on == plan.assessment.on + timedelta(days=7)


def test_an_open_review_is_no_plan(clara: User) -> None:
    review = make_review(clara)

    assert sweep() == 0
    with pytest.raises(ValueError, match="is not signed"):
        write_plan(by=clara, review=review)


def test_a_second_sweep_writes_nothing(clara: User) -> None:
    make_plan(clara)

    assert [sweep(), sweep()] == [1, 0]
    assert Plan.objects.count() == 1


def test_a_plan_that_fails_does_not_hold_up_the_others(
    clara: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = make_plan(clara), make_plan(clara)

    def failing(review: Review, signed_on: date) -> list[Occurrence]:
        if review == broken:
            raise RuntimeError("no space left")
        return first_occurrences(review, signed_on)

    with monkeypatch.context() as patched:
        patched.setattr("calcinosis_app.followups.actions.write.first_occurrences", failing)
        assert sweep() == 1
    assert rows(sound)
    assert not rows(broken)
    assert f"The reminders of review {broken.pk} could not be written." in caplog.text

    assert sweep() == 1
    assert rows(broken)


def test_the_database_allows_one_reminder_per_plan_item_and_day(clara: User) -> None:
    reminder = make_reminders(clara)[ONCE]

    reminder.pk = None
    reminder._state.adding = True
    with pytest.raises(IntegrityError, match="reminder_once_per_plan_item_and_day"), transaction.atomic():
        reminder.save()


def test_a_newer_plan_takes_over(clara: User, nadia: User) -> None:
    first = make_plan(clara)
    old = make_reminders(clara, first)
    record_finding(nadia, first.assessment.case, "jdm", answer="no")
    review = start_review(by=clara, assessment=assess_case(by=clara, case=first.assessment.case))
    decide_step(by=clara, review=review, decision="accept", **OTHER_STEP)
    second = sign(by=clara, review=review)
    sweep()

    old[ONCE].refresh_from_db()
    old[OF_TREATMENT].refresh_from_db()
    assert (old[ONCE].state, old[ONCE].outcome) == ("closed", "taken_over")
    assert ONCE in rows(second)
    # Wound care goes on until somebody says otherwise: the new plan did not decide about it.
    assert old[OF_TREATMENT].is_open
    assert OF_TREATMENT not in rows(second)


def test_signing_anew_postpones_nothing(clara: User) -> None:
    with time_machine.travel(datetime(2027, 1, 10, 9, tzinfo=UTC), tick=False):
        first = make_plan(clara)
        sweep()
    with time_machine.travel(datetime(2027, 1, 15, 9, tzinfo=UTC), tick=False):
        second = make_plan(clara, assess_case(by=clara, case=first.assessment.case))
        sweep()

    assert Reminder.objects.get(review=second, row=OF_TREATMENT).due_on == date(2027, 1, 17)
    assert not Reminder.objects.filter(review=first, state="open").exists()


def test_a_plan_swept_after_a_newer_one_takes_nothing_over(clara: User) -> None:
    first = make_plan(clara)
    with time_machine.travel(datetime.now(tz=UTC) + timedelta(days=2)):
        second = make_plan(clara, assess_case(by=clara, case=first.assessment.case))
        write_plan(by=clara, review=second)
        write_plan(by=clara, review=first)

    assert not rows(first)
    assert not Reminder.objects.filter(review=second, state="closed").exists()


def test_what_was_done_under_the_older_plan_stays_done(clara: User, nadia: User) -> None:
    first = make_plan(clara)
    old = make_reminders(clara, first)
    close_reminder(by=nadia, reminder=old[ONCE], outcome="done")
    with time_machine.travel(datetime.now(tz=UTC) + timedelta(days=2)):
        make_plan(clara, assess_case(by=clara, case=first.assessment.case))
        sweep()

    old[ONCE].refresh_from_db()
    assert (old[ONCE].state, old[ONCE].closed_by) == ("done", nadia)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_the_same_moment_write_once(clara: User) -> None:
    plans = [make_plan(clara), make_plan(clara), make_plan(clara)]
    together = Barrier(2)

    def sweep_together() -> int:
        together.wait(timeout=10)
        try:
            return sweep()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        written = [future.result(timeout=60) for future in [threads.submit(sweep_together) for _ in range(2)]]

    assert sum(written) == len(plans)
    for plan in plans:
        assert Reminder.objects.filter(review=plan, row=ONCE).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_the_worker_sweeps_when_the_doorbell_rings(clara: User) -> None:
    plan = make_plan(clara)

    sweep_task.delay()
    sweep_task.delay()

    deadline = datetime.now(tz=UTC) + timedelta(seconds=30)
    while not rows(plan):
        assert datetime.now(tz=UTC) < deadline, "The worker wrote no reminders."
    assert Reminder.objects.filter(review=plan, row=ONCE).count() == 1
