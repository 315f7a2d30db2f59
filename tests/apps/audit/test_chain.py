"""The log is a chain: what is changed, taken out or put in past the application is named, by event and day."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.audit.actions import Recorded, record, record_all
from calcinosis_app.audit.chain import look
from calcinosis_app.audit.models import Event, Link
from tests.past_our_doors import tamper

pytestmark = pytest.mark.django_db(transaction=True)


def looked_at(clara: User, clinic: Clinic, why: str = "a test") -> Event:
    with transaction.atomic():
        return record(by=clara, action="clinic.looked_at", subject=clinic, why=why)


@pytest.fixture
def events(clara: User, riverside: Clinic) -> list[Event]:
    return [looked_at(clara, riverside, f"reason {number}") for number in range(5)]


def found() -> list[tuple[str, int]]:
    return [(one.kind, one.number) for one in look().touched]


def test_every_event_has_its_link_and_nothing_is_found_where_nothing_was_done(events: list[Event]) -> None:
    chain = look()
    assert chain.touched == ()
    assert chain.events == chain.position == Event.objects.count() == Link.objects.count()
    assert list(Link.objects.order_by("position").values_list("position", flat=True)) == list(range(1, chain.position + 1))
    assert chain.hash == Link.objects.latest("position").hash
    assert len(chain.hash) == 64


def test_a_change_that_is_taken_back_leaves_neither_event_nor_link(clara: User, riverside: Clinic, events: list[Event]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        record(by=clara, action="clinic.looked_at", subject=riverside)
        raise RuntimeError
    looked_at(clara, riverside)
    chain = look()
    assert (chain.touched, chain.events) == ((), chain.position)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "Somebody Else"),
        ("actor_id", "7"),
        ("clinic", ""),
        ("action", "clinic.left"),
        ("subject_kind", "user"),
        ("subject_id", "7"),
        ("detail", '{"why": "another"}'),
        ("at", "2020-01-01T00:00:00Z"),
    ],
)
def test_whatever_is_changed_of_an_event_the_event_is_named(events: list[Event], column: str, value: str) -> None:
    tamper(f"UPDATE audit_event SET {column} = %s WHERE id = %s", value, events[2].pk)  # noqa: S608
    assert found() == [("changed", events[2].pk)]


def test_an_event_that_is_taken_out_is_named_with_its_day(events: list[Event]) -> None:
    tamper("DELETE FROM audit_event WHERE id = %s", events[1].pk)
    [one] = look().touched
    assert (one.kind, one.number, one.at) == ("gone", events[1].pk, events[1].at)
    assert str(events[1].pk) in one.says


def test_an_event_that_is_put_in_is_named(events: list[Event]) -> None:
    tamper(
        "INSERT INTO audit_event (at, actor, actor_id, clinic, action, subject_kind, subject_id, detail) "
        "SELECT at, actor, actor_id, clinic, action, subject_kind, subject_id, detail FROM audit_event WHERE id = %s",
        events[0].pk,
    )
    assert found() == [("unlinked", Event.objects.latest("pk").pk)]


def test_an_event_and_its_link_taken_out_together_leave_a_gap(events: list[Event]) -> None:
    position = Link.objects.get(event_id=events[3].pk).position
    assert position is not None
    tamper("DELETE FROM audit_link WHERE event_id = %s", events[3].pk)
    assert found() == [("cut", position - 1), ("unlinked", events[3].pk)]
    tamper("DELETE FROM audit_event WHERE id = %s", events[3].pk)
    assert found() == [("cut", position - 1)]


def test_an_event_changed_together_with_its_own_link_shows_at_the_next(events: list[Event]) -> None:
    tamper("UPDATE audit_event SET actor = 'Somebody Else' WHERE id = %s", events[1].pk)
    tamper(
        "UPDATE audit_link AS l SET hash = audit_hash(b.hash, e) FROM audit_link AS b, audit_event AS e "
        "WHERE l.event_id = %s AND b.position = l.position - 1 AND e.id = l.event_id",
        events[1].pk,
    )
    assert found() == [("changed", events[2].pk)]


def test_an_end_that_was_noted_shows_a_chain_that_was_cut_or_written_anew(events: list[Event]) -> None:
    noted = [(look().position, look().hash)]
    assert look(noted).touched == ()
    tamper("DELETE FROM audit_link WHERE event_id = %s", events[4].pk)
    tamper("DELETE FROM audit_event WHERE id = %s", events[4].pk)
    assert look().touched == (), "whoever cuts the end off leaves no trace in the chain itself"
    assert [(one.kind, one.number) for one in look(noted).touched] == [("rewritten", noted[0][0])]


def test_what_went_with_a_record_is_no_gap_but_nothing_more_can_hide_behind_it(clara: User, riverside: Clinic, events: list[Event]) -> None:
    with transaction.atomic():
        told = record(by=clara, action="record.removed", subject=riverside, rows={"audit.event": 2})
    for one in events[:2]:
        tamper("DELETE FROM audit_event WHERE id = %s", one.pk)
        tamper("UPDATE audit_link SET removed = %s WHERE event_id = %s", told.pk, one.pk)
    assert found() == []
    tamper("DELETE FROM audit_event WHERE id = %s", events[2].pk)
    tamper("UPDATE audit_link SET removed = %s WHERE event_id = %s", told.pk, events[2].pk)
    assert found() == [("overtold", told.pk)]
    assert found() != [], "and it stays found"


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_link (event_id, at, hash) VALUES (7, now(), '')",
        "UPDATE audit_link SET hash = 'x'",
        "DELETE FROM audit_link",
        "TRUNCATE audit_link",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "DROP FUNCTION audit_hash(text, audit_event) CASCADE",
    ],
)
def test_the_application_can_only_read_the_chain(events: list[Event], statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_many_at_once_make_one_chain_and_wait_for_nobody_in_a_circle(clara: User, riverside: Clinic) -> None:
    """Each holds a row of its own while it writes events, and another's row is waited for: whoever links never waits."""

    def write(number: int) -> None:
        try:
            for turn in range(10):
                with transaction.atomic():
                    record(by=clara, action="clinic.looked_at", subject=riverside, turn=turn)
                    Clinic.objects.select_for_update().get(pk=riverside.pk)
                    record_all(by=clara, action="clinic.looked_at", events=[Recorded(riverside, {"by": number})] * 3)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as together:
        list(together.map(write, range(6)))
    chain = look()
    assert chain.touched == ()
    assert chain.events == chain.position >= 6 * 10 * 4


def test_a_look_finds_the_one_event_that_was_written_anew_without_its_trigger(clara: User, riverside: Clinic, events: list[Event]) -> None:
    """The control: without the trigger that links, nothing would tell this from an honest log."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE; ALTER TABLE audit_event DISABLE TRIGGER event_awaits_link")
        event = looked_at(clara, riverside)
        cursor.execute("ALTER TABLE audit_event ENABLE TRIGGER event_awaits_link; RESET ROLE")
    assert found() == [("unlinked", event.pk)]
