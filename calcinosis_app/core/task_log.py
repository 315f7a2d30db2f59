"""One line in the log for each task that the worker did."""

import logging
import time
from typing import Any

from celery.signals import task_postrun, task_prerun

logger = logging.getLogger("calcinosis_app.work")
_began: dict[str, float] = {}


@task_prerun.connect  # type: ignore[untyped-decorator]  # celery has no types
def begins(task_id: str, **about: Any) -> None:
    """Looks at the clock."""
    _began[task_id] = time.perf_counter()


@task_postrun.connect  # type: ignore[untyped-decorator]  # celery has no types
def ended(task_id: str, task: Any, state: str | None = None, **about: Any) -> None:
    """Writes the line. A task carries no arguments that tell of a patient, and none is written."""
    began = _began.pop(task_id, None)
    took = {} if began is None else {"ms": round((time.perf_counter() - began) * 1000)}
    logger.info("task", extra={"fields": {"task": task.name, "state": state or "", **took, "id": task_id}})
