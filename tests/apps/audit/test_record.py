"""The log is written inside the change it tells of, names nobody, and stays as it was written."""

import pytest
from django.db import DatabaseError, connection, transaction

from calcinosis_app.accounts.models import Clinic, User
from calcinosis_app.audit.actions import Recorded, record, record_all
from calcinosis_app.audit.actors import System
from calcinosis_app.audit.models import Event
from calcinosis_app.audit.selectors import events_about
from calcinosis_app.core.written_once import WrittenForGood


def test_an_event_says_who_did_what_to_what(clara: User, riverside: Clinic) -> None:
    event = record(by=clara, action="clinic.looked_at", subject=riverside, why="a test")

    assert (event.actor, event.actor_id, event.clinic) == ("Dr Clara Winter", str(clara.pk), str(riverside.pk))
    assert (event.subject_kind, event.subject_id) == ("clinic", str(riverside.pk))
    assert event.detail == {"why": "a test"}
    assert event in events_about(riverside)


def test_the_product_itself_can_act(riverside: Clinic) -> None:
    event = record(by=System("sweep"), action="clinic.swept", subject=riverside)

    assert (event.actor, event.actor_id, event.clinic) == ("Calcinosis (sweep)", "system:sweep", "")


def test_many_subjects_get_one_event_each(clara: User, riverside: Clinic, hill: Clinic) -> None:
    record_all(by=clara, action="clinic.looked_at", events=[Recorded(riverside, {"why": "a"}), Recorded(hill, {"why": "b"})])

    assert [events_about(clinic).get(action="clinic.looked_at").detail for clinic in (riverside, hill)] == [{"why": "a"}, {"why": "b"}]
    with pytest.raises(ValueError, match="may not carry name"):
        record_all(by=clara, action="clinic.looked_at", events=[Recorded(riverside, {}), Recorded(hill, {"name": "Hill"})])


@pytest.mark.parametrize("action", ["opened", "Case.Opened", "case opened", ""])
def test_an_action_reads_noun_verb(clara: User, riverside: Clinic, action: str) -> None:
    with pytest.raises(ValueError, match=r"must read noun\.verb"):
        record(by=clara, action=action, subject=riverside)


def test_a_detail_never_carries_identity(clara: User, riverside: Clinic) -> None:
    with pytest.raises(ValueError, match="may not carry family_name"):
        record(by=clara, action="patient.created", subject=riverside, family_name="Lind")


def test_an_event_cannot_be_changed_or_deleted(clara: User, riverside: Clinic) -> None:
    event = record(by=clara, action="clinic.looked_at", subject=riverside)

    event.actor = "Somebody Else"
    for attempt in (event.save, event.delete, Event.objects.all().delete):
        with pytest.raises(WrittenForGood):
            attempt()
    with pytest.raises(WrittenForGood):
        Event.objects.update(actor="Somebody Else")


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET actor = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event"])
def test_the_database_refuses_to_change_the_log(clara: User, statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_an_event_needs_the_transaction_of_its_change(clara: User, riverside: Clinic) -> None:
    with pytest.raises(transaction.TransactionManagementError, match=r"clinic\.looked_at"):
        record(by=clara, action="clinic.looked_at", subject=riverside)
