"""Doorbells of the worker. They carry nothing: what is to be done stands in the database."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from calcinosis_app.laboratory import actions

# Short, so that the worker's other tasks get their turn, and far below the time limit of a task.
SECONDS_AT_A_TIME = 20
logger = logging.getLogger(__name__)


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def work() -> None:
    """Rung by the pages, by itself while something is left, and by beat once a minute."""
    if actions.work_on(seconds=SECONDS_AT_A_TIME):
        ring()


def ring() -> None:
    """Calls the worker. A broker that does not answer only makes it wait for beat."""
    try:
        work.apply_async(retry=False)
    except (OperationalError, OSError):
        logger.warning("The broker does not answer; the worker finds the import within a minute of its return.")


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def clear() -> None:
    """Rung by beat once a day."""
    actions.clear_dry_runs()
