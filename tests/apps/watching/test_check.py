"""The nightly check names what was touched past our own doors: which release, which event, which assessment, and when it was made."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.audit.models import Event
from calcinosis_app.rulebooks.models import Release
from calcinosis_app.watching.actions import check_hashes, take_as_right
from calcinosis_app.watching.actions.check import night_before
from calcinosis_app.watching.models import Check
from calcinosis_app.watching.selectors import open_alarms
from tests.factories.assessment import make_assessment
from tests.past_our_doors import tamper

pytestmark = pytest.mark.django_db(transaction=True)


def touched() -> list[str]:
    check = check_hashes(now=True)
    assert check is not None
    return list(check.touched)


def test_nothing_is_named_where_nothing_was_touched(clara: User) -> None:
    make_assessment(clara)
    check = check_hashes(now=True)
    assert check is not None
    assert (check.touched, check.releases, check.assessments) == ([], 1, 1)
    assert check.events == Event.objects.count()
    assert check.position == check.events
    assert not open_alarms().exists()


def test_a_release_that_was_changed_is_named_by_number(release: Release, clara: User) -> None:
    tamper("UPDATE rulebooks_release SET content = replace(content, '1.45', '1.54') WHERE number = 1")
    [says] = touched()
    assert says.startswith("The text of release 1 is not what was published, ")
    alarm = open_alarms("touched").get()
    assert (alarm.subject, alarm.differences) == ("release 1", [says])


def test_a_release_that_was_changed_together_with_its_hash_is_held_against_the_log(release: Release, clara: User) -> None:
    tamper("UPDATE rulebooks_release SET content = replace(content, '1.45', '1.54') WHERE number = 1")
    tamper("UPDATE rulebooks_release SET hash = encode(sha256(convert_to(content, 'UTF8')), 'hex') WHERE number = 1")
    [says] = touched()
    assert says.startswith("The log does not tell of release 1 with this hash")


def test_a_release_that_is_gone_is_named(release: Release, clara: User) -> None:
    tamper("DELETE FROM rulebooks_release WHERE number = 1")
    [says] = touched()
    assert says.startswith("Release 1 is gone, published")


def test_an_event_that_was_changed_is_named_by_number_and_day(clara: User) -> None:
    event = make_event(clara)
    tamper("UPDATE audit_event SET actor = 'Somebody Else' WHERE id = %s", event.pk)
    [says] = touched()
    assert says.startswith(f"Event {event.pk} does not say what was written")
    assert f"{event.at:%Y-%m-%d}" in says
    assert open_alarms("touched").get().subject == "the audit log"


def test_an_event_that_was_cut_off_at_the_end_is_noticed_by_the_end_of_the_night_before(clara: User) -> None:
    event = make_event(clara)
    assert touched() == []
    last = Check.objects.latest("pk")
    tamper("DELETE FROM audit_link WHERE event_id = %s", event.pk)
    tamper("DELETE FROM audit_event WHERE id = %s", event.pk)
    assert touched() == [f"The chain was written anew: position {last.position} ends otherwise than an earlier check has noted"]


def test_a_result_that_was_changed_is_named_without_a_patient(clara: User) -> None:
    assessment = make_assessment(clara)
    tamper("UPDATE assessments_assessment SET result = replace(result, 'open', 'decided') WHERE id = %s", assessment.pk)
    [says] = touched()
    assert says.startswith(f"The result of assessment {assessment.pk} is not what was stored")
    assert str(assessment.case.patient_id) not in says


def test_an_alarm_is_raised_once_and_closes_itself_when_everything_is_as_it_was_written(release: Release, clara: User) -> None:
    tamper("UPDATE rulebooks_release SET content = content || ' '")
    touched()
    touched()
    alarm = open_alarms("touched").get()
    tamper("UPDATE rulebooks_release SET content = rtrim(content)")
    assert touched() == []
    alarm.refresh_from_db()
    assert "finds everything as it was written" in alarm.note


def test_an_administrator_takes_it_as_known_until_more_is_touched(clara: User, karl: User, ada: User) -> None:
    one, other = make_event(clara), make_event(clara)
    tamper("DELETE FROM audit_event WHERE id = %s", one.pk)
    touched()
    with pytest.raises(PermissionDenied):
        take_as_right(by=karl, alarm=open_alarms("touched").get(), note="I know")
    take_as_right(by=ada, alarm=open_alarms("touched").get(), note="The provider lost a page; the backup of Monday has the event")
    assert touched() != [], "it is found all the same"
    assert not open_alarms().exists()
    tamper("DELETE FROM audit_event WHERE id = %s", other.pk)
    touched()
    assert open_alarms("touched").count() == 1


def test_a_night_begins_at_two_on_the_clinics_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert night_before(datetime(2027, 1, 10, 0, 59, tzinfo=UTC), berlin) == datetime(2027, 1, 9, 1, tzinfo=UTC)
    assert night_before(datetime(2027, 1, 10, 1, 0, tzinfo=UTC), berlin) == datetime(2027, 1, 10, 1, tzinfo=UTC)
    assert night_before(datetime(2027, 7, 10, 0, 30, tzinfo=UTC), berlin) == datetime(2027, 7, 10, 0, tzinfo=UTC)


def test_it_is_time_once_a_night(riverside: Clinic, release: Release) -> None:
    noon = datetime(2027, 1, 10, 12, tzinfo=UTC)
    for hours, is_time in ((0, True), (1, False), (12, False), (13.1, True), (20, False), (37.1, True)):
        with time_machine.travel(noon + timedelta(hours=hours), tick=False):
            assert (check_hashes() is not None) == is_time, hours


def make_event(clara: User) -> Event:
    make_assessment(clara)
    return Event.objects.latest("pk")
