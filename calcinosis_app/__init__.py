"""The Django side of Calcinosis: people, patients, reviews and reminders around the rules."""

from calcinosis_app.celery import app as celery_app

__all__ = ["celery_app"]
