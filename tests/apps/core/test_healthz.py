"""The health check names what is down or gone, never where it is."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection
from django.test import Client, override_settings
from django.utils import timezone

from calcinosis_app.core import heartbeats
from calcinosis_app.core.models import Heartbeat, Part

pytestmark = pytest.mark.django_db

ALIVE = {"worker": "ok", "beat": "ok"}


@pytest.fixture(autouse=True)
def long_running(monkeypatch: pytest.MonkeyPatch) -> None:
    """This server has been up for a day."""
    monkeypatch.setattr(heartbeats, "STARTED", timezone.now() - timedelta(days=1))


@pytest.fixture(autouse=True)
def signs(db: None) -> None:
    """Worker and beat have just been heard of."""
    heartbeats.beat(Part.WORKER)
    heartbeats.beat(Part.BEAT)


def last_seen(part: Part, *, minutes: int) -> None:
    Heartbeat.objects.filter(part=part).update(seen_at=timezone.now() - timedelta(minutes=minutes))


def test_well(client: Client) -> None:
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {"database": "ok", "broker": "ok", **ALIVE}
    assert "no-store" in response["Cache-Control"]


@override_settings(CELERY_BROKER_URL="redis://localhost:1/0")
def test_broker_down(client: Client) -> None:
    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json() == {"database": "ok", "broker": "down", **ALIVE}


def test_database_down(client: Client) -> None:
    with patch.object(connection, "cursor", side_effect=DatabaseError("host=secret")):
        response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json() == {"database": "down", "broker": "ok"}


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_between_two_requests(client: Client) -> None:
    connection.ensure_connection()
    connection.connection.close()  # the driver's own, behind Django's back
    response = client.get("/healthz")
    connection.close()

    assert response.status_code == 503
    assert response.json() == {"database": "down", "broker": "ok"}
    assert client.get("/healthz").json()["database"] == "ok"


@pytest.mark.parametrize("part", heartbeats.WATCHED)
def test_a_part_that_was_silent_for_too_long_is_named(client: Client, part: Part) -> None:
    last_seen(part, minutes=4)
    assert client.get("/healthz").status_code == 200

    last_seen(part, minutes=6)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"database": "ok", "broker": "ok", **ALIVE, str(part): "gone"}


@override_settings(SILENT_MINUTES=10)
def test_how_long_is_too_long_can_be_set(client: Client) -> None:
    last_seen(Part.BEAT, minutes=9)
    assert client.get("/healthz").status_code == 200
    last_seen(Part.BEAT, minutes=11)
    assert client.get("/healthz").status_code == 503


@override_settings(SILENT_MINUTES=0)
def test_what_is_not_watched_from_here_is_not_named(client: Client) -> None:
    Heartbeat.objects.all().delete()
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "broker": "ok"}


def test_a_server_that_has_just_started_waits_for_the_first_sign(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    Heartbeat.objects.all().delete()
    assert client.get("/healthz").json()["worker"] == "gone"

    monkeypatch.setattr(heartbeats, "STARTED", timezone.now() - timedelta(minutes=2))
    assert client.get("/healthz").json()["worker"] == "ok"


def test_an_old_schema_is_named_and_is_no_error_page(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")  # as the owner
        cursor.execute("ALTER TABLE core_heartbeat RENAME TO core_heartbeat_of_tomorrow")
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"database": "ok", "broker": "ok", "schema": "old"}
