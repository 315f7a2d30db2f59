"""Doorbells of the worker. They carry nothing: what is to be done stands in the database."""

from celery import shared_task

from calcinosis_app.accounts import actions


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def mail_links() -> None:
    """Rung when somebody asked for a link, and by beat once a minute."""
    actions.mail_links()


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def mail_emergencies() -> None:
    """Rung when somebody opened another clinic's patient in an emergency, and by beat once a minute."""
    actions.mail_emergencies()
