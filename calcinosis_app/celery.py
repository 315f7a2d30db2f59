"""The Celery application. Queues are doorbells: what must not be lost is a row in PostgreSQL."""

import os
from typing import Any

from celery import Celery, Task

from calcinosis_app.core import task_log  # noqa: F401  # listens to what the worker does
from calcinosis_app.core.acting import acting
from calcinosis_app.core.actors import System

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calcinosis_app.settings")


class ActingTask(Task):  # type: ignore[misc]  # celery has no types
    """What a task changes is the worker's change, unless the action knows for whom it works."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The task, with its name told to the database."""
        with acting(System("worker"), way=f"task {self.name}"):
            return super().__call__(*args, **kwargs)


app = Celery("calcinosis", task_cls=ActingTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
