"""The Celery application. Queues are doorbells: what must not be lost is a row in PostgreSQL."""

import os

from celery import Celery

from calcinosis_app.core import task_log  # noqa: F401  # listens to what the worker does

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calcinosis_app.settings")

app = Celery("calcinosis")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
