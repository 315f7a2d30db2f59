"""Whether the services that the pages need are answering."""

from django.conf import settings
from django.db import DatabaseError, connection
from kombu import Connection
from kombu.exceptions import OperationalError

BROKER_PATIENCE_SECONDS = 2


def health() -> dict[str, str]:
    """`ok` or `down` for each service."""
    return {"database": _database(), "broker": _broker()}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "down"
    return "ok"


def _broker() -> str:
    patience = {"connect_timeout": BROKER_PATIENCE_SECONDS}
    try:
        with Connection(settings.CELERY_BROKER_URL, **patience) as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_PATIENCE_SECONDS)
    except (OperationalError, OSError):
        return "down"
    return "ok"
