"""The product's rules are stored once; a changed text becomes the next release; nothing stored is ever touched."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from calcinosis_app.audit.actors import System
from calcinosis_app.audit.selectors import events_about
from calcinosis_app.core.written_once import WrittenForGood
from calcinosis_app.rulebooks.actions import load_release
from calcinosis_app.rulebooks.bridge import ENGINE, Rules, current, current_release, rules_of, shipped
from calcinosis_app.rulebooks.models import Release
from calcinosis_app.rulebooks.selectors import content_of, releases

CURATOR = System("tests")
pytestmark = pytest.mark.django_db


def changed(**content: Any) -> Rules:
    return Rules({**shipped().content, **content})


def test_the_first_load_stores_text_hash_and_engine() -> None:
    loaded = load_release(by=CURATOR)

    assert loaded.is_new
    assert (loaded.release.number, loaded.release.hash, loaded.release.engine) == (1, shipped().hash, ENGINE)
    assert content_of(loaded.release.hash) == shipped().to_json()
    assert [event.action for event in events_about(loaded.release)] == ["release.published"]


def test_a_second_load_does_nothing() -> None:
    first = load_release(by=CURATOR).release

    again = load_release(by=CURATOR)

    assert not again.is_new
    assert again.release == first
    assert releases().count() == 1


def test_a_changed_text_becomes_the_next_release_and_the_one_in_force(release: Release) -> None:
    loaded = load_release(by=CURATOR, rules=changed(evidence="more than before"))

    assert loaded.is_new
    assert loaded.release.number == 2
    assert current().number == 2
    assert current().content["evidence"] == "more than before"
    assert rules_of(release).hash == shipped().hash


def test_an_upgraded_text_is_found_again_under_the_number_it_got(release: Release) -> None:
    upgraded = changed(evidence="more than before")
    second = load_release(by=CURATOR, rules=upgraded).release

    again = load_release(by=CURATOR, rules=upgraded)

    assert not again.is_new
    assert again.release == second


def test_a_product_set_back_changes_nothing(release: Release) -> None:
    load_release(by=CURATOR, rules=changed(evidence="more than before"))

    back = load_release(by=CURATOR)

    assert back.release == release
    assert current_release().number == 2


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_release")
    call_command("load_release")

    first, second = capsys.readouterr().out.splitlines()
    assert first == f"Release 1 of the rules is stored now (hash {shipped().hash[:12]})."
    assert "was stored already" in second


def test_a_stored_release_cannot_be_changed_or_deleted(release: Release) -> None:
    release.engine = "2"
    for forbidden in (release.save, release.delete, Release.objects.all().delete, lambda: Release.objects.update(engine="2")):
        with pytest.raises(WrittenForGood):
            forbidden()


@pytest.mark.parametrize(
    "statement", ["UPDATE rulebooks_release SET engine = '2'", "DELETE FROM rulebooks_release", "TRUNCATE rulebooks_release"]
)
def test_neither_can_the_database_role(release: Release, statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_number_is_given_once(release: Release) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(number=release.number, hash="0" * 64, content="{}", engine="1", published_by="somebody")


def test_text_that_was_tampered_with_is_not_applied(release: Release) -> None:
    other = Release(number=9, hash="0" * 64, content=release.content, engine="1", published_by="somebody")
    other.save()

    with pytest.raises(ValueError, match="has hash"):
        rules_of(other)
