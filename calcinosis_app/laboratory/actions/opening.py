"""Writing down who looked at a file of results, or at the queue."""

from django.db import transaction

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import LABORATORY_IMPORT
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.laboratory.models import Import


@transaction.atomic
def note_opened(*, by: User, source: Import) -> None:
    """Its lines name patients: looking at them is an event."""
    require(by, LABORATORY_IMPORT, source)
    record(by=by, action="import.opened", subject=source)


@transaction.atomic
def note_queue_opened(*, by: User) -> None:
    """The lines that wait name patients, too."""
    require(by, LABORATORY_IMPORT)
    if by.clinic is not None:
        record(by=by, action="queue.opened", subject=by.clinic)
