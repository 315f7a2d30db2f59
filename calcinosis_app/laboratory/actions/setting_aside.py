"""Ending a line in the queue that no mapping can mend."""

from django.db import transaction

from calcinosis_app.accounts.models import User
from calcinosis_app.accounts.permissions import LABORATORY_IMPORT
from calcinosis_app.accounts.policy import require
from calcinosis_app.audit.actions import record
from calcinosis_app.laboratory.fates import TO_LOOK_AT, Fate, Reason
from calcinosis_app.laboratory.models import Line


@transaction.atomic
def set_aside(*, by: User, line: Line, why: str) -> bool:
    """Takes a refused line out of the queue, with the reason; the line stays as it came. False when it is there no more."""
    require(by, LABORATORY_IMPORT, line)
    say = f"Set aside by {by.display_name}: {' '.join(why.split())}"
    waiting = Line.objects.filter(pk=line.pk, fate=Fate.REFUSED, reason__in=TO_LOOK_AT)
    if not waiting.update(fate=Fate.IGNORED, reason=Reason.SET_ASIDE, say=say):
        return False
    record(by=by, action="line.set_aside", subject=line, source=line.source_id, was=line.reason)
    return True
