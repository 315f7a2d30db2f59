"""The health check names what is down, never where it is."""

from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection
from django.test import Client, override_settings

pytestmark = pytest.mark.django_db


def test_well(client: Client) -> None:
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {"database": "ok", "broker": "ok"}
    assert "no-store" in response["Cache-Control"]


@override_settings(CELERY_BROKER_URL="redis://localhost:1/0")
def test_broker_down(client: Client) -> None:
    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json() == {"database": "ok", "broker": "down"}


def test_database_down(client: Client) -> None:
    with patch.object(connection, "cursor", side_effect=DatabaseError("host=secret")):
        response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json() == {"database": "down", "broker": "ok"}
