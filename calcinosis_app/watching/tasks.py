"""Doorbells of the worker. They carry nothing: whether it is time, and whose turn it is, the database knows."""

from typing import Final

from celery import shared_task

from calcinosis_app.watching import actions

# A check of everything may take long. Given out again meanwhile, it finds that another is at it, and leaves.
LONGEST_CHECK_SECONDS: Final = 3600


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def count() -> None:
    """Rung by beat every ten minutes."""
    actions.count_rows()


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def run() -> None:
    """Rung by beat once a minute; cases are judged once an hour, and at once under another release."""
    actions.run_cases()


@shared_task(time_limit=LONGEST_CHECK_SECONDS)  # type: ignore[untyped-decorator]  # celery has no types
def check() -> None:
    """Rung by beat every ten minutes; hashes are worked out again once a night."""
    actions.check_hashes()
