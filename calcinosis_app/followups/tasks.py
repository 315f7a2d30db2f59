"""Doorbells of the worker. They carry nothing: what is to be done stands in the database."""

from celery import shared_task

from calcinosis_app.core.heartbeats import beat
from calcinosis_app.core.models import Part
from calcinosis_app.followups import actions


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def sweep() -> None:
    """Rung by beat once a minute."""
    written = actions.sweep()
    beat(Part.SWEEP, f"wrote the reminders of {written}" if written else "")
