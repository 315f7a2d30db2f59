"""The release's own cases are judged as a patient's are, and an answer that is not what it was is an alarm: once, until it is back."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections

from calcinosis_app.accounts.models import User
from calcinosis_app.assessments.models import Assessment
from calcinosis_app.audit.actors import System
from calcinosis_app.audit.models import Event
from calcinosis_app.core.errors import Conflict
from calcinosis_app.patients.models import Patient
from calcinosis_app.rulebooks.actions import load_release
from calcinosis_app.rulebooks.bridge import Rules, shipped
from calcinosis_app.rulebooks.models import Release
from calcinosis_app.watching import tasks
from calcinosis_app.watching.actions import run as at_work
from calcinosis_app.watching.actions import run_cases, take_as_right
from calcinosis_app.watching.models import Alarm, Answer, Check, Run, Share
from calcinosis_app.watching.selectors import open_alarms
from tests.factories.assessment import make_assessment

pytestmark = pytest.mark.django_db
CASES = 8
Judge = Callable[..., Any]


@pytest.fixture
def few(release: Release) -> Release:
    """A release with the first few of the cases: what is shown here does not hang on how many they are."""
    return published(lambda content: None)


def published(change: Callable[[dict[str, Any]], None]) -> Release:
    content = deepcopy(dict(shipped().content))
    content["cases"] = content["cases"][:CASES]
    change(content)
    return load_release(by=System("tests"), rules=Rules(content)).release


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes the engine give one case another type than it did, or fail on it. An empty name makes it sound again."""
    sound = at_work.judge
    of: list[str] = [""]

    class Other:
        def __init__(self, judged: Any) -> None:
            self.judged = judged

        def as_json(self) -> dict[str, Any]:
            outcome: dict[str, Any] = self.judged.as_json()
            outcome["lesions"][0]["type"] = "not_calcinosis"
            outcome["lesions"][0]["fired"] = []
            return outcome

    def judge(case: dict[str, Any], *args: Any, **named: Any) -> Any:
        if of[0] == f"{case['id']} fails":
            raise ZeroDivisionError("nothing to divide by")
        judged = sound(case, *args, **named)
        return Other(judged) if of[0] == case["id"] else judged

    monkeypatch.setattr(at_work, "judge", judge)
    return lambda case: of.__setitem__(0, case)


def the_alarm() -> Alarm:
    return open_alarms("answer").get()


def test_a_run_is_a_row_and_its_answers_are_kept_apart_from_patients(few: Release) -> None:
    run = run_cases()
    assert run is not None
    assert (run.release, run.cases, run.changed) == (few, CASES, 0)
    assert Answer.objects.count() == CASES
    assert all("engine" not in json.loads(one.result) for one in Answer.objects.all())
    assert all(len(one.digest) == 64 and one.rows for one in Answer.objects.all())
    assert not Patient.objects.exists()
    assert not Assessment.objects.exists()
    assert not Alarm.objects.exists()


def test_it_is_time_once_an_hour_and_at_once_under_another_release_or_engine(few: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = datetime(2027, 3, 1, 12, tzinfo=UTC)
    with time_machine.travel(noon, tick=False):
        assert run_cases() is not None
        assert run_cases() is None
    with time_machine.travel(noon + timedelta(minutes=59), tick=False):
        assert run_cases() is None
    with time_machine.travel(noon + timedelta(minutes=60), tick=False):
        assert run_cases() is not None
        published(lambda content: content.update(funding="somebody else"))
        assert run_cases() is not None
        assert run_cases() is None
        monkeypatch.setattr(at_work, "ENGINE", "99")
        assert run_cases() is not None
    assert Run.objects.count() == 4
    assert Answer.objects.count() == 2 * CASES, "the same answer is not written down again"


def test_an_answer_that_changes_without_a_release_is_an_alarm_once_and_closes_itself_when_it_is_back(
    few: Release, broken: Callable[[str], None], caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    """The control: without the change there is none, and without the watch nobody would hear of it."""
    run_cases(now=True)
    broken("G06")
    with django_capture_on_commit_callbacks(execute=True):
        run_cases(now=True)
        run_cases(now=True)
    alarm = the_alarm()
    assert (alarm.subject, alarm.release) == ("G06", few)
    assert "Case G06 has another answer" in alarm.says
    assert any(one.startswith("lesions[0].type: metastatic, now not_calcinosis") for one in alarm.differences)
    assert caplog.text.count("Case G06 has another answer") == 1, "raised once, not every time"
    assert Event.objects.filter(action="alarm.raised", detail__kind="answer").count() == 1
    assert Answer.objects.filter(case="G06").count() == 2

    broken("")
    run_cases(now=True)
    alarm.refresh_from_db()
    assert not alarm.is_open
    assert alarm.note == "The answer is back: it is again what it was."
    assert alarm.closed_by == "Calcinosis (watching the rules)"
    assert not alarm.accepted

    broken("G06")
    run_cases(now=True)
    assert the_alarm().pk != alarm.pk, "the next time it is a new one"


def test_a_case_that_can_no_longer_be_judged_is_an_alarm_and_holds_up_no_other(few: Release, broken: Callable[[str], None]) -> None:
    run_cases(now=True)
    broken("G02 fails")
    run = run_cases(now=True)
    assert run is not None
    assert (run.cases, run.changed) == (CASES, 1)
    assert the_alarm().says == f"Case G02 can no longer be judged under release {few.number}"
    assert the_alarm().differences == ["an answer, now error: ZeroDivisionError: nothing to divide by"]


def test_a_case_that_never_could_be_judged_is_an_alarm_from_the_start(few: Release, broken: Callable[[str], None]) -> None:
    broken("G02 fails")
    run_cases(now=True)
    assert the_alarm().subject == "G02"


def test_another_engine_that_answers_otherwise_is_named(
    few: Release, broken: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_cases(now=True)
    then = at_work.ENGINE
    monkeypatch.setattr(at_work, "ENGINE", "99")
    run_cases(now=True)
    assert not open_alarms().exists(), "the engine's version alone is no other answer"
    broken("G06")
    run_cases(now=True)
    assert f"the engine was {then} then and is 99 now" in the_alarm().says


def test_under_another_release_its_own_answers_count(few: Release, broken: Callable[[str], None]) -> None:
    run_cases(now=True)
    broken("G06")
    run_cases(now=True)
    alarm = the_alarm()
    broken("")
    new = published(lambda content: content.update(funding="somebody else"))
    run_cases()
    alarm.refresh_from_db()
    assert alarm.note == f"Release {new.number} is in force: its own answers count from now on."
    assert not open_alarms("answer").exists()


def test_a_row_that_fires_in_no_case_any_more_is_silent_until_it_fires_again(few: Release) -> None:
    run_cases(now=True)
    used = {row for one in Answer.objects.all() for row in one.rows}
    assert "C7c" in used

    def muted(content: dict[str, Any]) -> None:
        [row] = [one for one in content["tables"]["classification"]["row"] if one["id"] == "C7c"]
        row["when"] = {**row["when"], "pregnant": "true"}

    published(muted)
    run_cases()
    alarm = open_alarms("silent").get(subject="C7c")
    assert "fires in none under release" in alarm.says
    run_cases(now=True)
    assert open_alarms("silent").filter(subject="C7c").count() == 1

    published(lambda content: content.update(funding="somebody else"))
    run_cases()
    alarm.refresh_from_db()
    assert "fires again in a case" in alarm.note


def test_a_row_that_a_release_no_longer_has_is_not_silent(few: Release) -> None:
    run_cases(now=True)

    def without(content: dict[str, Any]) -> None:
        content["lists"]["advice"] = [row for row in content["lists"]["advice"] if row["row"] != "advice.no_home_remedies"]

    published(without)
    run_cases()
    assert not open_alarms("silent").filter(subject="advice.no_home_remedies").exists()


def test_a_curator_takes_the_new_answer_as_right_with_a_reason(
    few: Release, broken: Callable[[str], None], karl: User, clara: User, ada: User
) -> None:
    run_cases(now=True)
    broken("G06")
    run_cases(now=True)
    alarm = the_alarm()
    for person in (clara, ada):
        with pytest.raises(PermissionDenied):
            take_as_right(by=person, alarm=alarm, note="It is right")
    with pytest.raises(ValidationError, match="reason is missing"):
        take_as_right(by=karl, alarm=alarm, note="  ")
    take_as_right(by=karl, alarm=alarm, note="The engine was mended, the old answer was wrong")
    run_cases(now=True)
    assert not open_alarms("answer").exists()
    with pytest.raises(Conflict, match="ended meanwhile"):
        take_as_right(by=karl, alarm=alarm, note="Again")
    broken("")
    run_cases(now=True)
    assert the_alarm().subject == "G06", "now the old answer is the other one"
    assert any(one.startswith("lesions[0].type: not_calcinosis, now metastatic") for one in the_alarm().differences)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_run_once(few: Release) -> None:
    together = Barrier(2)

    def run() -> bool:
        together.wait(timeout=10)
        try:
            return run_cases() is not None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        ran = [future.result(timeout=60) for future in [threads.submit(run) for _ in range(2)]]
    assert sum(ran) == Run.objects.count() == 1
    assert Answer.objects.count() == CASES


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_the_worker_watches_when_the_doorbells_ring(few: Release, clara: User) -> None:
    make_assessment(clara)
    for bell in (tasks.run, tasks.check, tasks.count):
        bell.delay()
        bell.delay()
    deadline = datetime.now(tz=UTC) + timedelta(seconds=30)
    while not (Run.objects.exists() and Check.objects.exists() and Share.objects.exists()):
        assert datetime.now(tz=UTC) < deadline, "The worker watched nothing."
        time.sleep(0.1)
    assert (Run.objects.count(), Check.objects.count(), Share.objects.count()) == (1, 1, 1)
    assert Check.objects.get().touched == []


def test_beat_rings_each_of_the_doorbells() -> None:
    rung = {one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {bell.name for bell in (tasks.run, tasks.check, tasks.count)} <= rung
