"""Whether what the pages need is answering, and what works behind them is alive."""

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import timezone
from kombu import Connection
from kombu.exceptions import OperationalError

from calcinosis_app.core import heartbeats

BROKER_PATIENCE_SECONDS = 2


def health() -> dict[str, str]:
    """`ok` or `down` for each service, `ok` or `gone` for each part that works unseen; nothing of these when nobody can say."""
    services = {"database": _database(), "broker": _broker()}
    return services | (_background() if services["database"] == "ok" else {})


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):  # the latter for a connection that broke between two requests
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


def _background() -> dict[str, str]:
    """The worker and beat, where they are watched from here. An old schema knows nothing of them."""
    if heartbeats.patience() is None:
        return {}
    try:
        with transaction.atomic():
            seen = heartbeats.heartbeats()
    except InterfaceError:
        return {"database": "down"}
    except DatabaseError:
        return {"schema": "old"}
    now = timezone.now()
    return {
        str(part): "gone" if heartbeats.is_gone(part, seen, now=now, started=heartbeats.STARTED) else "ok" for part in heartbeats.WATCHED
    }
