"""The page about the installation: what it watches, and who may see it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from calcinosis_app.accounts.models import User
from calcinosis_app.core import heartbeats
from calcinosis_app.core import installation as health
from calcinosis_app.core.models import Heartbeat, Part
from calcinosis_app.rulebooks.models import Release
from calcinosis_app.watching.models import Check, Run
from tests.cast import SignIn

pytestmark = pytest.mark.django_db
ALL_PARTS = (Part.WORKER, Part.BEAT, Part.SWEEP, Part.BACKUP)


@pytest.fixture(autouse=True)
def long_running(release: Release, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A server that has been up for a week, and everything was heard of just now."""
    monkeypatch.setattr(heartbeats, "STARTED", timezone.now() - timedelta(days=7))
    monkeypatch.setattr(health, "LOW_DISK", 0)
    monkeypatch.setenv("CALCINOSIS_STATE", str(tmp_path))
    for part in ALL_PARTS:
        heartbeats.beat(part)
    Run.objects.create(release=release, engine="1", cases=94, changed=0, milliseconds=700)
    Check.objects.create(releases=1, events=1, assessments=0, position=1, hash="0" * 64, milliseconds=5)


def open_page(sign_in: SignIn, person: User) -> str:
    response = sign_in(person).get("/health/")
    assert response.status_code == 200
    return response.content.decode()


def line(label: str) -> health.Line:
    return next(one for group in health.groups(release=1) for one in group.lines if one.label == label)


def test_an_administrator_sees_that_all_is_well(sign_in: SignIn, ada: User) -> None:
    text = open_page(sign_in, ada)
    assert "Everything is well" in text
    for label in (
        "Worker heard of",
        "Beat heard of",
        "Last follow-up sweep",
        "Waiting at the broker",
        "Migrations",
        "Size of the database",
        "Free disk where the data is kept",
        "Last backup",
        "Cases of the release judged",
        "Answers and rows",
        "Hashes worked out again",
        "Calcinosis",
        "PostgreSQL",
        "Release of the rules",
    ):
        assert f"<dt>{label}</dt>" in text


@pytest.mark.parametrize(
    ("part", "age", "label", "tone"),
    [
        (Part.WORKER, timedelta(minutes=6), "Worker heard of", "danger"),
        (Part.BEAT, timedelta(minutes=6), "Beat heard of", "danger"),
        (Part.SWEEP, timedelta(minutes=11), "Last follow-up sweep", "danger"),
        (Part.BACKUP, timedelta(hours=37), "Last backup", "warning"),
    ],
)
def test_what_was_silent_for_too_long_stands_out_with_what_to_do(
    sign_in: SignIn, ada: User, part: Part, age: timedelta, label: str, tone: str
) -> None:
    Heartbeat.objects.filter(part=part).update(seen_at=timezone.now() - age)
    found = line(label)
    assert found.tone == tone
    assert found.remedy
    text = open_page(sign_in, ada)
    assert found.remedy in text.replace("&#x27;", "'")
    assert "Everything is well" not in text


def test_an_installation_that_was_never_backed_up_says_so() -> None:
    Heartbeat.objects.filter(part=Part.BACKUP).delete()
    assert (line("Last backup").value, line("Last backup").tone) == ("never", "warning")


def test_a_server_that_has_just_started_is_not_judged(monkeypatch: pytest.MonkeyPatch, sign_in: SignIn, ada: User) -> None:
    Heartbeat.objects.exclude(part=Part.BACKUP).delete()
    assert line("Worker heard of").tone == line("Last follow-up sweep").tone == "danger"

    monkeypatch.setattr(heartbeats, "STARTED", timezone.now())
    for label in ("Worker heard of", "Beat heard of", "Last follow-up sweep"):
        assert (line(label).tone, line(label).value) == ("quiet", "not yet: this server has just started")
    assert "Everything is well" in open_page(sign_in, ada)


def test_a_restore_is_remembered() -> None:
    heartbeats.beat(Part.RESTORE, "as of yesterday")
    assert line("Last restore").value == "less than a minute ago; as of yesterday"


@override_settings(CELERY_BROKER_URL="redis://localhost:1/0")
def test_a_broker_that_does_not_answer_is_no_error_page(sign_in: SignIn, ada: User) -> None:
    assert "the broker does not answer" in open_page(sign_in, ada)


def test_a_full_disk_stands_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LOW_DISK", 1e30)
    assert line("Free disk where the data is kept").tone == "danger"


def test_a_database_elsewhere_has_its_disk_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CALCINOSIS_STATE")
    assert "another machine" in line("Free disk").value


def test_a_migration_that_is_missing_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")  # as the owner: the application cannot touch these rows
        cursor.execute("SET ROLE NONE")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core'")
        cursor.execute("ALTER TABLE core_heartbeat RENAME TO core_heartbeat_of_tomorrow")
    found = line("Migrations")
    assert found.tone == "danger"
    assert "core.0001_heartbeats" in found.value


@pytest.mark.parametrize("person", ["clara", "nadia", "karl", "aya"])
def test_others_may_not(sign_in: SignIn, request: pytest.FixtureRequest, person: str) -> None:
    assert sign_in(request.getfixturevalue(person)).get("/health/").status_code == 403


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    assert client.get("/health/")["Location"].startswith("/sign-in/")


def test_it_is_only_read(sign_in: SignIn, ada: User) -> None:
    assert sign_in(ada).post("/health/").status_code == 405


def test_it_stands_in_the_navigation_of_those_who_may(sign_in: SignIn, ada: User, clara: User) -> None:
    assert 'href="/health/"' in sign_in(ada).get("/").content.decode()
    assert 'href="/health/"' not in sign_in(clara).get("/").content.decode()
