"""Working imports off: a file becomes lines, lines get their fates, a batch at a time.

The rows are the queue. Whoever works holds the import's row; a second worker passes it by. Each batch is one
transaction: a worker that is killed leaves what it had begun as it was, and the next one goes on there.
"""

import logging
import time
from collections.abc import Iterator
from itertools import islice

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.http import Http404
from django.utils import timezone

from calcinosis_app.accounts.permissions import LABORATORY_IMPORT
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.core.acting import acting
from calcinosis_app.laboratory.actions.judge_lines import judge_lines
from calcinosis_app.laboratory.fates import Fate
from calcinosis_app.laboratory.files import FileRefused, open_table
from calcinosis_app.laboratory.models import Import, Line
from calcinosis_app.laboratory.models.importing import State
from calcinosis_app.laboratory.selectors import counts_of, unfinished_imports

BATCH = 1000
BETWEEN_LOOKS_SECONDS = 0.2
logger = logging.getLogger(__name__)


def work_on(*, seconds: float) -> bool:
    """Works for about so long on what waits, the oldest import first. Returns whether something is left.

    Raises nothing: an import with which something is wrong stops, and must not hold up the others.
    """
    until = time.monotonic() + seconds
    for source in unfinished_imports():
        try:
            while time.monotonic() < until and _one_step(source):
                pass
        except OperationalError:  # the database went away, or two waited for each other: the next ring tries again
            logger.warning("Import %s waits: the database did not answer.", source.pk)
        except Exception as error:  # one import must not hold up the others, nor the worker
            # The error's own text may repeat a row, so only its kind is logged.
            logger.error("Import %s was stopped by %s.", source.pk, type(error).__name__)
            _stop(source)
        if time.monotonic() >= until:
            return unfinished_imports().exists()
    return False


def work_off(source: Import) -> Import:
    """Works on one import until nothing is left to do, together with a worker that may be at it already."""
    while True:
        if not _one_step(source):
            source = Import.objects.select_related("clinic", "run_by").get(pk=source.pk)
            if not source.unfinished:
                return source
            time.sleep(BETWEEN_LOOKS_SECONDS)


@transaction.atomic
def _stop(source: Import) -> None:
    """Nothing is retried for ever: a person has to look."""
    held = Import.objects.select_for_update(of=("self",)).select_related("clinic", "run_by__clinic").filter(pk=source.pk).first()
    if held is not None and held.unfinished:
        _end(held, State.STOPPED, "Something in this file could not be worked on. Go on once; if it stops again, tell the administrator.")


@transaction.atomic
def _one_step(source: Import) -> bool:
    """Reads the file, or judges one batch of lines. False when there is nothing to do, or somebody else is at it."""
    free = Import.objects.select_for_update(skip_locked=True, of=("self",))
    held = free.select_related("clinic", "run_by__clinic").filter(pk=source.pk).first()
    if held is None or not held.unfinished:
        return False
    try:
        require(held.run_by, LABORATORY_IMPORT, held)
    except (PermissionDenied, Http404):
        _end(held, State.STOPPED, f"{held.run_by} may no longer import results. Somebody else can run it again.")
        return False
    with acting(held.run_by):
        return _go_on(held)


def _go_on(held: Import) -> bool:
    """One step of a held import, in the name of the person who runs it."""
    if held.state == State.RECEIVED:
        _read(held)
        return True
    lines = list(Line.objects.filter(source=held, fate=Fate.WAITING).order_by("row")[:BATCH])
    if not lines:
        _end(held, State.DONE, "")
        return False
    judge_lines(source=held, lines=lines)
    return True


def _read(held: Import) -> None:
    """The lines of the file as rows; its bytes are thrown away, whether it could be read or not."""
    stored = held.file
    try:
        with transaction.atomic():
            for lines in _batches(held, bytes(stored.content)):
                Line.objects.bulk_create(lines)
        held.state = State.WORKING
        held.save(update_fields=["state"])
    except FileRefused as refused:
        _end(held, State.FAILED, str(refused))
    stored.delete()


def _batches(held: Import, content: bytes) -> Iterator[list[Line]]:
    lines = (Line(source=held, row=line.row, cells=line.cells, spoiled=line.spoiled) for line in open_table(content, held.written).lines)
    while batch := list(islice(lines, BATCH)):
        yield batch


def _end(held: Import, state: State, say: str) -> None:
    held.state, held.say, held.finished_at = state, say, timezone.now()
    held.save(update_fields=["state", "say", "finished_at"])
    counts = counts_of(held)
    record(
        by=held.run_by,
        action="import.ended",
        subject=held,
        state=state,
        committed=held.committed,
        imported=counts.imported,
        ignored=counts.ignored,
        refused=counts.refused,
    )
