"""The sign of life of beat and of the worker: beat rings once a minute, and the worker, when it hears it, says so. And a broom."""

from typing import Any

from celery import shared_task
from celery.signals import after_task_publish
from django.db import close_old_connections

from calcinosis_app.core import once
from calcinosis_app.core.heartbeats import beat
from calcinosis_app.core.models import Part

HEARTBEAT = "calcinosis_app.core.tasks.heartbeat"


@shared_task(name=HEARTBEAT)  # type: ignore[untyped-decorator]  # celery has no types
def heartbeat() -> None:
    """Done by the worker."""
    beat(Part.WORKER)


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def sweep_once_keys() -> None:
    """Rung by beat once an hour."""
    once.sweep()


@after_task_publish.connect(sender=HEARTBEAT)  # type: ignore[untyped-decorator]  # celery has no types
def rung(**about: Any) -> None:
    """Done by beat, which alone sends this task, after the broker has taken it."""
    close_old_connections()  # beat is no web server: nobody else looks whether the connection still lives
    beat(Part.BEAT)
